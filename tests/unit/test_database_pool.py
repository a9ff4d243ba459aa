"""The connection pool: errors by who must act, JSON, and life after a lost connection."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, IntegrityError

from chatcrew.database import Database, EmbeddedServer
from chatcrew.errors import StoreError


async def test_a_transaction_is_committed_at_the_end_and_rolled_back_on_error(
    database: Database,
) -> None:
    """begin() keeps everything or nothing."""
    async with database.begin() as connection:
        await connection.execute(text("create table kept (number int primary key)"))
        await connection.execute(text("insert into kept values (1)"))
    with pytest.raises(IntegrityError):  # noqa: PT012 - the first insert is what is undone
        async with database.begin() as connection:
            await connection.execute(text("insert into kept values (2)"))
            await connection.execute(text("insert into kept values (1)"))
    async with database.connect() as connection:
        assert list(await connection.scalars(text("select number from kept"))) == [1]


async def test_a_broken_rule_is_not_a_store_error(database: Database) -> None:
    """A constraint says something about the statement, so it passes as SQLAlchemy's error."""
    async with database.begin() as connection:
        await connection.execute(text("create table kept (number int primary key)"))
    with pytest.raises(IntegrityError):
        async with database.begin() as connection:
            await connection.execute(text("insert into kept values (1), (1)"))


async def test_errors_do_not_quote_values(database: Database) -> None:
    """A customer's words never stand in an exception's text (no PII in logs)."""
    with pytest.raises(DBAPIError) as caught:
        async with database.begin() as connection:
            await connection.execute(
                text("select (:words)::jsonb -> 'x', 1 / (:zero)::int"),
                {"words": '{"x": "meu CPF"}', "zero": "0"},
            )
    assert "CPF" not in str(caught.value)


async def test_json_goes_in_and_comes_out_as_it_was(database: Database) -> None:
    """JSONB values keep their types and their letters."""
    value = {"texto": "ação 🙂", "lista": [1, 2.5, None, True], "fundo": {"a": {"b": []}}}
    statement = text("select (:value)::jsonb").bindparams(bindparam("value", type_=JSONB))
    async with database.begin() as connection:
        assert await connection.scalar(statement.columns(), {"value": value}) == value


async def test_a_connection_lost_inside_a_transaction_is_a_store_error(
    database: Database,
) -> None:
    """The caller learns that the database went away, and the next use works."""
    with pytest.raises(StoreError, match="went away"):
        async with database.begin() as connection:
            await connection.execute(text("select pg_terminate_backend(pg_backend_pid())"))
    await database.ping()


async def test_connections_that_died_idle_are_replaced_unseen(database: Database) -> None:
    """After the server closed every pooled connection, no user of the pool notices."""
    await asyncio.gather(*(database.ping() for _ in range(5)))
    mine = text("select pg_backend_pid()")
    others = text(
        "select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )
    async with await Database.open(database.address) as killer, killer.begin() as connection:
        assert await connection.scalar(others) >= 1
    await asyncio.gather(*(database.ping() for _ in range(5)))
    async with database.connect() as connection:
        assert await connection.scalar(mine) > 0


async def test_a_connection_idle_for_long_is_asked_first(database: Database) -> None:
    """What a firewall dropped silently would be found out before it is used."""
    records: list[Any] = []
    event.listen(
        database.engine.sync_engine, "checkout", lambda _, record, __: records.append(record)
    )
    await database.ping()
    records[-1].info["chatcrew_returned"] -= 3600
    asked: list[str] = []
    connection = records[-1].dbapi_connection.driver_connection
    connection.add_query_logger(lambda record: asked.append(record.query))
    await database.ping()
    assert len(records) == 2
    assert ";" in asked


async def test_a_full_pool_is_a_store_error(database_url: str) -> None:
    """Who gets no connection in time is told so."""
    async with (
        await Database.open(database_url, pool_size=1, overflow=0, pool_timeout=0.05) as database,
        database.connect(),
    ):
        with pytest.raises(StoreError, match="cannot connect"):
            await database.ping()


async def test_a_statement_without_end_is_a_store_error(database_url: str) -> None:
    """A database that does not answer a statement does not hold us for ever."""
    async with await Database.open(database_url, command_seconds=0.1) as database:
        with pytest.raises(StoreError, match="went away"):
            async with database.begin() as connection:
                await connection.execute(text("select pg_sleep(60)"))
        await database.ping()


async def test_nobody_there_is_a_store_error_that_names_no_secret(tmp_path: Path) -> None:
    """An address where nobody listens is told at opening, without its password."""
    url = f"postgresql://me:hush@/db?host={tmp_path}"
    with pytest.raises(StoreError, match="cannot connect") as caught:
        await Database.open(url)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("url", ["sqlite:///x.db", "mysql://me:hush@localhost/x", "nonsense hush"])
async def test_another_kind_of_database_is_refused(url: str) -> None:
    """Only PostgreSQL addresses are taken, and the error shows no password."""
    with pytest.raises(StoreError, match="CHATCREW_DATABASE_URL") as caught:
        await Database.open(url)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
async def test_the_usual_spellings_of_an_address_work(database_url: str, scheme: str) -> None:
    """Libpq's form, with its options, and SQLAlchemy's form are the same to us."""
    url = database_url.replace("postgresql+asyncpg", scheme) + "&sslmode=disable"
    async with await Database.open(url) as database:
        await database.ping()


@pytest.mark.usefixtures("second_start")
async def test_the_pool_comes_back_with_the_server(data_dir: Path) -> None:
    """While the server is away every use fails at once; after that the same pool works."""
    server = EmbeddedServer(data_dir, durable=False)
    await server.start()
    async with await Database.open(server.url) as database:
        await asyncio.gather(*(database.ping() for _ in range(5)))
        await server.stop()
        with pytest.raises(StoreError):
            await database.ping()
        await server.start()
        await database.ping()
    await server.stop()
