"""``chatcrew run``: holds sockets and database, keeps ingress and worker processes alive."""

import asyncio
import os
import shutil
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from chatcrew.app.sockets import listen
from chatcrew.database import attach_or_own
from chatcrew.settings import Settings
from chatcrew.telemetry import get_logger

_log = get_logger("supervisor")

DRAIN = 25.0
"""Seconds a child has to finish what it does after SIGTERM."""

STEADY = 30.0
"""A child that lived this long, in seconds, is restarted at once; else after a growing pause."""


@dataclass(slots=True)
class Child:
    """One process that is to be kept alive.

    Attributes:
        name: for logs.
        arguments: of ``python -m chatcrew``.
        descriptors: inherited sockets.
        failures: quick deaths in a row.
        process: the one that lives now, or None.
    """

    name: str
    arguments: Sequence[str]
    descriptors: Sequence[int] = ()
    failures: int = 0
    process: asyncio.subprocess.Process | None = field(default=None, repr=False)


class Supervisor:
    """Runs everything on one machine.

    Args:
        settings: of all processes; children read the same environment.
        extra: environment to add for the children, such as the sandbox's own mapping.
    """

    def __init__(self, settings: Settings, *, extra: Mapping[str, str] | None = None) -> None:
        self._settings = settings
        self._extra = dict(extra or {})
        self._stop = asyncio.Event()
        self.children: list[Child] = []
        self.public: socket.socket | None = None
        self.admin: socket.socket | None = None

    def stop(self) -> None:
        """Drain the children and return from ``run``."""
        self._stop.set()

    async def run(self, *, ready: asyncio.Event | None = None) -> None:
        """Start everything and keep it alive until ``stop``.

        Args:
            ready: set once every child was started for the first time.

        Raises:
            StoreError: the embedded database cannot be started.
            OSError: an address is taken.
        """
        settings = self._settings
        async with AsyncExitStack() as stack:
            self.public = stack.enter_context(listen(settings.host, settings.port))
            self.admin = stack.enter_context(listen(settings.admin_host, settings.admin_port))
            if settings.database_url is None:
                attached = await attach_or_own(settings.data_dir)
                stack.push_async_callback(attached.close)
            self._extra["PROMETHEUS_MULTIPROC_DIR"] = await asyncio.to_thread(
                _empty, settings.data_dir / "metrics"
            )
            self.children = self._plan(self.public.fileno(), self.admin.fileno())
            keepers = [asyncio.create_task(self._keep(child)) for child in self.children]
            stack.push_async_callback(self._end, keepers)
            if ready is not None:
                ready.set()
            _log.info("supervisor.started", public=_name(self.public), admin=_name(self.admin))
            await self._stop.wait()

    def _plan(self, public: int, admin: int) -> list[Child]:
        settings = self._settings
        sockets = (public, admin)
        flags = ("--public-fd", str(public), "--admin-fd", str(admin))
        parent = ("--parent", str(os.getpid()))
        ingress = [
            Child(f"ingress-{number}", ("serve", *flags, *parent), sockets)
            for number in range(settings.ingress_processes)
        ]
        workers = [
            Child(f"worker-{number}", ("work", *parent))
            for number in range(settings.worker_processes)
        ]
        return [*ingress, *workers]

    async def _keep(self, child: Child) -> None:
        """Restart a child whenever it ends, with a growing pause if it dies young."""
        loop = asyncio.get_running_loop()
        while not self._stop.is_set():
            begun = loop.time()
            child.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "chatcrew",
                *child.arguments,
                pass_fds=child.descriptors,
                env={**os.environ, **self._extra},
                stdin=asyncio.subprocess.DEVNULL,
            )
            code = await child.process.wait()
            if self._stop.is_set():
                return
            young = loop.time() - begun < STEADY
            child.failures = child.failures + 1 if young else 0
            pause = min(0.1 * 2**child.failures, 10.0) if child.failures else 0.0
            _log.error("child.ended", child=child.name, code=code, restart_in=pause)
            await asyncio.sleep(pause)

    async def _end(self, keepers: Sequence[asyncio.Task[None]]) -> None:
        self._stop.set()
        living = [child.process for child in self.children if _lives(child.process)]
        for process in living:
            if process is not None:
                process.send_signal(signal.SIGTERM)
        _, late = await asyncio.wait(keepers, timeout=DRAIN) if keepers else (set(), set())
        for child in self.children:
            if _lives(child.process) and child.process is not None:
                _log.error("child.killed", child=child.name)
                child.process.kill()
        for task in late:
            task.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)


def _lives(process: asyncio.subprocess.Process | None) -> bool:
    return process is not None and process.returncode is None


def _empty(folder: Path) -> str:
    """Return a folder without the counters of processes that are gone."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return str(folder.absolute())


def _name(bound: socket.socket) -> str:
    host, port, *_ = bound.getsockname()
    return f"{host}:{port}"
