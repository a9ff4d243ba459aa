"""A version whose conversation tests fail is refused, by all processes that share a database."""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from chatcrew import tools
from chatcrew.app.configuration import proven
from chatcrew.app.kept import keep
from chatcrew.app.playing import Keep, ProcessPlayer
from chatcrew.app.rehearsal import Rehearsal
from chatcrew.app.reload import Files, Hooks, Reloader
from chatcrew.app.verdicts import MemoryVerdicts, Verdict
from chatcrew.clock import SystemClock
from chatcrew.settings import Settings
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Configuration, Directory, Tenant, check

ROOT = Path(__file__).parents[2]
CLINIC = "health/varizemed"
OWN = Path("config/domains/health/varizemed.yaml")
TESTS = Path("config/domains/health/varizemed.tests.yaml")
FAILING = """\
conversations:
  - name: cumprimenta
    customer:
      - says: Oi!
        contains: Até logo
"""
ROW = {
    "file": "x.tests.yaml",
    "line": 4,
    "kind": "contains",
    "expected": "9h",
    "got": "",
    "read": "Abrimos às 8h.",
    "name": "horário",
}


class ScriptedPlayer:
    """Finds what it is told to find; plays as long as it is held."""

    def __init__(self, failures: tuple[Mapping[str, object], ...] | None = ()) -> None:
        self.failures = failures
        self.played: list[list[str]] = []
        self.go = asyncio.Event()
        self.go.set()
        self.begun = asyncio.Event()
        self.ended = 0

    async def play(self, contents: Mapping[str, str], *, kept: Keep) -> None:
        """Write down who was played."""
        self.played.append(sorted(contents))
        self.begun.set()
        try:
            await self.go.wait()
            for tenant, wanted in contents.items():
                await kept(Verdict(wanted, tenant, self.failures))
        finally:
            self.ended += 1


class Machine:
    """The files of one machine, a copy of the clinic's, and its processes."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.verdicts = MemoryVerdicts()

    def load(self) -> Configuration:
        """Return what the files say."""
        own = self.settings
        report = check(
            own.mapping, own.config_dir, own.crews_dir, tools=tools.names(), read_secrets=False
        )
        assert report.configuration is not None, report.lines()
        return report.configuration

    def rehearsal(self, player: object = None, **options: object) -> Rehearsal:
        """Return one process's; without a player it goes by what others find."""
        clock = SystemClock()
        return Rehearsal(self.settings, self.verdicts, clock=clock, player=player, **options)

    def reloader(self, directory: Directory, rehearsal: Rehearsal) -> Reloader:
        """Return a process's reloader."""
        return Reloader(
            directory,
            Files.of(self.settings),
            tools=tools.names(),
            metrics=Metrics(),
            clock=SystemClock(),
            hooks=Hooks(approve=rehearsal.approve),
            settle=0.01,
        )


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Return a machine on whose files we stand."""
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
    TESTS.write_text(FAILING, "utf-8")
    return Machine(Settings(mapping=mapping, data_dir=tmp_path / "data"))


@pytest.fixture
def edit() -> Callable[..., None]:
    """Return what replaces words in a file."""

    def edit(before: str, after: str, path: Path = OWN) -> None:
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after), "utf-8")

    return edit


async def _clinic(machine: Machine) -> tuple[Configuration, list[Tenant]]:
    found = await asyncio.to_thread(machine.load)
    return found, [found.tenants[CLINIC]]


async def test_a_business_that_fails_its_own_conversations_is_refused(machine: Machine) -> None:
    """The whole way: the program is started, plays, and its failure becomes a fault (N11)."""
    coming, changed = await _clinic(machine)

    found = await machine.rehearsal(ProcessPlayer(machine.settings)).approve(coming, changed)

    (fault,) = found
    assert (fault.code, fault.line) == ("conversation_failed", 4)
    assert fault.file.endswith("health/varizemed.tests.yaml")
    assert "'cumprimenta' fails: wanted contains 'Até logo', got '" in str(fault)
    assert "chatcrew test health/varizemed mostra" in fault.render("pt-BR")


async def test_one_plays_and_all_decide_the_same(machine: Machine) -> None:
    """Two workers and an ingress: the first plays, the others read what came of it."""
    coming, changed = await _clinic(machine)
    players = [ScriptedPlayer((ROW,)), ScriptedPlayer((ROW,))]
    many = [*(machine.rehearsal(one) for one in players), machine.rehearsal()]

    found = await asyncio.gather(*(one.approve(coming, changed) for one in many))

    assert [[fault.code for fault in one] for one in found] == [["conversation_failed"]] * 3
    assert sum(len(one.played) for one in players) == 1
    assert "got 'Abrimos às 8h.'" in str(found[2][0])


async def test_who_does_not_play_waits_but_not_for_ever(machine: Machine) -> None:
    """Without any worker a mapping still comes into force some time, and that is told."""
    coming, changed = await _clinic(machine)

    with capture_logs() as logs:
        found = await machine.rehearsal(patience=0.0).approve(coming, changed)

    assert list(found) == []
    assert [one["event"] for one in logs] == ["config.not_rehearsed"]


async def test_the_old_version_serves_until_the_new_one_has_passed(machine, edit) -> None:
    """Health says who is coming; then it swaps."""
    first, _ = await _clinic(machine)
    player, directory = ScriptedPlayer(), Directory(first)
    reloader = machine.reloader(directory, machine.rehearsal(player))
    await reloader.look()
    player.begun.clear()
    player.go.clear()
    await asyncio.to_thread(edit, "name: Clara", "name: Ana")

    looking = asyncio.create_task(reloader.look())
    await player.begun.wait()
    assert directory.current is first
    async with asyncio.timeout(10):
        while "coming" not in reloader.status():
            await asyncio.sleep(0.01)
    player.go.set()

    assert await looking
    assert directory.current.tenants[CLINIC].persona.name == "Ana"
    assert reloader.status() == {"version": directory.current.version, "faults": 0}


async def test_an_edit_that_breaks_a_conversation_is_refused_and_a_mended_one_comes(
    machine, edit
) -> None:
    """Nothing of the change comes, and health shows why; mended, all of it comes."""
    first, _ = await _clinic(machine)
    player, directory = ScriptedPlayer(), Directory(first)
    reloader = machine.reloader(directory, machine.rehearsal(player))
    await reloader.look()

    player.failures = (ROW,)
    await asyncio.to_thread(edit, "name: Clara", "name: Ana")
    assert not await reloader.look()
    assert directory.current is first
    status = reloader.status()
    assert (status["version"], status["faults"]) == (first.version, 1)
    assert status["in_force"] is False
    assert "chatcrew test health/varizemed" in str(status["messages"])

    player.failures = ()
    await asyncio.to_thread(edit, "name: Ana", "name: Beatriz")
    assert await reloader.look()
    assert reloader.status() == {"version": directory.current.version, "faults": 0}


async def test_who_mends_a_mistake_does_not_wait_for_its_play_to_end(machine, edit) -> None:
    """A play nobody needs any more is ended, and the next one begins."""
    first, _ = await _clinic(machine)
    player, directory = ScriptedPlayer(), Directory(first)
    reloader = machine.reloader(directory, machine.rehearsal(player))
    await reloader.look()
    player.begun.clear()
    player.go.clear()
    await asyncio.to_thread(edit, "name: Clara", "name: Ana")
    looking = asyncio.create_task(reloader.look())
    await player.begun.wait()

    await asyncio.to_thread(edit, "name: Ana", "name: Beatriz")
    assert not await looking
    assert player.ended == 2
    player.go.set()
    assert await reloader.look()

    assert directory.current.tenants[CLINIC].persona.name == "Beatriz"


async def test_the_first_version_is_in_force_though_it_fails_and_says_so(machine) -> None:
    """Silence would be worse; a test that is mended takes the fault away (issue 4)."""
    first, _ = await _clinic(machine)
    player, directory = ScriptedPlayer((ROW,)), Directory(first)
    reloader = machine.reloader(directory, machine.rehearsal(player))

    with capture_logs() as logs:
        await reloader.look()

    assert directory.current is first
    assert reloader.status()["faults"] == 1
    assert [one["event"] for one in logs] == ["config.failing", "config.fault"]
    player.failures = ()
    await asyncio.to_thread(TESTS.write_text, FAILING.replace("Até logo", "Clara"), "utf-8")
    await reloader.look()
    assert reloader.status()["faults"] == 0


@pytest.mark.parametrize(
    ("passed", "begins_with"), [(None, "Clara"), (False, "Clara"), (True, "Ana")]
)
async def test_a_restart_is_no_way_around_the_tests(machine, edit, passed, begins_with) -> None:
    """Files edited while the server was down come only once they have passed."""
    last, _ = await _clinic(machine)
    await asyncio.to_thread(keep, machine.settings, last.version)
    await asyncio.to_thread(edit, "name: Clara", "name: Ana")
    coming, changed = await _clinic(machine)
    rehearsal = machine.rehearsal(ScriptedPlayer(() if passed else (ROW,)))
    if passed is not None:
        await rehearsal.approve(coming, changed)

    found = await proven(Directory(coming), machine.settings, rehearsal)

    assert found.current.tenants[CLINIC].persona.name == begins_with


async def test_a_restart_takes_what_no_test_is_about(machine, edit) -> None:
    """Most edits of most businesses come at once, as before."""
    await asyncio.to_thread(TESTS.unlink)
    last, _ = await _clinic(machine)
    await asyncio.to_thread(keep, machine.settings, last.version)
    await asyncio.to_thread(edit, "name: Clara", "name: Ana")
    coming, _ = await _clinic(machine)
    player = ScriptedPlayer((ROW,))

    found = await proven(Directory(coming), machine.settings, machine.rehearsal(player))

    assert found.current is coming
    assert not player.played
