"""A transaction whose every failure is a ``StoreError``, for stores that never swallow one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.database._database import Database
from chatcrew.errors import StoreError


@asynccontextmanager
async def transaction(database: Database) -> AsyncIterator[AsyncConnection]:
    """Give a connection inside a transaction: committed at the end, rolled back on error.

    Raises:
        StoreError: the database is away, or it refused a statement; values are never in the text.
    """
    try:
        async with database.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise StoreError(f"the database refused: {type(cause).__name__}") from error
