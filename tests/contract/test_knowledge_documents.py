"""Documents of a business as passages: one suite over PostgreSQL and memory."""

import asyncio
import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.errors import StoreError
from chatcrew.knowledge import Knowledge, MemoryKnowledge, PostgresKnowledge
from chatcrew.knowledge._documents_sql import PostgresDocuments
from chatcrew.knowledge._passages import Read
from chatcrew.tenancy.model import Document, Faq
from chatcrew.testing import ManualClock

ENTRIES = (
    Faq("Onde fica a loja?", "Na Rua das Flores, 10.", ("endereço",), ("shop.yaml", 11)),
    Faq("Quais as formas de pagamento?", "Pix e cartão.", ("pagar",), ("shop.yaml", 15)),
)
POLICY = """# Política de trocas

## Devoluções

A mercadoria pode ser devolvida em até sete dias depois da entrega, sem uso.

## Consertos

Consertamos o que parar de funcionar nos primeiros noventa dias.
"""
STAY = """---
expira: 2026-11-30
---
# Promoção de inverno

Cobertores com trinta por cento de desconto.
"""


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


@pytest.fixture
def database_of(database: Database) -> Database:
    """Give the database of a test over PostgreSQL alone."""
    return database


def written(folder: Path, name: str, said: str) -> Document:
    """Write a document and return it as the configuration lists it."""
    path = folder / name
    path.write_text(said, encoding="utf-8")
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    return Document(f"config/domains/shop/a/knowledge/{name}", digest, len(data), str(path))


async def sources(knowledge: Knowledge, question: str, **more: object) -> list[str]:
    """Return where what is found stands, best first."""
    found = await knowledge.search("shop/a", question, **{"version": "1", **more})  # type: ignore[arg-type]  # keywords of the port
    return [passage.source for passage in found]


async def test_a_passage_is_found_by_other_words_and_cites_its_line(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    """Synonyms, other forms and derived words lead to the line of the document (S3-97)."""
    document = written(tmp_path, "trocas.md", POLICY)
    await knowledge.sync("shop/a", ENTRIES, version="1", documents=[document])

    for question in (
        "qual a política de devolução?",
        "quero devolver um produto",
        "em quantos dias posso mandar de volta uma mercadoria?",
    ):
        assert (await sources(knowledge, question))[0] == f"{document.path}:5", question
    found = await knowledge.search("shop/a", "parou de funcionar, e agora?", version="1")
    assert found[0].source == f"{document.path}:9"
    assert "Consertos" in found[0].title
    assert "noventa dias" in found[0].text
    assert not found[0].certain


async def test_a_configured_answer_stays_certain_beside_documents(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    """What an admin wrote as an answer comes first and is sure; documents never are."""
    document = written(tmp_path, "trocas.md", POLICY)
    await knowledge.sync("shop/a", ENTRIES, version="1", documents=[document])

    found = await knowledge.search("shop/a", "onde fica a loja", version="1")

    assert (found[0].source, found[0].certain) == ("shop.yaml:11", True)
    assert not any(passage.certain for passage in found[1:])


async def test_what_has_expired_is_not_given(knowledge: Knowledge, tmp_path: Path) -> None:
    """A passage holds on its last day and on no later one, in the tenant's own days."""
    document = written(tmp_path, "inverno.md", STAY)
    await knowledge.sync("shop/a", (), version="1", documents=[document])

    assert await sources(knowledge, "desconto cobertor", today=date(2026, 11, 30))
    assert await sources(knowledge, "desconto cobertor", today=date(2026, 12, 1)) == []


async def test_neither_another_tenant_nor_another_version_is_found(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    """The same file in two businesses is two documents; a version has what it lists (S2-05)."""
    one = written(tmp_path, "trocas.md", POLICY)
    other = written(tmp_path, "inverno.md", STAY)
    day = date(2026, 11, 1)
    await knowledge.sync("shop/a", ENTRIES, version="1", documents=[one])
    await knowledge.sync("shop/a", ENTRIES, version="2", documents=[one, other])
    await knowledge.sync("shop/b", (), version="1", documents=[other])

    assert await sources(knowledge, "cobertores", today=day) == []
    assert await sources(knowledge, "cobertores", version="2", today=day) == [f"{other.path}:6"]
    assert await knowledge.search("shop/b", "devolver mercadoria", version="1", today=day) == []
    assert await knowledge.search("shop/b", "cobertores", version="1", today=day)


async def test_a_document_that_nothing_can_be_made_of_keeps_nothing_else_away(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    """One that is gone or another one by now is left out; the rest is found."""
    gone = written(tmp_path, "sumiu.md", STAY)
    changed = written(tmp_path, "outro.md", STAY)
    (tmp_path / "sumiu.md").unlink()
    (tmp_path / "outro.md").write_text("# Segredo\n\nOutra coisa.\n")
    good = written(tmp_path, "trocas.md", POLICY)
    await knowledge.sync("shop/a", ENTRIES, version="1", documents=[gone, changed, good])

    assert await sources(knowledge, "segredo coisa cobertores") == []
    assert (await sources(knowledge, "devolver mercadoria"))[0] == f"{good.path}:5"


async def test_a_mistyped_word_is_read_as_the_only_one_that_is_near(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    """One slip of the thumb in a long word (S1-19)."""
    document = written(tmp_path, "trocas.md", POLICY)
    await knowledge.sync("shop/a", ENTRIES, version="1", documents=[document])

    assert (await sources(knowledge, "consertmos"))[0] == f"{document.path}:9"


async def test_progress_is_told_document_by_document(knowledge: Knowledge, tmp_path: Path) -> None:
    """Who waits for a thousand pages sees how far it is."""
    told: list[tuple[int, int]] = []
    documents = [written(tmp_path, f"d{n}.md", f"# Título {n}\n\nTexto {n}.\n") for n in range(3)]
    await knowledge.sync(
        "shop/a",
        (),
        version="1",
        documents=documents,
        progress=lambda done, every: told.append((done, every)),
    )

    assert told[-1] == (3, 3)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


async def test_an_unchanged_document_is_not_read_again(
    database_of: Database, tmp_path: Path
) -> None:
    """A new version reads only what is new: the file of the old one may be gone by then."""
    knowledge = PostgresKnowledge(database_of)
    kept = written(tmp_path, "trocas.md", POLICY)
    await knowledge.sync("shop/a", ENTRIES, version="1", documents=[kept])
    (tmp_path / "trocas.md").unlink()
    fresh = written(tmp_path, "inverno.md", STAY)
    await knowledge.sync("shop/a", ENTRIES, version="2", documents=[kept, fresh])

    assert (await sources(knowledge, "devolver mercadoria", version="2"))[0] == f"{kept.path}:5"


class _Dying(PostgresDocuments):
    """Loses the database after some documents."""

    left = 2

    async def keep(self, tenant: str, name: str, found: Read) -> None:
        """Keep, or fail."""
        if not self.left:
            raise StoreError("gone")
        self.left -= 1
        await super().keep(tenant, name, found)


async def test_a_crash_in_the_middle_goes_on_where_it_stopped(
    database_of: Database, tmp_path: Path
) -> None:
    """What was written stays, the version is found only when it is whole."""
    documents = [written(tmp_path, f"d{n}.md", f"# Cobertor {n}\n\nTexto.\n") for n in range(4)]
    clock = ManualClock(datetime(2026, 11, 21, tzinfo=UTC))
    broken = _Dying(database_of, clock)
    with pytest.raises(StoreError):
        await broken.bring_in("shop/a", documents)
    knowledge = PostgresKnowledge(database_of)
    assert await sources(knowledge, "cobertor") == []
    for number in range(2):
        (tmp_path / f"d{number}.md").unlink()  # those that are there are not read again
    async with database_of.begin() as connection:  # the claim of the one it died over runs out
        await connection.execute(text("update knowledge_document set claimed_until = now()"))

    await knowledge.sync("shop/a", (), version="1", documents=documents)

    assert len(await sources(knowledge, "cobertor")) == 4


async def test_of_workers_that_come_at_once_each_document_is_read_by_one(
    database_of: Database, tmp_path: Path
) -> None:
    """Both find the version whole afterwards, and no passage is there twice."""
    documents = [written(tmp_path, f"d{n}.md", f"# Cobertor {n}\n\nTexto.\n") for n in range(6)]
    workers = [PostgresKnowledge(database_of) for _ in range(2)]

    new = await asyncio.gather(
        *(one.sync("shop/a", ENTRIES, version="1", documents=documents) for one in workers)
    )

    assert sorted(new) == [False, True]
    for one in workers:
        assert len(await sources(one, "cobertor", limit=20)) == 6


async def test_documents_that_no_version_lists_are_forgotten(
    database_of: Database, tmp_path: Path
) -> None:
    """They go with the last version that has them, and not before."""
    knowledge = PostgresKnowledge(database_of)
    document = written(tmp_path, "trocas.md", POLICY)
    await knowledge.sync("shop/a", ENTRIES, version="1", documents=[document])
    for number in range(2, 6):
        await knowledge.sync("shop/a", ENTRIES, version=str(number))
    async with database_of.begin() as connection:
        old = "touched_at = now() - interval '9 days'"
        await connection.execute(text(f"update knowledge_source set {old} where version = '1:1'"))
        await connection.execute(text(f"update knowledge_document set {old}"))

    await knowledge.forget(unused=timedelta(days=7))

    async with database_of.begin() as connection:
        assert await connection.scalar(text("select count(*) from knowledge_passage")) == 0


async def test_both_engines_give_the_same_passages(database_of: Database, tmp_path: Path) -> None:
    """PostgreSQL and memory agree on order and score."""
    documents = [
        written(tmp_path, "trocas.md", POLICY),
        written(tmp_path, "inverno.md", STAY),
        written(tmp_path, "copia.md", POLICY),
    ]
    stores = (PostgresKnowledge(database_of), MemoryKnowledge())
    for store in stores:
        await store.sync("shop/a", ENTRIES, version="1", documents=documents)
    for question in ("devolver mercadoria", "desconto", "onde é a loja?", "conserto", "pagar"):
        one, other = [
            await store.search("shop/a", question, version="1", today=date(2026, 11, 1), limit=9)
            for store in stores
        ]
        assert one == other, question


async def test_after_many_passages_the_database_knows_what_it_holds(
    database_of: Database, tmp_path: Path
) -> None:
    """Issue 5: the first searches after an index are as fast as later ones (p95 < 60 ms)."""
    said = "\n\n".join(f"## Parte {n}\n\nArtigo {n} da loja {n * 7}." for n in range(700))
    knowledge = PostgresKnowledge(database_of)
    await knowledge.sync("shop", (), version="1", documents=[written(tmp_path, "a.md", said)])

    async with database_of.begin() as connection:
        known = await connection.scalar(
            text("select reltuples from pg_class where relname = 'knowledge_passage'")
        )
    assert known >= 500
