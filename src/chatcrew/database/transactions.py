"""Transactions and statements whose every failure is a ``StoreError``."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

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
        async with database.begin() as connection:
            yield connection
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
        async with database.alone() as connection:
            yield connection
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
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise StoreError(f"the database refused: {type(cause).__name__}") from error
