"""Lets one process at a time take backups, whichever machine it runs on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text

from chatcrew.database import Database

# Any number that nobody else uses in this database ("back" in ASCII)
_ENTER = text("select pg_try_advisory_lock(1650549611)")
_LEAVE = text("select pg_advisory_unlock(1650549611)")


@asynccontextmanager
async def alone(database: Database) -> AsyncIterator[bool]:
    """Give whether it is our turn; it ends with the context, or with this process.

    Raises:
        StoreError: the database is away.
    """
    async with database.alone() as connection:
        mine = bool(await connection.scalar(_ENTER))
        try:
            yield mine
        finally:
            if mine:
                await connection.execute(_LEAVE)
