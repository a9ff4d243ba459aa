"""Transactions and statements whose every failure is a ``StoreError``."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import cast

import asyncpg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.database._database import Database
from chatcrew.errors import StoreError
from chatcrew.points import Step, stepped


@asynccontextmanager
async def transaction(
    database: Database, *, step: Step | None = None
) -> AsyncIterator[AsyncConnection]:
    """Give a connection inside a transaction: committed at the end, rolled back on error.

    Args:
        database: which.
        step: what it is called on a message's way; None: it is on none.

    Raises:
        StoreError: the database is away, or it refused a statement; values are never in the text.
    """
    with _told():
        stepped(step, "asked")
        async with database.quick() as connection:
            # it has as much of SQLAlchemy's interface as our SQL uses
            yield cast(AsyncConnection, connection)
            stepped(step, "written")
        stepped(step, "committed")


@asynccontextmanager
async def statement(
    database: Database, *, step: Step | None = None
) -> AsyncIterator[AsyncConnection]:
    """Give a connection for one statement, which needs no transaction around it.

    Raises:
        StoreError: as ``transaction``.
    """
    with _told():
        stepped(step, "asked")
        async with database.quick_alone() as connection:
            yield cast(AsyncConnection, connection)
            stepped(step, "written")
        stepped(step, "committed")


@asynccontextmanager
async def snapshot(database: Database) -> AsyncIterator[AsyncConnection]:
    """Give a connection that sees everything as it was at one moment, and changes nothing.

    Raises:
        StoreError: as ``transaction``.
    """
    with _told():
        async with database.connect() as connection:
            await connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            async with connection.begin():
                yield connection


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        cause = getattr(error, "orig", None) or error
        raise StoreError(f"the database refused: {type(cause).__name__}") from error
