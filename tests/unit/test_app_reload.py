"""Files change under a running process: the new version comes whole, or the old one stays."""

import asyncio
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from chatcrew.app.reload import Files, Hooks, Reloader
from chatcrew.clock import SystemClock
from chatcrew.errors import StoreError
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Configuration, Directory, Fault, Tenant, load

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"
TOOLS = frozenset({"search_knowledge", "handoff", "available_slots"})
SECRETS = ("ACME_TOKEN", "ACME_NEW", "ACME_OLD", "ACME_I32", "ACME_PATH")


class Installation:
    """A reloader over a copy of the sample, and what it was asked to do."""

    def __init__(self, folder: Path, files: Files, first: Configuration) -> None:
        self.folder = folder
        self.files = files
        self.directory = Directory(first)
        self.metrics = Metrics()
        self.prepared: list[list[str]] = []
        self.away = False
        self.objections: list[Fault] = []
        self.reloader = Reloader(
            self.directory,
            self.files,
            tools=TOOLS,
            metrics=self.metrics,
            clock=SystemClock(),
            hooks=Hooks(approve=self._approve, prepare=self._prepare),
            settle=0.01,
        )

    @classmethod
    async def opened(cls, folder: Path) -> "Installation":
        """Load what lies in ``folder``."""
        places = (folder / "chatwoot_mapping.yaml", folder / "config", folder / "crews")
        first = await asyncio.to_thread(load, *places, tools=TOOLS)
        return cls(folder, Files(*places), first)

    async def _prepare(self, coming: Configuration, changed: Sequence[Tenant]) -> None:
        """Note who changed; what is prepared is not in force yet."""
        assert self.directory.current.version != coming.version
        if self.away:
            raise StoreError("away")
        self.prepared.append([one.key for one in changed])

    async def _approve(self, coming: Configuration, changed: Sequence[Tenant]) -> Sequence[Fault]:
        return self.objections

    @property
    def own(self) -> Path:
        """One business's file."""
        return self.files.config_dir / "domains/shop/outlet.yaml"

    @property
    def name(self) -> str:
        """What that business's bot is called in the version in force."""
        return self.directory.current.tenants["shop/outlet"].persona.name

    def call_it(self, name: str) -> None:
        """Edit the bot's name as an editor that replaces the file does."""
        text = self.own.read_text("utf-8")
        before = text.partition("name: ")[2].partition(",")[0]
        fresh = self.own.with_suffix(".yaml~")
        fresh.write_text(text.replace(f"name: {before},", f"name: {name},"), "utf-8")
        fresh.rename(self.own)

    def gauge(self, name: str) -> float:
        """Return a gauge from the exposition."""
        rows = self.metrics.exposition({}).decode().splitlines()
        return next(float(row.rsplit(" ", 1)[1]) for row in rows if row.startswith(name))


@pytest.fixture
async def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """Return an installation whose files were looked at once."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    for name in SECRETS:
        monkeypatch.setenv(name, "x")
    installation = await Installation.opened(tmp_path)
    assert not await installation.reloader.look()
    return installation


async def test_an_edit_comes_into_force_with_its_version(here: Installation) -> None:
    """Only the tenant whose values changed is prepared (S2-07)."""
    before = here.directory.current
    here.call_it("Lia")

    assert await here.reloader.look()

    assert here.name == "Lia"
    assert here.prepared == [["shop/outlet"]]
    assert here.directory.get(before.version) is before
    assert here.reloader.status() == {"version": here.directory.current.version, "faults": 0}
    assert here.gauge(f'chatcrew_config_version{{version="{before.version}"}}') == 0
    assert here.gauge(f'chatcrew_config_version{{version="{here.directory.current.version}"}}') == 1


async def test_untouched_files_are_not_read_again(here: Installation) -> None:
    """A look at rest costs a few calls of stat."""
    os.utime(here.own)  # another time, the same words
    assert not await here.reloader.look()
    assert not await here.reloader.look()
    assert here.prepared == []


async def test_a_broken_file_leaves_everything_as_it_was(here: Installation) -> None:
    """Logged once with file, line and column; metric and health show it until it is mended."""
    before = here.directory.current
    mapping = here.files.mapping
    good = mapping.read_text("utf-8")
    mapping.write_text(good.replace("whatsapp}", "whatsap}", 1), "utf-8")
    with capture_logs() as logs:
        assert not await here.reloader.look()
        here.call_it("Lia")
        assert not await here.reloader.look()

    assert here.directory.current is before
    assert here.gauge("chatcrew_config_faults") == 1
    status = here.reloader.status()
    assert (status["version"], status["faults"]) == (before.version, 1)
    faults = [entry["fault"] for entry in logs if entry["event"] == "config.fault"]
    assert len(faults) == 1
    assert faults[0].startswith("chatwoot_mapping.yaml:14:14: accounts.acme.inboxes.31.channel: ")

    mapping.write_text(good, "utf-8")
    with capture_logs() as logs:
        assert await here.reloader.look()
    assert here.name == "Lia"
    assert here.gauge("chatcrew_config_faults") == 0
    assert "config.mended" in [entry["event"] for entry in logs]


@pytest.mark.parametrize("folder", ["config", "crews"])
async def test_a_folder_that_is_deleted_and_made_again(here: Installation, folder: str) -> None:
    """``git checkout`` and careless copies do that; the bot answers on (never harmed)."""
    before = here.directory.current
    kept = here.folder / "elsewhere"
    shutil.move(here.folder / folder, kept)

    assert not await here.reloader.look()
    assert here.directory.current is before
    assert here.gauge("chatcrew_config_faults") > 0

    shutil.copytree(kept, here.folder / folder)
    here.call_it("Lia")
    assert await here.reloader.look()
    assert here.name == "Lia"


async def test_half_of_a_save_is_waited_out(here: Installation) -> None:
    """What is still being written is not read: half a file may be valid and say less."""
    whole = here.own.read_bytes().replace("Léo".encode(), b"Lia")
    half = whole.partition(b"functions")[0]
    steps = iter([half, half + b"functions: [", whole])
    clock = _Writing(lambda: here.own.write_bytes(next(steps, whole)), times=3)
    here.reloader._clock = clock
    here.own.write_bytes(b"persona: {name: Lia")

    with capture_logs() as logs:
        assert await here.reloader.look()

    assert here.name == "Lia"
    assert [entry["event"] for entry in logs] == ["config.reloaded"]


class _Writing(SystemClock):
    """A clock during whose pauses somebody writes."""

    def __init__(self, write: Callable[[], object], *, times: int) -> None:
        self._write = write
        self._times = times

    async def sleep(self, seconds: float) -> None:
        """Let the writer make a step instead of waiting."""
        if self._times > 0:
            self._times -= 1
            await asyncio.to_thread(self._write)


async def test_a_secret_that_vanished_is_a_fault(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version whose bot cannot sign in does not replace one that can (S0-11)."""
    before = here.directory.current
    monkeypatch.delenv("ACME_TOKEN")
    here.call_it("Lia")

    assert not await here.reloader.look()
    assert here.directory.current is before
    assert here.gauge("chatcrew_config_faults") == 1

    monkeypatch.setenv("ACME_TOKEN", "x")
    here.call_it("Bia")
    assert await here.reloader.look()


async def test_a_secret_that_was_never_there_does_not_hold_an_edit_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server started without it and says so; other bots' texts may still change."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    for name in SECRETS[1:]:
        monkeypatch.setenv(name, "x")
    monkeypatch.delenv(SECRETS[0], raising=False)
    here = await Installation.opened(tmp_path)
    assert not await here.reloader.look()
    assert here.gauge("chatcrew_config_faults") == 1
    here.call_it("Lia")

    assert await here.reloader.look()
    assert here.gauge("chatcrew_config_faults") == 1


async def test_a_secret_file_that_goes_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file is looked at like the YAML that refers to it, and nothing is swapped."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    for name in SECRETS:
        monkeypatch.setenv(name, "x")
    token = tmp_path / "token"
    token.write_text("t", "utf-8")
    mapping = tmp_path / "chatwoot_mapping.yaml"
    text = mapping.read_text("utf-8").replace("env:ACME_TOKEN", "file:token")
    mapping.write_text(text, "utf-8")
    here = await Installation.opened(tmp_path)
    assert not await here.reloader.look()
    assert here.gauge("chatcrew_config_faults") == 0

    token.unlink()
    assert not await here.reloader.look()
    assert here.gauge("chatcrew_config_faults") == 1

    token.write_text("t2", "utf-8")
    assert not await here.reloader.look()
    assert here.gauge("chatcrew_config_faults") == 0


async def test_a_database_that_is_away_is_tried_again(here: Installation) -> None:
    """Knowledge is there before the version that speaks of it, or the version does not come."""
    here.call_it("Lia")
    here.away = True
    assert not await here.reloader.look()
    assert here.name == "Léo"

    here.away = False
    assert await here.reloader.look()
    assert here.name == "Lia"


async def test_what_is_not_approved_does_not_come(here: Installation) -> None:
    """Conversation tests that fail are faults like any other."""
    here.objections = [Fault("not_a_map", file="x.tests.yaml", line=3, found="text")]
    here.call_it("Lia")
    assert not await here.reloader.look()
    assert here.name == "Léo"
    assert here.prepared == []
    assert here.gauge("chatcrew_config_faults") == 1

    here.objections = []
    here.call_it("Bia")
    assert await here.reloader.look()
    assert here.name == "Bia"
