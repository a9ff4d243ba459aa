"""The quick connection: the same transactions and the same two kinds of errors, less in between."""

import asyncpg
import pytest
from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.errors import StoreError

TABLE = text("create table kept (number int primary key, word text)")
ADD = text("insert into kept values (cast(:number as int), cast(:word as text))")
ALL = text("select number, word from kept order by number")


@pytest.fixture
async def kept(database: Database) -> Database:
    """Give a database with an empty table."""
    async with database.begin() as connection:
        await connection.execute(TABLE)
    return database


async def test_a_quick_transaction_is_kept_whole_or_not_at_all(kept: Database) -> None:
    """The second one breaks a rule at its end and leaves nothing."""
    async with kept.quick() as connection:
        await connection.execute(ADD, {"number": 1, "word": "um"})
    with pytest.raises(asyncpg.UniqueViolationError):  # noqa: PT012 - the first insert is what is undone
        async with kept.quick() as connection:
            await connection.execute(ADD, {"number": 2, "word": "dois"})
            await connection.execute(ADD, {"number": 1, "word": "um"})
    async with kept.quick() as connection:
        assert [tuple(row) for row in await connection.execute(ALL)] == [(1, "um")]


async def test_values_go_by_name_also_where_a_name_stands_twice(kept: Database) -> None:
    """Any order of the dictionary, a name used twice, colons of casts and texts left alone."""
    statement = text(
        "select cast(:b as text), cast(:a as int), cast(:b as text) || '\\:a', cast(:a as int) + 1"
    )
    async with kept.quick() as connection:
        ((second, first, both, more),) = await connection.execute(statement, {"a": 7, "b": "x"})
    assert (first, second, both, more) == (7, "x", "x:a", 8)


@pytest.mark.parametrize("number", ["seven", 2**70])
async def test_a_value_of_the_wrong_type_is_not_a_database_that_is_away(
    kept: Database, number: object
) -> None:
    """Its author is told, nobody waits for the database, and the connection still works."""
    with pytest.raises(asyncpg.DataError, match="invalid input for query argument"):
        async with kept.quick() as connection:
            await connection.execute(ADD, {"number": number, "word": "?"})
    async with kept.quick() as connection:
        assert not await connection.execute(ALL)


async def test_a_quick_connection_that_is_cut_is_a_store_error(kept: Database) -> None:
    """The caller learns that the database went away; the next use gets another connection."""
    with pytest.raises(StoreError, match="went away"):
        async with kept.quick() as connection:
            await connection.execute(text("select pg_terminate_backend(pg_backend_pid())"))
    async with kept.quick() as connection:
        assert not await connection.execute(ALL)
