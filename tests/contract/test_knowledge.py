"""Knowledge: one suite over PostgreSQL and memory."""

import asyncio
from pathlib import Path

import pytest
import yaml

from chatcrew.database import Database
from chatcrew.knowledge import Knowledge, MemoryKnowledge, PostgresKnowledge
from chatcrew.tenancy import load
from chatcrew.tenancy.model import Faq
from chatcrew.tools import names

ROOT = Path(__file__).parents[2]
TOOLS = names()
"""Read here: the first look at what is installed reads from disk."""
SAMPLES = ROOT / "tests" / "samples" / "knowledge_varizemed.yaml"


def faq(
    question: str, answer: str, *keywords: str, line: int = 1, also: tuple[str, ...] = ()
) -> Faq:
    """Return an entry of ``shop.yaml``."""
    return Faq(question, answer, keywords, ("shop.yaml", line), also=also)


SHOP = (
    faq("Qual o prazo de entrega?", "Entregamos em 3 dias.", "frete", line=3),
    faq("Vocês trocam produtos?", "Trocamos em até 7 dias.", "devolução", line=7),
    faq("Onde fica a loja?", "Na Rua das Flores, 10.", "endereço", line=11),
    faq("Quais as formas de pagamento?", "Pix e cartão.", "pagar", line=15),
)


def as_large(database: Database) -> PostgresKnowledge:
    """Return a store that lets PostgreSQL search however small a version is."""
    return PostgresKnowledge(database, small=0)


@pytest.fixture(params=["memory", "held", "postgres"])
def knowledge(request: pytest.FixtureRequest) -> Knowledge:
    """Give an empty store of each kind: a small version is held whole, else PostgreSQL searches."""
    if request.param == "memory":
        return MemoryKnowledge()
    database = request.getfixturevalue("database")
    return PostgresKnowledge(database) if request.param == "held" else as_large(database)


async def test_a_question_finds_its_entry_with_file_and_line(knowledge: Knowledge) -> None:
    """Other words, no accents, a plural: the entry is found, with where it stands (S1-37)."""
    await knowledge.sync("shop/a", SHOP, version="1")

    found = await knowledge.search("shop/a", "qual e o PRAZO das entregas??", version="1")

    assert (found[0].title, found[0].source) == ("Qual o prazo de entrega?", "shop.yaml:3")
    assert found[0].text == "Entregamos em 3 dias."
    assert found[0].certain
    assert not any(passage.certain for passage in found[1:])


async def test_what_nobody_wrote_down_is_not_found_or_not_certain(knowledge: Knowledge) -> None:
    """A question that shares one word with an entry is no answer."""
    await knowledge.sync("shop/a", SHOP, version="1")

    assert await knowledge.search("shop/a", "vocês vendem bicicleta?", version="1") == []
    near = await knowledge.search("shop/a", "qual o prazo de garantia da geladeira?", version="1")
    assert near
    assert not near[0].certain


async def test_keywords_and_other_wordings_lead_to_an_entry(knowledge: Knowledge) -> None:
    """An admin adds the words that customers use, and they are found."""
    entry = faq("Prazo?", "3 dias.", "frete", also=("Quando chega minha encomenda?",))
    await knowledge.sync("shop/a", (entry, *SHOP[1:]), version="1")

    for question in ("frete", "minha encomenda chega quando"):
        assert (await knowledge.search("shop/a", question, version="1"))[0].title == "Prazo?"


async def test_one_slip_of_the_thumb_still_finds(knowledge: Knowledge) -> None:
    """A mistyped word is read as the only known word that is near (S1-19)."""
    await knowledge.sync("shop/a", SHOP, version="1")

    found = await knowledge.search("shop/a", "formas de pagamnto", version="1")
    assert found[0].title == "Quais as formas de pagamento?"


async def test_a_tenant_sees_nothing_of_another(knowledge: Knowledge) -> None:
    """The same words in two businesses give each its own answer only (S2-05, S2-35)."""
    await knowledge.sync("shop/a", SHOP, version="1")
    await knowledge.sync(
        "shop/b", (faq("Qual o prazo de entrega?", "SEGREDO-B", "frete"),), version="1"
    )

    for question in ("prazo de entrega", "frete", "SEGREDO-B", "onde fica a loja"):
        assert "SEGREDO-B" not in {
            p.text for p in await knowledge.search("shop/a", question, version="1")
        }
        assert {p.text for p in await knowledge.search("shop/b", question, version="1")} <= {
            "SEGREDO-B"
        }
    assert await knowledge.search("shop/c", "prazo de entrega", version="1") == []


async def test_one_tenants_words_do_not_weigh_for_another(knowledge: Knowledge) -> None:
    """What is rare and what is common is counted per business."""
    await knowledge.sync("shop/a", SHOP, version="1")
    alone = await knowledge.search("shop/a", "prazo de entrega", version="1")
    many = [faq(f"Prazo de entrega {n}?", "x", line=n) for n in range(50)]
    await knowledge.sync("shop/b", many, version="1")

    assert await knowledge.search("shop/a", "prazo de entrega", version="1") == alone


async def test_at_most_limit_passages_best_first(knowledge: Knowledge) -> None:
    """The caller says how many it can read."""
    entries = [faq(f"Prazo número {n}?", "x", line=n) for n in range(20)]
    await knowledge.sync("shop/a", entries, version="1")

    found = await knowledge.search("shop/a", "prazo", version="1", limit=3)

    assert len(found) == 3
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)
    assert not found[0].certain  # twenty entries say the same


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   ",
        "👍",
        "o que é?",
        "prazo' | 'x",
        "\\'); drop table knowledge_entry; --",
        "a\x00prazo",
        "prazo \ud800",
        "<->&|!:*()",
        "prazo " * 700,
        "ﷺ ǅ ß ŉ",
    ],
)
async def test_any_text_is_a_question(knowledge: Knowledge, question: str) -> None:
    """Quotes, operators, U+0000 and lone surrogates search for words and do nothing else."""
    await knowledge.sync("shop/a", SHOP, version="1")

    found = await knowledge.search("shop/a", question, version="1")
    assert {p.title for p in found} <= {entry.question for entry in SHOP}
    assert await knowledge.search("shop/a", "prazo de entrega", version="1")


async def test_both_engines_give_the_same_answers(database: Database) -> None:
    """PostgreSQL and memory agree on every labelled question of the example clinic."""
    configuration = await asyncio.to_thread(
        load, ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews", tools=TOOLS
    )
    tenant = configuration.tenants["health/varizemed"]
    postgres, memory = PostgresKnowledge(database), MemoryKnowledge()
    for store in (postgres, memory):
        await store.sync(tenant.key, tenant.faq, version=configuration.version)
    batches = yaml.safe_load(SAMPLES.read_text(encoding="utf-8"))
    questions = [text for batch in batches.values() for texts in batch.values() for text in texts]

    for question in questions:
        ours = await postgres.search(tenant.key, question, version=configuration.version)
        twin = await memory.search(tenant.key, question, version=configuration.version)
        assert ours == twin, question
