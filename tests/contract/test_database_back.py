"""Tables go forth and back, revision by revision, with rows in them (S2-40)."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.database import (
    CannotGoBack,
    Database,
    downgrade,
    known_revisions,
    migrate,
    revision_of,
    upgrade,
)
from chatcrew.testing._everywhere_sql import plant_everywhere
from chatcrew.testing._postgres import PostgresForTests

NAME = "chatcrew-schema"

_CATALOG = text(r"""
    select 'column ' || table_name || '.' || column_name || ' ' || data_type || ' '
        || is_nullable || ' ' || coalesce(column_default, '') || ' ' || is_identity
    from information_schema.columns where table_schema = 'public'
    union all
    select 'index ' || indexdef from pg_indexes where schemaname = 'public'
    union all
    select 'constraint ' || conrelid::regclass || ' ' || conname || ' '
        || pg_get_constraintdef(oid)
    from pg_constraint where connamespace = 'public'::regnamespace
    union all
    select 'trigger ' || pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
    union all
    select 'function ' || p.oid::regprocedure from pg_proc as p
    left join pg_depend as d on d.objid = p.oid and d.deptype = 'e'
    where p.pronamespace = 'public'::regnamespace and d.objid is null
    union all
    select 'sequence ' || sequencename from pg_sequences where schemaname = 'public'
    order by 1
""")


async def catalog(connection: AsyncConnection) -> list[str]:
    """Return everything that the schema consists of, a line each."""
    return list(await connection.scalars(_CATALOG))


@pytest.fixture
async def empty(postgres: PostgresForTests) -> AsyncIterator[Database]:
    """A database without tables, which nobody else is connected to."""
    async with (
        postgres.fresh(migrated=False) as url,
        await Database.open(url, name=NAME) as database,
    ):
        yield database


async def test_each_revision_is_undone_to_exactly_what_was_there_before(empty: Database) -> None:
    """Up step by step, down step by step with a row in every table, and up again."""
    known = await known_revisions()
    seen = {}
    for revision in known:
        async with empty.begin() as connection:
            await upgrade(connection, to=revision)
            seen[revision] = await catalog(connection)
    await plant_everywhere(empty, 1, "health/varizemed")
    async with empty.begin() as connection:
        await connection.execute(text("delete from sealing_key"))

    for revision in reversed(known[:-1]):
        await downgrade(empty, to=revision, name=NAME)
        async with empty.begin() as connection:
            assert await catalog(connection) == seen[revision], revision
            assert await revision_of(connection) == revision

    await migrate(empty)
    async with empty.begin() as connection:
        assert await catalog(connection) == seen[known[-1]]


async def test_conversations_stay_when_only_newer_tables_go(empty: Database) -> None:
    """What the older code knows too is still there afterwards."""
    await migrate(empty)
    await plant_everywhere(empty, 1, "health/varizemed")
    async with empty.begin() as connection:
        await connection.execute(text("delete from sealing_key"))

    await downgrade(empty, to="0022", name=NAME)

    async with empty.begin() as connection:
        for table in ("conversation", "message", "turn", "contact_fact", "kept_answer"):
            assert await connection.scalar(text(f"select count(*) from {table}")) == 1


@pytest.mark.parametrize(
    ("to", "why"), [("9999", "unknown"), ("head", "unknown"), ("newest", "not_older")]
)
async def test_only_an_older_revision_can_be_gone_back_to(
    empty: Database, to: str, why: str
) -> None:
    """A revision nobody knows, and the present one, change nothing."""
    await migrate(empty)
    newest = (await known_revisions())[-1]

    with pytest.raises(CannotGoBack) as caught:
        await downgrade(empty, to=newest if to == "newest" else to, name=NAME)

    assert caught.value.why == why


async def test_nothing_goes_back_while_somebody_works_with_the_tables(empty: Database) -> None:
    """A worker on tables that are gone would fail in the middle of a turn."""
    await migrate(empty)
    async with await Database.open(empty.address, name="chatcrew-worker-1"):
        with pytest.raises(CannotGoBack) as caught:
            await downgrade(empty, to="0022", name=NAME)

    assert (caught.value.why, caught.value.names) == ("in_use", ["chatcrew-worker-1"])


async def test_what_is_sealed_is_not_left_to_code_that_cannot_read_it(empty: Database) -> None:
    """Before 0026 nothing opens sealed words: the keys are named, and nothing changes."""
    await migrate(empty)
    async with empty.begin() as connection:
        await connection.execute(
            text("insert into sealing_key values ('k202611', 'proof', '2026-11-22T00:00Z')")
        )

    with pytest.raises(CannotGoBack) as caught:
        await downgrade(empty, to="0025", name=NAME)
    await downgrade(empty, to="0026", name=NAME)

    assert (caught.value.why, caught.value.names) == ("sealed", ["k202611"])
