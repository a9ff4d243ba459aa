"""Conversation tests before a new version comes into force; a process of its own plays them."""

import asyncio
import contextlib
import hashlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from chatcrew.database import FileLock
from chatcrew.settings import Settings
from chatcrew.telemetry import get_logger
from chatcrew.tenancy import Configuration, Fault, Tenant
from chatcrew.tenancy.conversations import conversations_path

_log = get_logger("config")

PATIENCE = 120.0
"""Seconds that the conversations of one business may take, the start of a database included."""

_Row = dict[str, Any]
_KEPT = ("file", "line", "kind", "expected")

_NAME = "rehearsed.json"
_PLAYED = frozenset({0, 1})
"""Exit codes of ``chatcrew test`` where conversations were played."""
_POLL = 0.1
_QUIT = 10.0


class Rehearsal:
    """Refuses versions whose changed businesses fail their conversation tests.

    The processes of one machine reload at the same time: one of them plays, the others read what
    came of it.

    Args:
        settings: where files and data lie.
        command: the program.
        patience: seconds for one business.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        command: Sequence[str] = (sys.executable, "-m", "chatcrew"),
        patience: float = PATIENCE,
    ) -> None:
        self._settings = settings
        self._command = tuple(command)
        self._patience = patience

    async def approve(self, coming: Configuration, changed: Sequence[Tenant]) -> Sequence[Fault]:
        """Return a fault for each expectation that did not come true; fits ``reload.Hooks``.

        What could not be played (no database could be started) is told, and refuses nothing.
        """
        tests = await asyncio.to_thread(self._tests, changed)
        if not tests:
            return ()
        parts = [coming.version, *(f"{name} {digest}" for name, digest in sorted(tests.items()))]
        key = hashlib.sha256("\0".join(parts).encode()).hexdigest()
        async with self._alone():
            known = await asyncio.to_thread(self._read, key)
            if known is not None:
                return known
            rows: list[_Row] = []
            whole = True
            for tenant in tests:
                found = await self._play(tenant)
                whole = whole and found is not None
                rows += found or ()
            if whole:
                await asyncio.to_thread(self._write, key, rows)
            return _faults(rows)

    def _tests(self, tenants: Sequence[Tenant]) -> dict[str, str]:
        """Return a digest of the tests of each of these that has some."""
        found: dict[str, str] = {}
        for tenant in tenants:
            with contextlib.suppress(OSError):
                raw = conversations_path(self._settings.config_dir, tenant.key).read_bytes()
                found[tenant.key] = hashlib.sha256(raw).hexdigest()
        return found

    async def _play(self, tenant: str) -> list[_Row] | None:
        """Return what went wrong, None where nothing could be played."""
        process = await asyncio.create_subprocess_exec(
            *self._command,
            "test",
            tenant,
            "--json",
            env={
                **os.environ,
                "CHATCREW_CONFIG_DIR": str(self._settings.config_dir),
                "CHATCREW_CREWS_DIR": str(self._settings.crews_dir),
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        said = b""
        try:
            async with asyncio.timeout(self._patience):
                said, _ = await process.communicate()
        except TimeoutError:
            pass
        finally:
            await _ended(process)
        if process.returncode in _PLAYED:
            with contextlib.suppress(ValueError, LookupError, TypeError):
                return _rows(tenant, orjson.loads(said))
        _log.error("config.not_rehearsed", tenant=tenant, code=process.returncode)
        return None

    @contextlib.asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Keep the other processes of this machine out of the block."""
        folder = self._settings.data_dir
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        lock = FileLock(folder / "rehearsal.lock")
        while not await asyncio.to_thread(lock.try_acquire):  # noqa: ASYNC110 - another process holds it
            await asyncio.sleep(_POLL)
        try:
            yield
        finally:
            lock.release()

    def _read(self, key: str) -> list[Fault] | None:
        try:
            kept = orjson.loads((self._settings.data_dir / _NAME).read_bytes())
            return _faults(kept["failures"]) if kept["key"] == key else None
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def _write(self, key: str, rows: list[_Row]) -> None:
        """Write down what came of it; a full disk only means that others play it again."""
        with contextlib.suppress(OSError):
            place = self._settings.data_dir / _NAME
            fresh = place.with_name(f".{_NAME}.{os.getpid()}")
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(orjson.dumps({"key": key, "failures": rows}))
            Path(fresh).replace(place)


async def _ended(process: asyncio.subprocess.Process) -> None:
    """End it as Ctrl-C does, so that it takes its database along."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _QUIT)
            return
        process.kill()
        await process.wait()


def _rows(tenant: str, said: Any) -> list[_Row]:
    """Return the failures of a report as ``chatcrew test --json`` writes it."""
    return [
        {**{key: failure[key] for key in _KEPT}, "name": played["name"], "tenant": tenant}
        for played in said["conversations"]
        for failure in played["failures"]
    ]


def _faults(rows: Sequence[_Row]) -> list[Fault]:
    return [
        Fault(
            "conversation_failed",
            file=row["file"],
            line=row["line"],
            hint="play_it",
            word=row["name"],
            kind=row["kind"],
            expected=row["expected"],
            tenant=row["tenant"],
        )
        for row in rows
    ]
