"""A version whose conversation tests fail is refused; what cannot be played refuses nothing."""

import asyncio
import shutil
import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from chatcrew import tools
from chatcrew.app.rehearsal import Rehearsal
from chatcrew.app.reload import Files, Hooks, Reloader
from chatcrew.clock import SystemClock
from chatcrew.settings import Settings
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Directory, check

ROOT = Path(__file__).parents[2]
FAILING = """\
conversations:
  - name: cumprimenta
    customer:
      - says: Oi!
        contains: Até logo
"""
PLAYER = """\
import json, pathlib, sys, time
with pathlib.Path({calls!r}).open("a") as file:
    file.write(" ".join(sys.argv[1:]) + "\\n")
time.sleep({seconds})
failure = {{"kind": "contains", "file": "x.tests.yaml", "line": 4, "expected": "9h", "read": "8h"}}
played = {{"name": "horário", "failures": [failure] if {code} == 1 else []}}
if {code} < 2:
    print(json.dumps({{"ok": {code} == 0, "conversations": [played]}}))
sys.exit({code})
"""


@pytest.fixture
def installation(tmp_path, monkeypatch):
    """Return settings, configuration and the clinic of a copy of the shipped files."""
    shutil.copytree(ROOT / "config" / "domains" / "health", tmp_path / "config/domains/health")
    shutil.copytree(ROOT / "crews", tmp_path / "crews")
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        "version: 1\naccounts: {a: {account_id: 1, base_url: http://127.0.0.1:1, tenant: "
        "health/varizemed, bots: {b: {agent_bot_id: 1, token: env:T, signature: required, "
        "secrets: {agent_bot: [env:S]}}}}}\n",
        "utf-8",
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("T", "token")
    monkeypatch.setenv("S", "secret")
    settings = Settings(mapping=mapping, data_dir=tmp_path / "data")
    report = check(
        mapping, settings.config_dir, settings.crews_dir, tools=tools.names(), read_secrets=False
    )
    assert report.configuration is not None, report.lines()
    return settings, report.configuration, [report.configuration.tenants["health/varizemed"]]


def _player(folder: Path, *, code: int, seconds: float = 0.0) -> tuple[list[str], Path]:
    """Return a program in place of ours, and the file in which it writes down its calls."""
    calls, script = folder / "calls", folder / "player.py"
    script.write_text(PLAYER.format(calls=str(calls), code=code, seconds=seconds), "utf-8")
    return [sys.executable, str(script)], calls


async def test_a_business_that_fails_its_own_conversations_is_refused(installation):
    """The whole way: the program is started, plays, and its failure becomes a fault."""
    settings, coming, changed = installation
    path = Path("config/domains/health/varizemed.tests.yaml")
    await asyncio.to_thread(path.write_text, FAILING, "utf-8")

    (fault,) = await Rehearsal(settings).approve(coming, changed)

    assert (fault.code, fault.line) == ("conversation_failed", 4)
    assert fault.file.endswith("health/varizemed.tests.yaml")
    assert "'cumprimenta' fails: contains 'Até logo'" in str(fault)
    assert "chatcrew test health/varizemed mostra" in fault.render("pt-BR")


async def test_a_reload_that_breaks_a_conversation_leaves_the_version_in_force(installation):
    """Nothing of the change comes, and health shows why; mended, all of it comes."""
    settings, first, _ = installation
    directory, metrics = Directory(first), Metrics()
    reloader = Reloader(
        directory,
        Files.of(settings),
        tools=tools.names(),
        metrics=metrics,
        clock=SystemClock(),
        hooks=Hooks(approve=Rehearsal(settings).approve),
        settle=0.01,
    )
    clinic = Path("config/domains/health/varizemed.yaml")
    tests = Path("config/domains/health/varizemed.tests.yaml")
    text = await asyncio.to_thread(clinic.read_text, "utf-8")
    await asyncio.to_thread(tests.write_text, FAILING.replace("Até logo", "Clara"), "utf-8")
    await reloader.look()

    await asyncio.to_thread(clinic.write_text, text.replace("name: Clara", "name: Ana"), "utf-8")
    refused = await reloader.look()

    assert not refused
    assert directory.current is first
    assert reloader.status() == {"version": first.version, "faults": 1}
    await asyncio.to_thread(clinic.write_text, text.replace("tone: ", "tone: muito "), "utf-8")
    assert await reloader.look()
    assert directory.current.version != first.version
    assert reloader.status()["faults"] == 0


async def test_processes_that_reload_together_play_once(installation, tmp_path):
    """The second reads what came of it; other tests are played anew."""
    settings, coming, changed = installation
    command, calls = _player(tmp_path, code=1)
    many = [Rehearsal(settings, command=command) for _ in range(3)]

    found = await asyncio.gather(*(one.approve(coming, changed) for one in many))

    assert [[fault.code for fault in one] for one in found] == [["conversation_failed"]] * 3
    assert calls.read_text("utf-8").splitlines() == ["test health/varizemed --json"]
    path = settings.config_dir / "domains/health/varizemed.tests.yaml"
    path.write_text(FAILING, "utf-8")
    await many[0].approve(coming, changed)
    assert len(calls.read_text("utf-8").splitlines()) == 2


async def test_conversations_that_go_well_refuse_nothing(installation, tmp_path):
    """Also the second time, when nothing is played."""
    settings, coming, changed = installation
    command, calls = _player(tmp_path, code=0)
    rehearsal = Rehearsal(settings, command=command)

    assert [await rehearsal.approve(coming, changed) for _ in range(2)] == [[], []]
    assert len(calls.read_text("utf-8").splitlines()) == 1


@pytest.mark.parametrize(("code", "seconds"), [(2, 0.0), (0, 60.0)])
async def test_what_cannot_be_played_is_told_and_refuses_nothing(
    installation, tmp_path, code, seconds
):
    """A machine too small for tests must still take an admin's change; it is tried next time."""
    settings, coming, changed = installation
    command, calls = _player(tmp_path, code=code, seconds=seconds)
    rehearsal = Rehearsal(settings, command=command, patience=1.0 if seconds else 30.0)

    with capture_logs() as logs:
        found = await rehearsal.approve(coming, changed)
        await rehearsal.approve(coming, changed)

    assert list(found) == []
    assert [one["event"] for one in logs] == ["config.not_rehearsed"] * 2
    assert logs[0]["tenant"] == "health/varizemed"
    assert len(calls.read_text("utf-8").splitlines()) == 2


async def test_without_tests_nothing_is_started(installation, tmp_path):
    """Most businesses begin without."""
    settings, coming, changed = installation
    command, calls = _player(tmp_path, code=1)
    (settings.config_dir / "domains/health/varizemed.tests.yaml").unlink()

    assert list(await Rehearsal(settings, command=command).approve(coming, changed)) == []
    assert not calls.exists()
