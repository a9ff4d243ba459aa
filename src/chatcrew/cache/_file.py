"""The last layer: one SQLite table on this machine's disk, so that a restart starts warm."""

import asyncio
import os
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from chatcrew.cache._keys import Scope
from chatcrew.cache._store import Entry, Held, Holdings
from chatcrew.clock import Clock
from chatcrew.errors import StoreError

_T = TypeVar("_T")
_SCHEMA = """
create table if not exists entries (
  key text primary key, value blob not null, written real not null, expires real not null
) without rowid;
create index if not exists entries_expires on entries (expires);
create index if not exists entries_written on entries (written, length(value));
"""
# A key of ours is namespace|v1:tenant:kind:digest, and a digest has 64 characters.
_KINDS = """
select case when name glob 'v1:*:*:*' then substr(place, instr(place, ':') + 1) else 'other' end
    as kind, count(*), sum(size)
from (select name, substr(name, 4, length(name) - 68) as place, size
      from (select substr(key, length(:prefix) + 1) as name, length(value) as size from entries
            where key >= :prefix and key < :end and expires > :now))
group by kind order by kind
"""
_FORGET = """
delete from entries where key >= :prefix || :tenant and key < :prefix || :after
and instr(substr(key, length(:prefix) + 1), :kind) > 0
"""
_BUSY_MS = 500
_PAGE = 4096
# SQLite's primary result codes that say "this is not, or no longer, a database".
_BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_SWEEP_EVERY = 64
# Shares of the bound: pages are never quite full, and the index wants room too.
_HIGH_WATER, _LOW_WATER = 0.7, 0.5
_REOPEN_SECONDS = 5.0
_MOST_WAITING = 256


class FileStore:
    """Values survive a restart; processes of one machine share the file.

    Args:
        path: the database file; its folder is made if it is missing (0700), the file is 0600.
        clock: wall clock, because expiry has to mean the same to every process.
        namespace: keys of different namespaces do not see each other.
        max_bytes: bound of the file; the oldest entries go first.
        timeout: seconds a call may take before it counts as failed.
    """

    name = "file"

    def __init__(
        self,
        path: Path,
        *,
        clock: Clock,
        namespace: str = "chatcrew",
        max_bytes: int = 256 * 1024 * 1024,
        timeout: float = 1.0,
    ) -> None:
        self._path = path
        self._clock = clock
        self._prefix = f"{namespace}|"
        self._end = f"{namespace}{chr(ord('|') + 1)}"
        self._max_bytes = max(max_bytes, 16 * _PAGE)
        self._timeout = timeout
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="chatcrew-cache-file")
        self._connection: sqlite3.Connection | None = None
        self._inode = 0
        self._writes = 0
        self._waiting = 0
        self._closed_until = 0.0
        self._closed = False

    async def get(self, key: str) -> Entry | None:
        """Return the live entry of ``key``, or None."""
        now = self._clock.now().timestamp()
        row = await self._run(lambda db: self._select(db, key))
        if row is None:
            return None
        value, written, expires = row
        # a wall clock that was set back must not give an entry more life than it was written with
        remaining = min(expires - now, expires - written)
        return Entry(value, remaining) if remaining > 0 else None

    async def set(self, key: str, value: bytes, *, ttl: float) -> None:
        """Keep ``value`` for ``ttl`` seconds, unless it would fill a quarter of the file."""
        if ttl <= 0 or len(value) > self._max_bytes // 4:
            await self.delete(key)
            return
        now = self._clock.now().timestamp()
        await self._run(lambda db: self._insert(db, key, value, now=now, expires=now + ttl))

    async def delete(self, key: str) -> None:
        """Forget ``key``."""
        await self._run(
            lambda db: db.execute("delete from entries where key = ?", (self._prefix + key,))
        )

    async def clear(self) -> None:
        """Forget everything in this namespace."""
        await self._run(
            lambda db: db.execute(
                "delete from entries where key >= ? and key < ?", (self._prefix, self._end)
            )
        )

    async def forget(self, scope: Scope) -> None:
        """Forget what belongs to ``scope``."""
        if scope.everything:
            await self.clear()
            return
        # no tenant holds a colon, so ":kind:" stands nowhere but at the kind's place
        tenant, after = ("v1:", "v1;") if scope.tenant is None else _range(scope.tenant)
        kind = ":" if scope.kind is None else f":{scope.kind.value}:"
        row = {"prefix": self._prefix, "tenant": tenant, "after": after, "kind": kind}
        await self._run(lambda db: self._erase(db, row))

    async def holdings(self) -> Holdings:
        """Count what is live now; the bound is that of the file."""
        now = self._clock.now().timestamp()
        row = {"prefix": self._prefix, "end": self._end, "now": now}
        found = await self._run(lambda db: db.execute(_KINDS, row).fetchall())
        return Holdings({kind: Held(count, size) for kind, count, size in found}, self._max_bytes)

    async def values(self, scope: Scope) -> list[tuple[str, bytes]]:
        """Return what is kept of ``scope``."""
        rows = await self._run(
            lambda db: db.execute(
                "select key, value from entries where key >= ? and key < ?",
                (self._prefix, self._end),
            ).fetchall()
        )
        start = len(self._prefix)
        return [(key[start:], value) for key, value in rows if scope.holds(key[start:])]

    async def aclose(self) -> None:
        """Close the file and end the thread."""
        if self._closed:
            return
        self._closed = True
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown(wait=False)

    async def _run(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        if self._closed:
            raise StoreError("the cache file is closed")
        if self._waiting >= _MOST_WAITING:
            raise StoreError("the cache file is too slow")
        self._waiting += 1
        future = asyncio.get_running_loop().run_in_executor(self._thread, self._guarded, work)
        future.add_done_callback(self._done)
        try:
            # shielded: a call that is already in the thread ends there, not in the caller's error
            async with asyncio.timeout(self._timeout):
                return await asyncio.shield(future)
        except TimeoutError:
            raise StoreError(f"the cache file took over {self._timeout} s") from None

    def _done(self, future: "asyncio.Future[_T]") -> None:
        self._waiting -= 1
        if not future.cancelled():
            future.exception()

    # from here on: only in the thread

    def _guarded(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        try:
            return work(self._open())
        except sqlite3.Error as error:
            fault = f"{type(error).__name__}: {error}"
            if _code(error) in _BROKEN:
                self._set_aside()
            elif _code(error) not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL}:
                self._pause()
        except OSError as error:
            fault = f"{type(error).__name__}: {error.strerror}"
            self._pause()
        raise StoreError(f"cache file: {fault}")

    def _open(self) -> sqlite3.Connection:
        if self._connection is not None:
            return self._connection
        if time.monotonic() < self._closed_until:
            raise StoreError("the cache file could not be opened a moment ago")
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # made by us before SQLite sees it, so that others cannot read it, not for a moment;
        # SQLite gives its -wal and -shm files the same mode
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.fchmod(handle, 0o600)
            self._inode = os.fstat(handle).st_ino
        finally:
            os.close(handle)
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_MS / 1000, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = normal")
            connection.execute(f"pragma journal_size_limit = {self._max_bytes // 4}")
            # customer text that has expired is overwritten, not only unlinked
            connection.execute("pragma secure_delete = on")
            connection.execute(f"pragma max_page_count = {self._max_bytes // _PAGE}")
            connection.executescript(_SCHEMA)
        except sqlite3.Error:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _select(self, db: sqlite3.Connection, key: str) -> tuple[bytes, float, float] | None:
        row: tuple[bytes, float, float] | None = db.execute(
            "select value, written, expires from entries where key = ?", (self._prefix + key,)
        ).fetchone()
        return row

    def _erase(self, db: sqlite3.Connection, row: dict[str, str]) -> None:
        db.execute(_FORGET, row)
        # the log still has the pages as they were; it is emptied unless another process reads it
        db.execute("pragma wal_checkpoint(truncate)")

    def _insert(
        self, db: sqlite3.Connection, key: str, value: bytes, *, now: float, expires: float
    ) -> None:
        if self._writes % _SWEEP_EVERY == 0:
            self._sweep(db, now)
        self._writes += 1
        row = (self._prefix + key, value, now, expires)
        try:
            db.execute("insert or replace into entries values (?, ?, ?, ?)", row)
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_FULL:
                raise
            self._sweep(db, now, full=True)
            db.execute("insert or replace into entries values (?, ?, ?, ?)", row)

    def _sweep(self, db: sqlite3.Connection, now: float, *, full: bool = False) -> None:
        db.execute("delete from entries where expires <= ?", (now,))
        (held,) = db.execute("select coalesce(sum(length(value)), 0) from entries").fetchone()
        if not full and held <= self._max_bytes * _HIGH_WATER:
            return
        row = db.execute(
            "select written from (select written, sum(length(value)) over "
            "(order by written desc) as newer from entries) where newer > ? "
            "order by written desc limit 1",
            (min(self._max_bytes * _LOW_WATER, held / 2),),
        ).fetchone()
        if row is not None:
            db.execute("delete from entries where written <= ?", row)

    def _pause(self) -> None:
        self._disconnect()
        self._closed_until = time.monotonic() + _REOPEN_SECONDS

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _set_aside(self) -> None:
        self._disconnect()
        try:
            if self._path.stat().st_ino != self._inode:
                return  # another process has set it aside already; the next call opens the new one
            self._path.replace(self._path.with_name(self._path.name + ".corrupt"))
            for suffix in ("-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        except OSError:
            self._pause()


def _range(tenant: str) -> tuple[str, str]:
    """Return where a tenant's keys begin, and where they have ended."""
    return f"v1:{tenant}:", f"v1:{tenant}{chr(ord(':') + 1)}"


def _code(error: sqlite3.Error) -> int:
    """Return the primary result code (the low byte of the extended one)."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
