"""Hot reload: files change, and the next turn runs with them, or everything stays as it was."""

import asyncio
import contextlib
import gc
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatcrew.app.approval import unless_changed
from chatcrew.app.news import News
from chatcrew.app.watching import Stamp, Watching, stamp
from chatcrew.clock import Clock
from chatcrew.errors import StoreError
from chatcrew.settings import Settings
from chatcrew.telemetry import Metrics, get_logger, place
from chatcrew.tenancy import Configuration, Directory, Fault, Memory, Report, Tenant, check
from chatcrew.tenancy.content import touched

_log = get_logger("config")

LOOK_EVERY = 2.0
"""Seconds after which the files are looked at even though nobody told of a change."""
SETTLE = 0.2
"""Seconds the files must rest: an editor writes in several steps, a copy takes its time."""
LONGEST_SETTLE = 5.0
"""Files that never rest are read all the same after so many seconds."""


@dataclass(frozen=True, slots=True)
class Files:
    """Where everything an admin edits lies."""

    mapping: Path
    config_dir: Path
    crews_dir: Path

    @classmethod
    def of(cls, settings: Settings) -> "Files":
        """Return the places that the settings name."""
        return cls(settings.mapping, settings.config_dir, settings.crews_dir)


Changed = Sequence[Tenant]
Approve = Callable[[Configuration, Changed], Awaitable[Sequence[Fault]]]


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a process does about a new version; each may be None.

    Attributes:
        approve: returns why the version must not come into force, such as conversation tests that
            fail; gets it and the tenants that may answer otherwise. Asked of the version in force,
            too, with all of them: then it is only told.
        prepare: makes the process ready for it before it is in force; ``StoreError`` where that
            cannot be done now, it is tried again.
        keep: called in a thread with each version that came from the files as they are.
    """

    approve: Approve | None = None
    prepare: Callable[[Configuration, Changed], Awaitable[None]] | None = None
    keep: Callable[[str], object] | None = None


class Reloader:
    """Keeps one process's directory like its files.

    All or nothing: a fault anywhere leaves the version in force, and so does a secret that could be
    read when that version came and now leads nowhere. Turns under way keep the version they hold.

    Args:
        directory: whose version is swapped.
        files: where they lie.
        tools: names of the tools that roles may use.
        metrics: ``chatcrew_config_*``.
        clock: waits between looks.
        hooks: what this process does about a new version.
        settle: seconds the files must rest.
    """

    def __init__(
        self,
        directory: Directory,
        files: Files,
        *,
        tools: Collection[str],
        metrics: Metrics,
        clock: Clock,
        hooks: Hooks | None = None,
        settle: float = SETTLE,
    ) -> None:
        self._directory = directory
        self._files = files
        self._tools = tools
        self._metrics = metrics
        self._clock = clock
        self._hooks = hooks or Hooks()
        self._settle = settle
        self._memory = Memory()
        self._seen: Stamp | None = None
        self._news = News(metrics)
        self._unreadable: frozenset[str] | None = None
        self._failing: Sequence[Fault] = ()
        self._coming: str | None = None
        self._looking = asyncio.Lock()
        metrics.set("chatcrew_config_version", 1, version=directory.current.version)

    def status(self) -> dict[str, object]:
        """Return what ``/health/ready`` shows: the version in force, faults, who is coming."""
        now: dict[str, object] = {"version": self._directory.current.version}
        waiting = {} if self._coming is None else {"coming": self._coming}
        return {**now, **self._news.status(), **waiting}

    async def run(self) -> None:
        """Follow the files until cancelled."""
        files = self._files
        failed = ""
        async with Watching(files.mapping, files.config_dir, files.crews_dir) as watching:
            while True:
                watching.changed.clear()
                try:
                    await self.look()
                    await watching.follow()
                    failed = ""
                except Exception as error:  # noqa: BLE001 - design §5: as the worker's loop, it outlives any round
                    if failed != (failed := place(error)):
                        _log.error("config.look_failed", error=type(error).__name__, place=failed)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY):
                        await watching.changed.wait()

    async def look(self) -> bool:
        """Load the files if they changed since the last look; return whether a version came."""
        async with self._looking:
            now = await asyncio.to_thread(self._stamp)
            if now == self._seen:
                return False
            if self._seen is not None:
                now = await self._rested(now)
            report = await asyncio.to_thread(self._load)
            return await self._judge(report, now)

    def _stamp(self) -> Stamp:
        files, current = self._files, self._directory.current
        secrets = [
            Path(reference.removeprefix("file:"))
            for reference in current.references()
            if reference.startswith("file:")
        ]
        models = files.config_dir / "models.yaml"
        folders = (files.config_dir / "domains", files.crews_dir)
        return stamp([files.mapping, models, *secrets], folders)

    async def _rested(self, now: Stamp) -> Stamp:
        """Wait until the files no longer change, but not for ever."""
        rounds = int(LONGEST_SETTLE / self._settle)
        for _ in range(rounds):
            await self._clock.sleep(self._settle)
            before, now = now, await asyncio.to_thread(self._stamp)
            if now == before:
                break
        return now

    def _load(self) -> Report:
        files = self._files
        report = check(
            files.mapping,
            files.config_dir,
            files.crews_dir,
            tools=self._tools,
            memory=self._memory,
        )
        # As ``spare_the_collector`` at the start: what was made now stays, and a collection that
        # walks the files of 200 businesses keeps everybody waiting.
        gc.freeze()
        return report

    async def _judge(self, report: Report, seen: Stamp) -> bool:
        """Put a faultless version in force, or say why not; return whether one came."""
        found, current = report.configuration, self._directory.current
        unreadable = frozenset(str(f.values["reference"]) for f in report.faults if _secret(f))
        known = self._unreadable if self._unreadable is not None else unreadable
        self._seen = seen
        if found is None or unreadable - known:
            self._tell(report.faults, kept=True)
            return False
        if found.version == current.version:
            return await self._same(report, found, unreadable)
        begun = time.perf_counter()
        changed = [one for key, one in found.tenants.items() if current.tenants.get(key) != one]
        reached = await asyncio.to_thread(touched, found, current)
        objections = await self._asked(found, reached)
        if objections is None:
            return False
        if objections:
            self._tell((*report.faults, *objections), kept=True)
            return False
        try:
            if self._hooks.prepare is not None:
                await self._hooks.prepare(found, changed)
        except StoreError as error:
            self._not_prepared(found, error)
            return False
        asked = {one.key for one in reached}
        self._failing = [one for one in self._failing if one.values.get("tenant") not in asked]
        self._directory.swap(found)
        self._unreadable = unreadable
        await self._write_down(found.version)
        self._tell((*report.faults, *self._failing))
        self._metrics.set("chatcrew_config_version", 0, version=current.version)
        self._metrics.set("chatcrew_config_version", 1, version=found.version)
        self._metrics.count("chatcrew_config_reloads", result="swapped")
        _log.info(
            "config.reloaded",
            version=found.version,
            before=current.version,
            tenants=len(changed),
            seconds=round(time.perf_counter() - begun, 3),
            message="A mudança dos arquivos está em vigor / The files' change is in force",
        )
        return True

    async def _same(self, report: Report, found: Configuration, now: frozenset[str]) -> bool:
        """Take note of files that say what is in force; return False, no version came."""
        if self._unreadable is None:
            await self._write_down(found.version)
        self._unreadable = now if self._unreadable is None else self._unreadable & now
        self._tell((*report.faults, *self._failing))
        failing = await self._asked(found, tuple(found.tenants.values()))
        if failing is None:
            return False
        if failing and failing != self._failing:
            # To say nothing to customers would be worse than what these tests found
            self._news.failing(failing, version=found.version)
        self._failing = failing
        self._tell((*report.faults, *failing))
        return False

    async def _asked(self, found: Configuration, reached: Changed) -> Sequence[Fault] | None:
        """Return what speaks against a version; None where that cannot be said of these files."""
        if self._hooks.approve is None:
            return ()
        seen = self._seen

        def waits() -> None:
            if found.version != self._directory.current.version:
                self._coming = found.version

        try:
            said = await unless_changed(
                self._hooks.approve(found, reached), lambda: self._stamp() != seen, waits=waits
            )
        except StoreError as error:
            self._not_prepared(found, error)
            return None
        finally:
            self._coming = None
        if said is None:
            self._seen = None
        return said

    def _not_prepared(self, found: Configuration, error: StoreError) -> None:
        self._seen = None  # so that the next look tries again
        _log.error("config.not_prepared", version=found.version, error=type(error).__name__)

    async def _write_down(self, version: str) -> None:
        if self._hooks.keep is not None:
            await asyncio.to_thread(self._hooks.keep, version)

    def _tell(self, faults: Sequence[Fault], *, kept: bool = False) -> None:
        self._news.tell(faults, version=self._directory.current.version, kept=kept)


def _secret(fault: Fault) -> bool:
    return fault.code.startswith("secret_")


@contextlib.asynccontextmanager
async def following(reloader: Reloader) -> AsyncIterator[Reloader]:
    """Run a reloader beside the block."""
    task = asyncio.create_task(reloader.run(), name="reload")
    try:
        yield reloader
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
