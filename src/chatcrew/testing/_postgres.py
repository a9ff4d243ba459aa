"""Pytest fixtures for a real PostgreSQL: one server for a test run, an empty database per test."""

import asyncio
import fcntl
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from chatcrew.database import Database

# Nothing heavy is imported up here: pytest loads this file in every project that has chatcrew.

_KEEPER = Path(__file__).with_name("_postgres_keeper.py")
_TEMPLATE = "chatcrew_template"
_START_SECONDS = 90.0
_POLL = 0.02
_LEAVE_SECONDS = 0.5

# Whoever makes, changes or drops a table, an index, a function or a setting writes one of these
# rows anew; what only writes rows does not (nor does vacuum, which changes them in place).
_AS_BORN = """
select array_agg((kind, number, writers)::text order by kind) from (
  select 'class' as kind, count(*) as number, sum(xmin::text::bigint) as writers from pg_class
  union all select 'attribute', count(*), sum(xmin::text::bigint) from pg_attribute
  union all select 'default', count(*), sum(xmin::text::bigint) from pg_attrdef
  union all select 'index', count(*), sum(xmin::text::bigint) from pg_index
  union all select 'constraint', count(*), sum(xmin::text::bigint) from pg_constraint
  union all select 'type', count(*), sum(xmin::text::bigint) from pg_type
  union all select 'function', count(*), sum(xmin::text::bigint) from pg_proc
  union all select 'trigger', count(*), sum(xmin::text::bigint) from pg_trigger
  union all select 'schema', count(*), sum(xmin::text::bigint) from pg_namespace
  union all select 'extension', count(*), sum(xmin::text::bigint) from pg_extension
  union all select 'setting', count(*), sum(xmin::text::bigint) from pg_db_role_setting
  union all select 'database', count(*), sum(xmin::text::bigint) from pg_database
    where datname = current_database()
  union all select 'version', count(*), sum(xmin::text::bigint) from alembic_version
) as catalogue
"""
_FILLED = """
select format('%I.%I', schemaname, tablename) from pg_tables
where schemaname = 'public' and tablename <> 'alembic_version'
  and pg_relation_size(format('%I.%I', schemaname, tablename)) > 0
"""
_FROM_THE_START = """
select setval(format('%I.%I', schemaname, sequencename), start_value, false) from pg_sequences
where last_value is not null
"""
_OTHERS = """
select count(*) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""


class _Keeper(subprocess.Popen[bytes]):
    """Goes on for other processes, so nobody warns that it still runs."""

    def __del__(self) -> None:
        """Say nothing, and keep no list of it."""


class PostgresForTests:
    """The PostgreSQL of this test run, shared by all its processes.

    To make a database costs ten times what it costs to empty one, so a database with our tables
    is given again by the same process, if it is then as it was born.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._spare: list[tuple[str, list[str]]] = []

    @asynccontextmanager
    async def fresh(self, *, migrated: bool = True) -> AsyncIterator[str]:
        """Give the address of a database (with pgvector) that nobody else has, without rows.

        ``migrated=False`` gives one without our tables.
        """
        if migrated and self._spare:
            name, born = self._spare.pop()
        else:
            name = f"test_{secrets.token_hex(8)}"
            template = _TEMPLATE if migrated else "template1"
            async with self._connected() as connection:
                # Seven times faster than the default, wal_log, where nothing is synced
                await connection.execute(
                    f"create database {name} template {template} strategy file_copy"
                )
            born = []
            if migrated:
                async with self._connected(name) as connection:
                    born = await connection.fetchval(_AS_BORN)
        try:
            from sqlalchemy import make_url  # noqa: PLC0415, TID251 - heavy

            yield make_url(self._address).set(database=name).render_as_string(hide_password=False)
        finally:
            if migrated and await self._emptied(name, born):
                self._spare.append((name, born))
            else:
                async with self._connected() as connection:
                    await _drop(connection, name)

    @asynccontextmanager
    async def _connected(self, database: str | None = None) -> AsyncIterator[Any]:
        import asyncpg  # noqa: PLC0415, TID251 - heavy; this is the door to SQL for tests
        from sqlalchemy import make_url  # noqa: PLC0415, TID251 - same

        url = make_url(self._address).set(drivername="postgresql")
        if database is not None:
            url = url.set(database=database)
        connection = await asyncpg.connect(url.render_as_string(hide_password=False))
        try:
            yield connection
        finally:
            await connection.close()

    async def _emptied(self, name: str, born: list[str]) -> bool:
        """Delete all rows of a database; return whether it is now as it was born.

        It is not while somebody is left in it, who might go on writing.
        """
        import asyncpg  # noqa: PLC0415, TID251 - as above

        try:
            async with self._connected(name) as connection:
                last = time.monotonic() + _LEAVE_SECONDS
                while await connection.fetchval(_OTHERS):
                    if time.monotonic() >= last:
                        return False
                    await asyncio.sleep(0.005)
                # Again, because a trigger may write where others were deleted
                while filled := [row[0] for row in await connection.fetch(_FILLED)]:
                    for one in filled:
                        await connection.execute(f"delete from {one}")  # noqa: S608 - our tables
                    # No place of an old row is left, so rows without an order lie as in a new one
                    await connection.execute(f"vacuum (truncate) {', '.join(filled)}")
                await connection.execute(_FROM_THE_START)
                return bool(await connection.fetchval(_AS_BORN) == born)
        except (asyncpg.PostgresError, OSError):
            return False  # a test may have dropped it, or what we look at


async def _drop(connection: Any, name: str, *, patience: float = 10.0) -> None:
    """Drop a database; PostgreSQL's own vacuum in it may not be ended by us, but ends by itself."""
    import asyncpg  # noqa: PLC0415, TID251 - as above

    last = time.monotonic() + patience
    while True:
        try:
            await connection.execute(f"drop database {name} with (force)")
        except asyncpg.InsufficientPrivilegeError:
            if time.monotonic() >= last:
                raise
            await asyncio.sleep(0.1)
        else:
            return


@contextmanager
def _shared_server(run_folder: Path) -> Iterator[str]:
    """Use the server of ``run_folder``, started by the first; it ends when nobody uses it."""
    users = _join(run_folder)
    keeper = None
    try:
        with (run_folder / "start.lock").open("w") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            if not (run_folder / "ready").exists():
                keeper = _start_keeper(run_folder)
        yield (run_folder / "ready").read_text(encoding="utf-8")
    finally:
        os.close(users)
        # Where tests run in several processes, others may go on using it
        if keeper is not None and "PYTEST_XDIST_WORKER" not in os.environ:
            keeper.wait(timeout=60)


def _join(run_folder: Path) -> int:
    while True:
        # Root's database runs under another account, which must be able to pass
        run_folder.mkdir(mode=0o711, exist_ok=True)
        lock = run_folder / "users.lock"
        try:
            users = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(users, fcntl.LOCK_SH)
        except FileNotFoundError:
            continue  # deleted between these two lines by a keeper that leaves
        try:
            if os.path.samestat(os.fstat(users), lock.stat()):
                return users
        except FileNotFoundError:
            pass  # we waited for a keeper that left and deleted it
        os.close(users)


def _start_keeper(run_folder: Path) -> _Keeper:
    log = run_folder / "keeper.log"
    with log.open("wb") as output:
        keeper = _Keeper(
            [sys.executable, "-P", str(_KEEPER), str(run_folder), _TEMPLATE],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    end = time.monotonic() + _START_SECONDS
    while not (run_folder / "ready").exists():
        if keeper.poll() is not None or time.monotonic() > end:
            keeper.kill()
            keeper.wait()
            said = log.read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"no PostgreSQL for the tests:\n{said}")
        time.sleep(_POLL)
    return keeper


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Give a data folder in which an embedded server can run, also for root; not yet there.

    Pytest's ``tmp_path`` lies in a 0700 folder, so root's database could not live in it.
    """
    with tempfile.TemporaryDirectory(prefix="chatcrew-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "data"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresForTests]:
    """Give the PostgreSQL of this test run; started at the first use."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or secrets.token_hex(16)
    folder = Path(tempfile.gettempdir()) / f"chatcrew-test-{os.geteuid()}-{run[:16]}"
    with _shared_server(folder) as address:
        yield PostgresForTests(address)


@pytest.fixture
async def database_url(postgres: PostgresForTests) -> AsyncIterator[str]:
    """Give the address of a database of the test's own, with all tables and no rows."""
    async with postgres.fresh() as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> "AsyncIterator[Database]":
    """Give an open ``Database`` of the test's own, with all tables and no rows."""
    from chatcrew.database import Database  # noqa: PLC0415 - heavy, see the top

    async with await Database.open(database_url, pool_size=5) as opened:
        yield opened
