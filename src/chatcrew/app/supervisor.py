"""``chatcrew run``: holds sockets and database, keeps ingress and worker processes alive."""

import asyncio
import contextlib
import os
import shutil
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from chatcrew.app.offspring import Nursery, Running
from chatcrew.app.sockets import listen_patiently
from chatcrew.app.storage import check_database
from chatcrew.database import EmbeddedServer, FileLock
from chatcrew.errors import StoreError
from chatcrew.settings import Settings
from chatcrew.telemetry import forget_process, get_logger

_log = get_logger("supervisor")

DRAIN = 25.0
"""Seconds a child has to finish what it does after SIGTERM."""

STEADY = 30.0
"""A child that lived this long, in seconds, is restarted at once; so is one that dies young for the
first time. From the second time on there is a growing pause."""

LONGEST_PAUSE = 10.0

ADMIN_ACTS = 2
"""Exit code of a process that only an admin can help (design §5)."""


@dataclass(slots=True)
class Child:
    """One process that is to be kept alive.

    Attributes:
        name: for logs.
        arguments: of ``chatcrew``.
        descriptors: inherited sockets.
        failures: quick deaths in a row.
        process: the one that lives now, or None.
    """

    name: str
    arguments: Sequence[str]
    descriptors: Sequence[int] = ()
    failures: int = 0
    process: Running | None = field(default=None, repr=False)


class Supervisor:
    """Runs everything on one machine.

    Args:
        settings: of all processes; children read the same environment.
        extra: environment to add for the children, such as the sandbox's own mapping.
        nursery: starts children in no time; None: each is an interpreter of its own, as they all
            are once it is gone.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        extra: Mapping[str, str] | None = None,
        nursery: Nursery | None = None,
    ) -> None:
        self._settings = settings
        self._nursery = nursery
        self._extra = dict(extra or {})
        self._stop = asyncio.Event()
        self._metrics_dir = ""
        self._held = False
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
            ConfigErrors: the admin's own database refuses us, or is one of a newer chatcrew.
            StoreError: another process has the data folder, or the embedded database cannot be
                started.
            OSError: somebody else listens on one of our ports.
        """
        settings = self._settings
        async with AsyncExitStack() as stack:
            await self._own_data_dir(stack)
            # A fault of the database is told here once, not by every child in turn, for ever.
            await check_database(settings)
            # Children of a supervisor that was killed may hold the ports until they have drained.
            self.public = await listen_patiently(settings.host, settings.port, setting="PORT")
            stack.callback(self.public.close)
            self.admin = await listen_patiently(
                settings.admin_host, settings.admin_port, setting="ADMIN_PORT"
            )
            stack.callback(self.admin.close)
            self._metrics_dir = await asyncio.to_thread(_empty, settings.data_dir / "metrics")
            self._extra["PROMETHEUS_MULTIPROC_DIR"] = self._metrics_dir
            self.children = self._plan(self.public.fileno(), self.admin.fileno())
            keepers = [asyncio.create_task(self._keep(child)) for child in self.children]
            stack.push_async_callback(self._end, keepers)
            if ready is not None:
                ready.set()
            _log.info("supervisor.started", public=_name(self.public), admin=_name(self.admin))
            await self._until_stopped(keepers)

    async def _until_stopped(self, keepers: Sequence[asyncio.Task[None]]) -> None:
        """Wait for ``stop``; what a keeper raises ends everything and must not stay hidden."""
        stopped = asyncio.create_task(self._stop.wait(), name="stop")
        try:
            await asyncio.wait({stopped, *keepers}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
        for keeper in keepers:
            if keeper.done():
                keeper.result()

    async def _own_data_dir(self, stack: AsyncExitStack) -> None:
        """Make sure that no other supervisor runs on this data folder, and run its database.

        Raises:
            StoreError: another one does, or the embedded database cannot be started.
        """
        folder = self._settings.data_dir
        if self._settings.database_url is None:
            server = EmbeddedServer(folder)
            await server.start()
            stack.push_async_callback(server.stop)
            return
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        lock = FileLock(folder / "run.lock")
        if not await asyncio.to_thread(lock.try_acquire):
            raise StoreError(
                f"process {await asyncio.to_thread(lock.holder)} already runs on "
                f"{str(folder)!r}: stop it first, or give this one a folder of its own "
                "(CHATCREW_DATA_DIR)"
            )
        stack.callback(lock.release)

    def _plan(self, public: int, admin: int) -> list[Child]:
        settings = self._settings
        sockets = (public, admin)
        flags = ("--public-fd", str(public), "--admin-fd", str(admin))
        ingress = [
            Child(f"ingress-{number}", ("serve", *flags), sockets)
            for number in range(settings.ingress_processes)
        ]
        # A name for each place and not for each process: who comes next knows what was its own.
        place = f"{socket.gethostname()}-{os.getpid()}"
        workers = [
            Child(f"worker-{number}", ("work", "--name", f"{place}-{number}"))
            for number in range(settings.worker_processes)
        ]
        return [*ingress, *workers]

    async def _keep(self, child: Child) -> None:
        """Restart a child whenever it ends, with a growing pause if it dies young.

        Raises:
            ConfigErrors: no child has worked yet, and the database will not have us.
        """
        loop = asyncio.get_running_loop()
        while not self._stop.is_set():
            begun = loop.time()
            code = await self._live(child)
            if self._stop.is_set():
                return
            lived = loop.time() - begun >= STEADY
            self._held = self._held or lived
            if code == ADMIN_ACTS and not self._held:
                # It was away at our start, came, and refuses us. Later on others may still work.
                await check_database(self._settings)
            child.failures = 0 if lived else child.failures + 1
            pause = pause_after(child.failures)
            _log.error("child.ended", child=child.name, code=code, restart_in=pause)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stop.wait()

    async def _live(self, child: Child) -> int | None:
        """Run a child to its end; return its exit code, or None if it could not be started."""
        try:
            process = await self._started(child)
        except OSError as error:  # no memory, no process numbers: it may pass
            _log.error("child.not_started", child=child.name, reason=error.strerror)
            return None
        child.process = process
        if self._stop.is_set():  # it came up while ``_end`` told the others
            process.terminate()
        code = await process.wait()
        await asyncio.to_thread(forget_process, process.pid, self._metrics_dir)
        return code

    async def _started(self, child: Child) -> Running:
        """Return the new process of a child.

        Raises:
            OSError: the machine has no memory or no number for it.
        """
        environment = {**os.environ, **self._extra}
        if self._nursery is not None:
            try:
                return await self._nursery.start(
                    (*child.arguments, "--parent", str(self._nursery.pid)),
                    descriptors=child.descriptors,
                    environment=environment,
                )
            except (ConnectionError, TimeoutError, BlockingIOError) as error:
                # It was killed, or stopped: from now on each child takes its own time to start
                _log.warning("supervisor.cold", reason=type(error).__name__)
                self._nursery = None
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "chatcrew", *child.arguments, "--parent", str(os.getpid())),
            pass_fds=child.descriptors,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
        )

    async def _end(self, keepers: Sequence[asyncio.Task[None]]) -> None:
        self._stop.set()
        for child in self.children:
            if child.process is not None and child.process.returncode is None:
                child.process.terminate()
        if keepers:
            await asyncio.wait(keepers, timeout=DRAIN)
        for child in self.children:
            if child.process is not None and child.process.returncode is None:
                _log.error("child.killed", child=child.name)
                child.process.kill()
        await asyncio.gather(*keepers, return_exceptions=True)


def pause_after(failures: int) -> float:
    """Return seconds before a child is started again after so many quick deaths in a row."""
    if failures <= 1:
        return 0.0
    # The exponent is bounded, too: after a thousand deaths the power is no float any more
    return float(min(0.1 * 2 ** min(failures, 16), LONGEST_PAUSE))


def _empty(folder: Path) -> str:
    """Return a folder without the counters of processes that are gone."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return str(folder.absolute())


def _name(bound: socket.socket) -> str:
    host, port, *_ = bound.getsockname()
    return f"{host}:{port}"
