"""Knowledge: each version by itself, for as long as anybody uses it; over PostgreSQL and memory."""

import asyncio
import importlib.util
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, text

from chatcrew.database import Database, migrate
from chatcrew.database._migrate import MIGRATIONS
from chatcrew.knowledge import Knowledge, MemoryKnowledge, PostgresKnowledge
from chatcrew.tenancy.model import Faq
from chatcrew.testing import ManualClock
from chatcrew.testing._postgres import PostgresForTests

SHOP = (
    Faq("Qual o prazo de entrega?", "Entregamos em 3 dias.", ("frete",), ("shop.yaml", 3)),
    Faq("Vocês trocam produtos?", "Trocamos em até 7 dias.", ("devolução",), ("shop.yaml", 7)),
    Faq("Onde fica a loja?", "Na Rua das Flores, 10.", ("endereço",), ("shop.yaml", 11)),
)
MOVED = (*SHOP[:2], replace(SHOP[2], answer="Na Praça Nova, 1."))

Pass = Callable[[timedelta], Awaitable[None]]
"""Lets time go by for a store."""


@pytest.fixture(params=["memory", "held", "postgres"])
def shelf(request: pytest.FixtureRequest) -> tuple[Knowledge, Pass]:
    """Give an empty store of each kind, and its time."""
    if request.param == "memory":
        clock = ManualClock()
        return MemoryKnowledge(clock), lambda time: clock.advance(time.total_seconds())
    database: Database = request.getfixturevalue("database")

    async def age(time: timedelta) -> None:
        older = text("""
            update knowledge_source set touched_at = touched_at - cast(:time as interval)
        """)
        async with database.begin() as connection:
            await connection.execute(older, {"time": time})

    small = {} if request.param == "held" else {"small": 0}
    return PostgresKnowledge(database, **small), age


@pytest.fixture
def knowledge(shelf: tuple[Knowledge, Pass]) -> Knowledge:
    """Give an empty store of each kind."""
    return shelf[0]


async def texts(knowledge: Knowledge, question: str, *, version: str) -> list[str]:
    """Return the best text that ``shop/a`` has for a question, if any."""
    found = await knowledge.search("shop/a", question, version=version, limit=1)
    return [one.text for one in found]


async def test_versions_stand_beside_each_other_and_none_changes(knowledge: Knowledge) -> None:
    """Who goes by the old files reads what they say, whoever came with new ones (S4-29)."""
    assert await knowledge.sync("shop/a", SHOP, version="1")
    assert await knowledge.sync("shop/a", MOVED, version="2")

    where = "onde fica a loja?"
    assert await texts(knowledge, where, version="1") == ["Na Rua das Flores, 10."]
    assert await texts(knowledge, where, version="2") == ["Na Praça Nova, 1."]
    assert await texts(knowledge, where, version="3") == []

    # A process with the old files starts
    assert not await knowledge.sync("shop/a", SHOP, version="1")
    assert await texts(knowledge, where, version="2") == ["Na Praça Nova, 1."]


async def test_a_deleted_entry_is_gone_with_its_version(knowledge: Knowledge) -> None:
    """What stood in an older version of the file is in no answer of the newer."""
    await knowledge.sync("shop/a", SHOP, version="1")
    await knowledge.sync("shop/a", SHOP[:2], version="2")
    await knowledge.sync("shop/a", (), version="3")

    assert await texts(knowledge, "onde fica a loja?", version="2") == []
    assert await texts(knowledge, "prazo de entrega", version="2") == ["Entregamos em 3 dias."]
    assert await texts(knowledge, "prazo de entrega", version="3") == []


async def test_the_words_of_one_version_weigh_nothing_in_another(knowledge: Knowledge) -> None:
    """What is rare and what is common is counted per version."""
    await knowledge.sync("shop/a", SHOP, version="1")
    alone = await knowledge.search("shop/a", "prazo de entrega", version="1")
    many = [Faq(f"Prazo de entrega {n}?", "x", (), ("shop.yaml", n)) for n in range(50)]
    await knowledge.sync("shop/a", many, version="2")

    assert await knowledge.search("shop/a", "prazo de entrega", version="1") == alone


async def test_what_is_in_use_and_the_newest_stay_and_the_rest_is_forgotten(
    shelf: tuple[Knowledge, Pass],
) -> None:
    """A version is deleted once nobody has synced it for long, never while somebody does."""
    knowledge, pass_by = shelf
    for number in range(1, 7):
        await knowledge.sync("shop/a", SHOP, version=str(number))
        await pass_by(timedelta(hours=1))
    await knowledge.sync("shop/b", SHOP, version="1")
    assert await knowledge.forget(unused=timedelta(days=2)) == 0

    await pass_by(timedelta(days=3))
    assert not await knowledge.sync("shop/a", SHOP, version="1")  # as running workers do
    assert await knowledge.forget(unused=timedelta(days=2)) == 3
    assert await knowledge.forget(unused=timedelta(days=2)) == 0

    kept = [n for n in "123456" if await texts(knowledge, "prazo de entrega", version=n)]
    assert kept == ["1", "5", "6"]
    assert await knowledge.search("shop/b", "prazo de entrega", version="1")


async def test_a_forgotten_version_that_comes_back_is_written_again(
    shelf: tuple[Knowledge, Pass],
) -> None:
    """Undoing a change in the file undoes it in the answers, however long after."""
    knowledge, pass_by = shelf
    await knowledge.sync("shop/a", SHOP, version="1")
    await pass_by(timedelta(hours=1))
    for version in "234":
        await knowledge.sync("shop/a", MOVED, version=version)
    await pass_by(timedelta(days=3))
    assert await knowledge.forget(unused=timedelta(days=2)) == 1

    assert await knowledge.sync("shop/a", SHOP, version="1")
    assert await texts(knowledge, "onde fica a loja?", version="1") == ["Na Rua das Flores, 10."]


async def test_workers_that_start_together_write_it_once(database: Database) -> None:
    """Four workers sync the same version at once: one writes, none fails, nothing is doubled."""
    workers = [PostgresKnowledge(database) for _ in range(4)]

    wrote = await asyncio.gather(*(w.sync("shop/a", SHOP, version="1") for w in workers))

    assert sorted(wrote) == [False, False, False, True]
    found = await workers[0].search("shop/a", "prazo loja trocam", version="1", limit=9)
    assert len(found) == 3


async def test_a_search_beside_a_sync_sees_all_of_a_version_or_nothing(
    database: Database,
) -> None:
    """Adding is one transaction: no search ever finds half a shelf."""
    writer, reader = PostgresKnowledge(database), PostgresKnowledge(database)
    entries = [Faq(f"Prazo {n}?", "x", (), ("shop.yaml", n)) for n in range(10)]

    async def write() -> None:
        for number in range(6):
            await writer.sync("shop/a", entries, version=str(number))

    seen = set()
    writing = asyncio.create_task(write())
    while not writing.done():
        for number in range(6):
            found = await reader.search("shop/a", "prazo", version=str(number), limit=20)
            seen.add(len(found))
    await writing

    assert seen <= {0, 10}
    assert 10 in seen


async def test_workers_that_forget_and_sync_at_once_lose_nothing(database: Database) -> None:
    """What a starting worker says it uses is there after it, whoever tidies at that moment."""
    workers = [PostgresKnowledge(database) for _ in range(3)]
    versions = [str(number) for number in range(8)]
    for version in versions:
        await workers[0].sync("shop/a", SHOP, version=version)
    async with database.begin() as connection:
        await connection.execute(text("update knowledge_source set touched_at = '2020-01-01'"))

    async def start(worker: PostgresKnowledge) -> None:
        for version in versions:
            await worker.sync("shop/a", SHOP, version=version)

    async def tidy(worker: PostgresKnowledge) -> None:
        for _ in versions:
            await worker.forget(unused=timedelta(days=2))

    await asyncio.gather(tidy(workers[0]), start(workers[1]), start(workers[2]))

    for version in versions:
        found = await texts(workers[0], "prazo de entrega", version=version)
        assert found == ["Entregamos em 3 dias."], version


async def test_what_was_indexed_before_versions_stood_apart_is_found_after_the_update(
    postgres: PostgresForTests,
) -> None:
    """Revision 0008 keeps every answer, and the first start afterwards writes nothing."""

    def old_tables(connection: Connection) -> None:
        context = MigrationContext.configure(connection)
        for path in sorted((MIGRATIONS / "versions").glob("000[1-7]_*.py")):
            spec = importlib.util.spec_from_file_location(path.stem, path)
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            with Operations.context(context):
                module.upgrade()

    async with postgres.fresh(migrated=False) as url, await Database.open(url) as database:
        async with database.begin() as connection:
            await connection.run_sync(old_tables)
            await connection.execute(text("create table alembic_version (version_num text)"))
            await connection.execute(text("insert into alembic_version values ('0007')"))
            source = text("""
                insert into knowledge_source values ('shop/a', '1:abc', 1, cast(:words as jsonb))
            """)
            words = orjson.dumps({"onde": 1, "loj": 1}).decode()
            await connection.execute(source, {"words": words})
            await connection.execute(
                text("""
                    insert into knowledge_entry values ('shop/a', 0, 'shop.yaml:11',
                        'Onde fica a loja?', 'Na Rua das Flores, 10.',
                        '[["loj"]]', '[]', '[]', to_tsvector('simple', 'loj'))
                """)
            )
        await migrate(database)
        knowledge = PostgresKnowledge(database)

        assert await texts(knowledge, "a loja?", version="abc") == ["Na Rua das Flores, 10."]
        assert not await knowledge.sync("shop/a", SHOP[2:], version="abc")
        assert await knowledge.sync("shop/a", MOVED, version="def")
        assert await texts(knowledge, "a loja?", version="abc") == ["Na Rua das Flores, 10."]
