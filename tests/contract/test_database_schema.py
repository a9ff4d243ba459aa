"""Migrations: run once, in one line, refused backwards, and agreeing with schema.py."""

import asyncio
import importlib.util
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, make_url, text
from structlog.testing import capture_logs

from chatcrew.database import Database, migrate
from chatcrew.database._migrate import MIGRATIONS
from chatcrew.database.schema import metadata
from chatcrew.errors import StoreError
from chatcrew.testing._postgres import PostgresForTests

VERSIONS = sorted((MIGRATIONS / "versions").glob("[0-9]*.py"))


def differences(connection: Connection) -> list[Any]:
    """Return what Alembic would change to make the database what schema.py says."""
    options = {"compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


async def test_the_migrated_database_is_what_schema_py_says(database: Database) -> None:
    """Neither a table, a column, an index nor a default differs between the two."""
    async with database.begin() as connection:
        assert await connection.run_sync(differences) == []


def test_revisions_stand_in_one_line_and_are_named_by_their_number() -> None:
    """File NNNN_slug.py holds revision NNNN, which follows the one before it."""
    before = None
    for number, path in enumerate(VERSIONS, start=1):
        spec = importlib.util.spec_from_file_location(f"revision_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        assert path.stem[:5] == f"{number:04d}_"
        assert module.revision == f"{number:04d}"
        assert module.down_revision == before
        before = module.revision


async def test_processes_that_come_at_once_migrate_once(postgres: PostgresForTests) -> None:
    """Under contention one runs the migrations and the others find them done."""
    async with postgres.fresh(migrated=False) as url:
        databases = [await Database.open(url) for _ in range(4)]
        with capture_logs() as logs:
            await asyncio.gather(*(migrate(database) for database in databases))
        assert [line["event"] for line in logs].count("database.migrated") == 1
        async with databases[0].begin() as connection:
            assert await connection.run_sync(differences) == []
            found = list(await connection.scalars(text("select version_num from alembic_version")))
        assert found == [VERSIONS[-1].stem[:4]]
        for database in databases:
            await database.close()


async def test_migrating_again_does_nothing(database: Database) -> None:
    """A start without an update finds nothing to do."""
    with capture_logs() as logs:
        await migrate(database)
    assert logs == []


async def test_a_newer_database_is_refused(database: Database) -> None:
    """An old program does not run on tables it does not know."""
    async with database.begin() as connection:
        await connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(StoreError, match=r"revision '9999'.*start the newer chatcrew"):
        await migrate(database)


async def test_a_failed_migration_leaves_nothing_behind(postgres: PostgresForTests) -> None:
    """All revisions run in one transaction: half a schema never stays."""
    async with postgres.fresh(migrated=False) as url, await Database.open(url) as database:
        async with database.begin() as connection:
            # in the way of a table that a later revision makes
            await connection.execute(text("create table conversation (x int)"))
        with pytest.raises(Exception, match="already exists"):
            await migrate(database)
        async with database.begin() as connection:
            await connection.execute(text("drop table conversation"))
            assert await connection.scalar(text("select to_regclass('alembic_version')")) is None
        await migrate(database)


async def test_pgvector_is_there(database: Database) -> None:
    """The embedded server brings vectors, for us who are not its superuser too."""
    async with database.begin() as connection:
        distance = await connection.scalar(text("select '[1,2]'::vector <-> '[1,4]'::vector"))
    assert distance == 2


async def test_without_the_right_to_add_pgvector_the_rest_works(postgres: PostgresForTests) -> None:
    """On a small external server the extension is missed aloud and nothing fails."""
    async with postgres.fresh(migrated=False) as url, await Database.open(url) as database:
        engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        name = f"{make_url(url).database}_bare"
        async with engine.connect() as connection:
            await connection.exec_driver_sql(f"create database {name} template template0")
        try:
            async with await Database.open(make_url(url).set(database=name)) as bare:
                with capture_logs() as logs:
                    await migrate(bare)
            assert "database.no_pgvector" in [line["event"] for line in logs]
        finally:
            async with engine.connect() as connection:
                await connection.exec_driver_sql(f"drop database {name} with (force)")
