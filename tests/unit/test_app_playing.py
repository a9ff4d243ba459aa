"""Conversation tests are played in a process that has nothing of the running server."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from chatcrew.app.playing import NICE, ProcessPlayer
from chatcrew.app.verdicts import Verdict
from chatcrew.settings import Settings

PLAYER = """\
import json, os, pathlib, signal, sys, time
here = pathlib.Path({folder!r})
def ended(*_):
    (here / "ended").write_text("by Ctrl-C")
    sys.exit(130)
signal.signal(signal.SIGINT, ended)
last = time.monotonic() + 10
while os.nice(0) < {nice} and time.monotonic() < last:
    time.sleep(0.01)
row = dict(words=sys.argv[1:], nice=os.nice(0), environment=dict(os.environ))
(here / "calls").open("a").write(json.dumps(row) + "\\n")
print("not a report")
for line in {lines!r}:
    print(line, flush=True)
time.sleep({seconds})
sys.exit({code})
"""
FAILURE = {
    "kind": "contains",
    "file": "x.tests.yaml",
    "line": 4,
    "says": "Oi",
    "expected": "9h",
    "got": "",
    "read": "8h",
    "reason": "faq",
    "rungs": [],
}


def _said(tenant: str, content: str, *failures: dict) -> str:
    played = {"name": "horário", "failures": list(failures)}
    return json.dumps({"tenant": tenant, "content": content, "conversations": [played]})


class Stage:
    """A program in place of ours, and what was kept of its reports."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept: list[Verdict] = []
        self.settings = Settings(
            data_dir=folder / "data", config_dir=folder / "config", crews_dir=folder / "crews"
        )

    async def keep(self, verdict: Verdict) -> None:
        """Keep it."""
        self.kept.append(verdict)

    def player(
        self, *lines: str, seconds: float = 0.0, code: int = 0, patience: float = 30.0
    ) -> ProcessPlayer:
        """Return a player by a program that says these lines."""
        path, folder = self.folder / "player.py", str(self.folder)
        values = {"lines": list(lines), "seconds": seconds, "code": code, "nice": NICE}
        path.write_text(PLAYER.format(folder=folder, **values), "utf-8")
        command = [sys.executable, str(path)]
        return ProcessPlayer(self.settings, command=command, patience=patience, each=0.0)

    @property
    def calls(self) -> list[dict]:
        """How the program was called."""
        path = self.folder / "calls"
        return [json.loads(row) for row in path.read_text("utf-8").splitlines()]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """Return an empty stage."""
    return Stage(tmp_path)


async def test_all_are_played_in_one_process_and_each_is_kept(stage: Stage) -> None:
    """What failed keeps its place and its words; other lines are none of ours."""
    player = await asyncio.to_thread(
        stage.player, _said("d/a", "1"), _said("d/b", "2", FAILURE), _said("d/x", "3"), code=1
    )

    await player.play({"d/a": "1", "d/b": "2"}, kept=stage.keep)

    passed, failed = stage.kept
    assert passed == Verdict("1", "d/a", ())
    assert (failed.content, failed.tenant) == ("2", "d/b")
    wanted = {key: FAILURE[key] for key in ("kind", "file", "line", "expected", "got", "read")}
    assert failed.failures == ({**wanted, "name": "horário"},)
    assert [one["words"] for one in stage.calls] == [
        ["test", "d/a", "d/b", "--json", "--parent", str(os.getpid())]
    ]


async def test_it_gets_nothing_of_the_running_server_and_steps_back_behind_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not its database, cache, counters or key; what answers customers goes first (N11)."""
    ours = {
        "CHATCREW_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/real",
        "CHATCREW_REDIS_URL": "redis://127.0.0.1:1",
        "PROMETHEUS_MULTIPROC_DIR": str(stage.folder),
        "OPENAI_API_KEY": "sk-real",
    }
    for name, value in ours.items():
        monkeypatch.setenv(name, value)
    player = await asyncio.to_thread(stage.player)

    await player.play({"d/a": "1"}, kept=stage.keep)

    (call,) = stage.calls
    assert not ours.keys() & call["environment"].keys()
    assert call["environment"]["CHATCREW_DATA_DIR"] == str(stage.settings.data_dir)
    assert call["nice"] == os.nice(0) + NICE


async def test_files_that_changed_meanwhile_leave_no_verdict(stage: Stage) -> None:
    """What was played was something else."""
    player = await asyncio.to_thread(stage.player, _said("d/a", "other"))

    await player.play({"d/a": "1"}, kept=stage.keep)

    assert stage.kept == []


@pytest.mark.parametrize(("code", "seconds"), [(2, 0.0), (0, 60.0)])
async def test_of_whom_nothing_is_heard_could_not_be_played(
    stage: Stage, code: int, seconds: float
) -> None:
    """A machine too small for tests must still take an admin's change; no process stays behind."""
    player = await asyncio.to_thread(
        stage.player, seconds=seconds, code=code, patience=1.5 if seconds else 30.0
    )

    await player.play({"d/a": "1"}, kept=stage.keep)

    assert stage.kept == [Verdict("1", "d/a", None)]
    assert (stage.folder / "ended").exists() is bool(seconds)


async def test_a_program_that_cannot_be_started_plays_nothing(stage: Stage) -> None:
    """No memory, no process numbers: nothing is raised."""
    player = ProcessPlayer(stage.settings, command=[str(stage.folder / "gone")])

    await player.play({"d/a": "1"}, kept=stage.keep)

    assert stage.kept == [Verdict("1", "d/a", None)]


async def test_a_play_nobody_waits_for_is_ended_as_by_ctrl_c(stage: Stage) -> None:
    """So that it takes its database along; nothing is kept of it."""
    player = await asyncio.to_thread(stage.player, seconds=60.0)
    playing = asyncio.create_task(player.play({"d/a": "1"}, kept=stage.keep))
    async with asyncio.timeout(20):
        while not await asyncio.to_thread((stage.folder / "calls").exists):
            await asyncio.sleep(0.01)

    playing.cancel()
    await asyncio.gather(playing, return_exceptions=True)

    assert await asyncio.to_thread((stage.folder / "ended").exists)
    assert stage.kept == []
