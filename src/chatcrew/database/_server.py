"""A private PostgreSQL server as a child of this process, restarted when it dies."""

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import Process
from pathlib import Path

from sqlalchemy import URL

from chatcrew.database._account import Account, database_account
from chatcrew.database._addresses import answers, wait_until_answers
from chatcrew.database._binaries import Binaries, usable_binaries
from chatcrew.database._cluster import (
    prepare_cluster,
    prune_logs,
    server_command,
    write_settings,
)
from chatcrew.database._lock import FileLock
from chatcrew.database._orphans import end_orphans
from chatcrew.database._places import (
    SYSTEM_DIR,
    Places,
    known_cluster,
    lock_file,
    make_data_dir,
    settle_places,
)
from chatcrew.database._process import spawn
from chatcrew.errors import StoreError
from chatcrew.telemetry import get_logger

_log = get_logger("database")

_START_SECONDS = 60.0
_LONGEST_PAUSE = 2.0  # between two attempts to restart: a dead server is back within 5 s


class OwnedElsewhere(StoreError):
    """Another process holds the lock of this data folder, so it runs the server."""


class EmbeddedServer:
    """PostgreSQL in ``data_dir``, owned by whoever holds the flock on ``postgres.lock`` there.

    Args:
        data_dir: made if missing; holds lock, note, password (0600) and, normally, the database.
        system_dir: root only, for what the database's account cannot reach in ``data_dir``.
        durable: False is for tests: faster, no safety against a power cut, more connections.
    """

    def __init__(
        self, data_dir: Path, *, system_dir: Path = SYSTEM_DIR, durable: bool = True
    ) -> None:
        self._data_dir = data_dir.absolute()
        self._system_dir = system_dir
        self._durable = durable
        self._locks = [FileLock(lock_file(self._data_dir))]
        self._account: Account | None = None
        self._binaries: Binaries | None = None
        self._places: Places | None = None
        self._url: URL | None = None
        self._process: Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self.restarts = 0

    @property
    def url(self) -> URL:
        """SQLAlchemy address over the Unix socket; ``str()`` of it hides the password."""
        if self._url is None:
            raise StoreError("the embedded database was not started")
        return self._url

    @property
    def pid(self) -> int | None:
        """Process id of the postmaster, None while there is none."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if running and self._process is not None else None

    async def start(self) -> None:
        """Take the lock, make the database if there is none, and run it until ``stop``.

        Call it on the thread that lives longest: the kernel stops PostgreSQL with that thread.

        Raises:
            OwnedElsewhere: another process runs it.
            StoreError: it cannot be made or started.
        """
        try:
            await asyncio.to_thread(make_data_dir, self._data_dir)
            await self._lock(self._locks[0])
            await self._prepare()
            await self._launch()
        except BaseException as error:  # also a cancelled start leaves no server and no lock
            await self._end_process()
            self._unlock()
            if isinstance(error, OSError):
                raise StoreError(
                    f"cannot keep a database in {str(self._data_dir)!r}: {error}"
                ) from error
            raise
        self._watch = asyncio.create_task(self._supervise(), name="database-watch")

    async def wait_ready(self, within: float = _START_SECONDS) -> None:
        """Return once ``select 1`` is answered.

        Raises:
            StoreError: it was not within ``within`` seconds.
        """
        await wait_until_answers(self.url, within=within)

    async def stop(self) -> None:
        """Shut the server down (open transactions are rolled back) and release the lock."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None
        if self.pid is not None:
            _log.info("database.stopping", pid=self.pid)
        await self._end_process()
        self._unlock()

    async def _lock(self, lock: FileLock) -> None:
        if not await asyncio.to_thread(lock.try_acquire):
            holder = await asyncio.to_thread(lock.holder)
            raise OwnedElsewhere(
                f"process {holder} already runs the embedded database of {str(self._data_dir)!r}: "
                "stop it first, or give this one a folder of its own (CHATCREW_DATA_DIR)"
            )

    def _unlock(self) -> None:
        while len(self._locks) > 1:
            self._locks.pop().release()
        self._locks[0].release()

    async def _prepare(self) -> None:
        cluster = await asyncio.to_thread(known_cluster, self._data_dir)
        account = await asyncio.to_thread(database_account, cluster)
        if account.switch:
            _log.info(
                "database.not_as_root",
                reason="PostgreSQL refuses to run as root",
                user_id=account.uid,
            )
        binaries = await usable_binaries(account, self._system_dir)
        places = await settle_places(self._data_dir, account, system_dir=self._system_dir)
        if places.home.parent != self._data_dir:
            # A copy of the data folder has a lock of its own, but leads to the same home
            lock = FileLock(places.home / "owner.lock")
            await self._lock(lock)
            self._locks.append(lock)
        await end_orphans(places.cluster)
        await prepare_cluster(binaries, account, places, durable=self._durable)
        await asyncio.to_thread(places.write_note)
        self._url = await asyncio.to_thread(places.url)
        self._account, self._binaries, self._places = account, binaries, places

    async def _launch(self) -> None:
        account, binaries, places = self._account, self._binaries, self._places
        assert account is not None
        assert binaries is not None
        assert places is not None
        await asyncio.to_thread(write_settings, places, account, durable=self._durable)
        await asyncio.to_thread(prune_logs, places)
        command = server_command(binaries, places)
        first_words = places.log_dir / "start.log"
        output = await asyncio.to_thread(_open_for_writing, first_words)
        try:
            self._process = await spawn(account, command, output=output)
        finally:
            os.close(output)
        clock = asyncio.get_running_loop()
        end = clock.time() + _START_SECONDS
        while (reason := await answers(self.url)) is not None:
            if self._process.returncode is not None:
                reason = await asyncio.to_thread(_last_lines, first_words)
                raise StoreError(f"the embedded database did not start: {reason}")
            # "Starting up" is recovery after a crash: it ends, and to cut it off is to repeat it
            if clock.time() >= end and not reason.startswith("CannotConnectNowError"):
                raise StoreError(f"the embedded database does not answer: {reason}")
            await asyncio.sleep(0.03)
        _log.info("database.ready", pid=self._process.pid, sockets=str(places.socket_dir))

    async def _supervise(self) -> None:
        while True:
            assert self._process is not None
            assert self._places is not None
            status = await self._process.wait()
            _log.error("database.died", status=status)
            pause = 0.1
            while True:
                try:
                    await end_orphans(self._places.cluster)
                    await self._launch()
                except (StoreError, OSError) as error:
                    # Nothing to do but try again: a full disk, say, may be made room on
                    _log.error("database.restart_failed", reason=str(error))
                    await self._end_process()
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, _LONGEST_PAUSE)
                else:
                    self.restarts += 1
                    break

    async def _end_process(self) -> None:
        process = self._process
        if process is None:
            return
        for number, patience in (
            (signal.SIGINT, 30.0),  # fast shutdown
            (signal.SIGQUIT, 5.0),  # immediate: recovery at the next start
            (signal.SIGKILL, 5.0),
        ):
            if process.returncode is not None:
                break
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(number)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await process.wait()


def _open_for_writing(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)


def _last_lines(path: Path) -> str:
    lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return f"{' | '.join(lines[-3:]) or 'no reason given'} (log: {str(path.parent)!r})"
