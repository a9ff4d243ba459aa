"""The quick connection: the same transactions and the same two kinds of errors, less in between."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert, select, text
from sqlalchemy.exc import MultipleResultsFound, NoResultFound

from chatcrew.database import Database, _pool
from chatcrew.database.transactions import statement, transaction
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


async def test_rows_are_read_by_position_and_by_name(kept: Database) -> None:
    """What SQLAlchemy's rows and mappings offer, the quick ones do too."""
    async with transaction(kept) as connection:
        added = await connection.execute(ADD, {"number": 1, "word": "um"})
        await connection.execute(ADD, {"number": 2, "word": "dois"})
        row = (await connection.execute(ALL)).first()
        mappings = (await connection.execute(ALL)).mappings().all()
        words = (await connection.scalars(text("select word from kept order by number"))).all()
        changed = await connection.execute(text("update kept set word = upper(word)"))
        none = (await connection.execute(text("select 1 where false"))).one_or_none()

    assert row is not None
    assert (row.number, row.word, row[0], *row) == (1, "um", 1, 1, "um")
    assert [dict(one) for one in mappings] == [
        {"number": 1, "word": "um"},
        {"number": 2, "word": "dois"},
    ]
    assert words == ["um", "dois"]
    assert (added.rowcount, changed.rowcount, none) == (1, 2, None)
    with pytest.raises(AttributeError):
        _ = row.missing


async def test_more_than_the_one_row_that_was_asked_for_is_an_error(kept: Database) -> None:
    """A query that finds too much, or nothing, is not answered with what came first."""
    async with statement(kept) as connection:
        with pytest.raises(MultipleResultsFound):
            (await connection.execute(text("select * from generate_series(1, 2)"))).one()
        with pytest.raises(NoResultFound):
            (await connection.execute(text("select 1 where false"))).scalar_one()


async def test_what_sqlalchemy_does_is_part_of_the_same_transaction(kept: Database) -> None:
    """Many rows in one call and tables of SQLAlchemy go its way, and are undone with the rest."""
    table = Table("kept", MetaData(), Column("number", Integer), Column("word", Text))
    many = [{"number": 1, "word": "um"}, {"number": 2, "word": "dois"}]
    with pytest.raises(StoreError, match="refused: UniqueViolation"):  # noqa: PT012 - all of it is undone
        async with transaction(kept) as connection:
            await connection.execute(ADD, many)
            await connection.execute(insert(table).values(number=3, word="três"))
            assert len((await connection.execute(select(table))).all()) == 3
            await connection.execute(ADD, {"number": 3, "word": "de novo"})
    async with transaction(kept) as connection:
        await connection.execute(insert(table), many)
    async with statement(kept) as connection:
        assert await connection.scalar(text("select count(*) from kept")) == 2


async def test_who_waits_gets_the_connection_that_comes_back(database_url: str) -> None:
    """One connection serves everybody in turn, quick or not, and nobody fails."""
    async with await Database.open(database_url, pool_size=1, overflow=0) as database:
        number = text("select pg_backend_pid()")

        async def quick() -> int:
            async with statement(database) as connection:
                return int(await connection.scalar(number) or 0)

        async def slow() -> int:
            async with database.connect() as connection:
                return int(await connection.scalar(number) or 0)

        seen = await asyncio.gather(*(quick() for _ in range(5)))
        seen += [await slow(), await quick(), await slow()]
    assert len(set(seen)) == 1


async def test_who_gives_up_waiting_takes_no_connection_along(database_url: str) -> None:
    """Neither a time limit nor a cancelled task costs the pool a connection."""
    database = await Database.open(database_url, pool_size=1, overflow=0, pool_timeout=0.05)
    async with database:
        async with statement(database) as connection:
            with pytest.raises(StoreError, match="cannot connect"):
                async with statement(database):
                    pass
            waiting = asyncio.create_task(_ask(database))
            await asyncio.sleep(0)
            waiting.cancel()
            await connection.execute(text("select 1"))
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await _ask(database) == 1


async def test_a_transaction_that_is_cancelled_is_undone(kept: Database) -> None:
    """A task that ends in the middle leaves neither rows nor a transaction behind."""
    begun = asyncio.Event()

    async def write() -> None:
        async with transaction(kept) as connection:
            await connection.execute(ADD, {"number": 1, "word": "um"})
            begun.set()
            await connection.execute(text("select pg_sleep(60)"))

    task = asyncio.create_task(write())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with transaction(kept) as connection:
        assert not (await connection.execute(ALL)).all()


@pytest.mark.parametrize("gives_up", ["is cancelled", "runs out of time"])
async def test_who_gives_up_in_the_middle_of_begin_leaves_no_transaction_to_the_next(
    database_url: str, gives_up: str
) -> None:
    """What the next user of that place commits is there for everybody, and stays there."""
    async with (
        await Database.open(database_url, pool_size=1, overflow=0, command_seconds=1.0) as database,
        await Database.open(database_url) as other,
    ):
        async with other.begin() as connection:
            await connection.execute(TABLE)
        async with _stopped(database):
            writing = asyncio.create_task(_write(database, 1))
            if gives_up == "is cancelled":
                await asyncio.sleep(0.05)  # BEGIN is on its way, and nobody reads it
                writing.cancel()
            await asyncio.wait([writing])
        with pytest.raises((asyncio.CancelledError, StoreError, TimeoutError)):
            await writing
        await _write(database, 2)
        async with statement(database) as one:
            await one.execute(ADD, {"number": 3, "word": "três"})
        await _write(database, 4)
        async with statement(other) as two:
            assert (await two.scalars(text("select number from kept order by 1"))).all() == [
                2,
                3,
                4,
            ]


async def test_who_gives_up_while_an_idle_connection_is_asked_costs_no_place(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check of readiness that ends before the ping does, again and again, with one place."""
    monkeypatch.setattr(_pool, "_IDLE_SECONDS", 0.0)
    async with await Database.open(database_url, pool_size=1, overflow=0) as database:
        for _ in range(2):
            async with _stopped(database):
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.05):
                        await _ask(database)
            assert await _ask(database) == 1


@asynccontextmanager
async def _stopped(database: Database) -> AsyncIterator[None]:
    """Stop the server's process behind the only connection until the block ends."""
    async with statement(database) as connection:
        pid = int(await connection.scalar(text("select pg_backend_pid()")) or 0)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def _write(database: Database, number: int) -> None:
    async with transaction(database) as connection:
        await connection.execute(ADD, {"number": number, "word": ""})


async def _ask(database: Database) -> int:
    async with statement(database) as connection:
        return int(await connection.scalar(text("select 1")) or 0)
