"""Bring a database's tables to what this version of the code expects."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.database._database import Database
from chatcrew.errors import StoreError
from chatcrew.telemetry import get_logger

if TYPE_CHECKING:
    from chatcrew.database._alembic import Migrations

_log = get_logger("database")

MIGRATIONS = Path(__file__).with_name("migrations")
"""Alembic's folder; file ``versions/NNNN_slug.py`` holds revision ``NNNN``, in one line."""

# Any number that nobody else uses in this database ("chat" in ASCII)
TAKE_TURNS = text("select pg_advisory_xact_lock(1667784052)")


class NewerSchema(StoreError):
    """The tables are those of a newer chatcrew; only its admin can say what is to become of them.

    Args:
        revision: of the database.
        known: the newest this code knows.
    """

    def __init__(self, revision: str, known: str) -> None:
        super().__init__(
            f"the database is at revision {revision!r}, this version of chatcrew knows up to "
            f"{known!r}: start the newer chatcrew, or restore a backup made before it"
        )
        self.revision = revision
        self.known = known


async def check_revision(database: Database) -> None:
    """See that this code knows the tables; older ones, and none at all, are no fault.

    Raises:
        NewerSchema: it does not.
        StoreError: the database cannot be reached.
    """
    known = await asyncio.to_thread(_known_revisions)
    async with database.begin() as connection:
        await _is_current(connection, known)


async def migrate(database: Database) -> None:
    """Run the missing migrations in one transaction; processes that come at once take turns.

    Raises:
        NewerSchema: the database is newer than this code.
        StoreError: it cannot be reached.
    """
    known = await asyncio.to_thread(_known_revisions)
    async with database.begin() as connection:
        if await _is_current(connection, known):
            return
    migrations = await asyncio.to_thread(load_migrations)
    # A pool of its own, because an index on a large table takes longer than the usual limit
    async with (
        await Database.open(database.address, pool_size=1, command_seconds=None) as patient,
        patient.begin() as connection,
    ):
        await connection.execute(TAKE_TURNS)
        if await _is_current(connection, known):
            return  # another process did it while we waited
        await connection.run_sync(migrations.upgrade)
    _log.info("database.migrated", to=known[-1])


async def known_revisions() -> list[str]:
    """Return the revisions that this code knows, oldest first."""
    return await asyncio.to_thread(_known_revisions)


async def revision_of(connection: AsyncConnection) -> str | None:
    """Return the revision of the tables, or None where there are none."""
    there = await connection.scalar(text("select to_regclass('alembic_version') is not null"))
    if not there:
        return None
    found: str | None = await connection.scalar(text("select version_num from alembic_version"))
    return found


async def upgrade(connection: AsyncConnection, *, to: str = "head") -> None:
    """Run the missing migrations up to ``to`` in the transaction of ``connection``."""
    migrations = await asyncio.to_thread(load_migrations)
    await connection.execute(TAKE_TURNS)
    await connection.run_sync(migrations.upgrade, to)


def _known_revisions() -> list[str]:
    return sorted(path.stem[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


async def _is_current(connection: AsyncConnection, known: list[str]) -> bool:
    there = await connection.scalar(text("select to_regclass('alembic_version') is not null"))
    if not there:
        return False
    revision = await connection.scalar(text("select version_num from alembic_version"))
    if revision is not None and revision not in known:
        raise NewerSchema(revision, known[-1])
    return bool(revision == known[-1])


def load_migrations() -> "Migrations":
    """Return the revisions; blocks."""
    from chatcrew.database._alembic import Migrations  # noqa: PLC0415 - 0.1 s, after updates only

    return Migrations(MIGRATIONS)
