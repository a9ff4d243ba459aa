"""A small version is held whole in the process, and found in as PostgreSQL would (S1-74)."""

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from sqlalchemy import text
from tests.contract.test_knowledge_documents import POLICY, written

from chatcrew.database import Database
from chatcrew.intents import Slips
from chatcrew.knowledge import PostgresKnowledge
from chatcrew.knowledge._passages import ANALYSIS
from chatcrew.knowledge._score import Entry, Weighed
from chatcrew.knowledge._shelf import SMALL, Shelf, Shelves
from chatcrew.knowledge._versions_sql import Versions
from chatcrew.tenancy import load
from chatcrew.tenancy.model import Faq, Tenant
from chatcrew.tools import names

ROOT = Path(__file__).parents[2]
ASKED = ROOT / "tests" / "samples" / "knowledge_varizemed.yaml"
SHOP = (
    Faq("Qual o prazo de entrega?", "Entregamos em 3 dias.", ("frete",), ("shop.yaml", 3)),
    Faq("Onde fica a loja?", "Na Rua das Flores, 10.", ("endereço",), ("shop.yaml", 11)),
)


@pytest.fixture(scope="module")
def clinic() -> Tenant:
    """Give the clinic that is shipped, with a document beside its questions."""
    found = load(ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews", tools=names())
    return found.tenants["health/varizemed"]


async def test_what_is_held_is_found_in_as_the_database_finds(
    database: Database, clinic: Tenant
) -> None:
    """The same passages in the same order, with the same scores, of the very same are certain."""
    batches = yaml.safe_load(ASKED.read_text(encoding="utf-8"))
    groups = [batches["first"], batches["second"]]
    asked = [one for group in groups for questions in group.values() for one in questions]
    asked += [one.question for one in clinic.faq]
    held, large = PostgresKnowledge(database), PostgresKnowledge(database, small=0)
    await held.sync("a/b", clinic.faq, version="1", documents=clinic.documents)

    assert len(asked) > 50
    for question in asked:
        for today in (date(2026, 3, 2), date(2031, 1, 1)):
            here = await held.search("a/b", question, version="1", today=today)
            there = await large.search("a/b", question, version="1", today=today)
            assert here == there, question


async def test_a_small_version_is_read_from_the_database_once(database: Database) -> None:
    """Its next questions are answered without any trip, and no other tenant's with them."""
    knowledge = PostgresKnowledge(database)
    for tenant in ("shop/a", "shop/b"):
        await knowledge.sync(tenant, SHOP, version="1")
    await knowledge.search("shop/a", "qual o prazo?", version="1")
    async with database.begin() as connection:
        await connection.execute(text("delete from knowledge_source"))

    (found,) = await knowledge.search("shop/a", "onde fica a loja?", version="1")
    assert found.text == "Na Rua das Flores, 10."
    assert await knowledge.search("shop/b", "onde fica a loja?", version="1") == []


async def test_of_turns_that_come_at_once_one_reads(database: Database) -> None:
    """After a start or a reload all of them want the same version."""
    await PostgresKnowledge(database).sync("shop/a", SHOP, version="1")
    versions, which = Versions(database), {"tenant": "shop/a", "version": f"{ANALYSIS}:1"}
    known = await versions.known(which)
    assert known is not None

    first, *others = await asyncio.gather(*(versions.shelf(which, known) for _ in range(8)))
    assert first is not None
    assert all(other is first for other in others)


async def test_a_version_with_more_than_it_counted_is_searched_by_the_database(
    database: Database, clinic: Tenant
) -> None:
    """A document that could not be read at first may come later, by another process."""
    knowledge = PostgresKnowledge(database)
    await knowledge.sync("a/b", clinic.faq, version="1", documents=clinic.documents)
    async with database.begin() as connection:
        await connection.execute(text("update knowledge_source set passages = passages - 1"))
    await knowledge.search("a/b", "preparo de exames", version="1")
    async with database.begin() as connection:
        await connection.execute(text("update knowledge_passage set body = 'Outra coisa.'"))

    found = await knowledge.search("a/b", "qual o preparo de exames?", version="1")
    assert "Outra coisa." in {one.text for one in found}


@pytest.mark.parametrize("small", [SMALL, 0])
async def test_a_document_that_comes_later_is_found_in_every_version_that_lists_it(
    database: Database, tmp_path: Path, small: int
) -> None:
    """Whoever asked before it was there: an old version in force again tells what it lists."""
    knowledge = PostgresKnowledge(database, small=small)
    policy, other = written(tmp_path, "a.md", POLICY), written(tmp_path, "b.md", POLICY + "\nSim.")
    gone = replace(policy, place=str(tmp_path / "none.md"))
    await knowledge.sync("shop/a", SHOP, version="1", documents=[gone, other])
    await knowledge.search("shop/a", "aceitam devolução?", version="1")
    await knowledge.sync("shop/a", SHOP, version="2", documents=[policy, other])

    found = await knowledge.search("shop/a", "posso devolver a mercadoria?", version="1")
    assert policy.path in {one.source.rpartition(":")[0] for one in found}


def shelf(*questions: str) -> Shelf:
    """Return a shelf of questions."""
    entries = [Entry.of(Faq(one, "x", (), ("shop.yaml", 1))) for one in questions]
    weighed = [Weighed.of(one, entries=len(entries), frequencies={}) for one in entries]
    return Shelf([(one, None) for one in weighed], {}, frequencies={}, slips=Slips({}))


def test_what_nobody_asked_for_longest_makes_room() -> None:
    """What a process holds has a bound, whoever has however many versions."""
    shelves = Shelves(most=4)
    first, second, third = shelf("a?", "b?"), shelf("c?", "d?"), shelf("e?")
    shelves.put("shop/a", "1", first)
    shelves.put("shop/b", "1", second)
    assert shelves.get("shop/a", "1") is first
    shelves.put("shop/a", "2", third)

    assert shelves.get("shop/b", "1") is None
    assert shelves.get("shop/a", "1") is first
    assert shelves.get("shop/a", "2") is third
