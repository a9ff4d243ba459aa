"""Search by meaning beside words, over a provider that speaks the real protocol."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text

from chatcrew.cache import LayeredCache, open_cache
from chatcrew.database import Database
from chatcrew.knowledge import PostgresKnowledge
from chatcrew.llm.embeddings import Embeddings, open_embeddings
from chatcrew.messages import ModelCall
from chatcrew.privacy import Policy
from chatcrew.telemetry import Metrics
from chatcrew.tenancy.model import Document
from chatcrew.testing import FakeModelServer, ManualClock
from chatcrew.testing._models.vectors import DIMENSION

PAGES = {
    "frete.md": "# Frete\n\nO envio é grátis acima de duzentos reais.\n",
    "trocas.md": "# Trocas\n\nA mercadoria pode ser devolvida em sete dias.\n",
    "loja.md": "# Loja\n\nFicamos na rua das Flores, ao lado da praça.\n",
}


class Hurried(ManualClock):
    """Passes as soon as somebody waits."""

    async def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        await self.advance(seconds)


@dataclass(slots=True)
class Bench:
    """A knowledge store with embeddings, and what is behind it."""

    knowledge: PostgresKnowledge
    server: FakeModelServer
    metrics: Metrics
    clock: Hurried
    cache: LayeredCache
    stack: AsyncExitStack
    database: Database

    async def embeddings(self, model: str, *, hides: bool = True) -> Embeddings:
        """Return what embeds by another model."""
        found = await open_embeddings(
            model,
            api_key="a-key",
            base_url=self.server.base_url,
            cache=self.cache,
            metrics=self.metrics,
            clock=self.clock,
            stack=self.stack,
            policy=None if hides else lambda _: Policy(()),
        )
        assert found is not None
        return found

    async def count(self, where: str = "true") -> int:
        """Return how many vectors are kept."""
        async with self.database.begin() as connection:
            asked = text(f"select count(*) from knowledge_vector where {where}")
            return int(await connection.scalar(asked) or 0)


@pytest.fixture
async def bench(database: Database) -> AsyncIterator[Bench]:
    """Give a store with embeddings of model ``tiny``."""
    clock, metrics = Hurried(), Metrics()
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(FakeModelServer())
        cache = await stack.enter_async_context(open_cache(clock))
        made = Bench(
            PostgresKnowledge(database, clock), server, metrics, clock, cache, stack, database
        )
        embedder = await made.embeddings("tiny")
        made.knowledge = PostgresKnowledge(database, clock, embedder=embedder)
        yield made


@pytest.fixture
def documents(tmp_path: Path) -> list[Document]:
    """Give three pages of a shop."""
    found = []
    for name, said in PAGES.items():
        (tmp_path / name).write_text(said, encoding="utf-8")
        digest = hashlib.sha256(said.encode()).hexdigest()
        found.append(Document(f"docs/{name}", digest, len(said), str(tmp_path / name)))
    return found


async def test_passages_are_embedded_once_and_questions_are_kept(
    bench: Bench, documents: list[Document]
) -> None:
    """A new version of the same pages, another process and the same question cost nothing."""
    await bench.knowledge.sync("shop/a", (), version="1", documents=documents)
    assert len(bench.server.vectors.texts) == 3
    assert await bench.count(f"dimension = {DIMENSION} and model = 'tiny'") == 3

    for version in ("1", "2"):
        await bench.knowledge.sync("shop/a", (), version=version, documents=documents)
        found = await bench.knowledge.search("shop/a", "devolver mercadoria", version=version)
        assert found[0].source == "docs/trocas.md:3"

    assert len(bench.server.vectors.texts) == 4
    # another tenant shares neither vectors nor the kept question
    await bench.knowledge.sync("shop/b", (), version="1", documents=documents)
    await bench.knowledge.search("shop/b", "devolver mercadoria", version="1")
    assert len(bench.server.vectors.texts) == 8


async def test_another_model_embeds_everything_again(
    bench: Bench, documents: list[Document]
) -> None:
    """Vectors of two models are never compared, whatever their length."""
    await bench.knowledge.sync("shop/a", (), version="1", documents=documents)
    other = PostgresKnowledge(
        bench.database, bench.clock, embedder=await bench.embeddings("larger")
    )
    await other.sync("shop/a", (), version="1", documents=documents)

    assert await bench.count("model = 'larger'") == 3
    assert (await other.search("shop/a", "rua das flores", version="1"))[0].source == (
        "docs/loja.md:3"
    )


async def test_a_dead_endpoint_is_counted_and_words_alone_find(
    bench: Bench, documents: list[Document]
) -> None:
    """Neither the version nor the customer waits for it; the next hour fills what is missing."""
    bench.server.vectors.away = True
    await bench.knowledge.sync("shop/a", (), version="1", documents=documents)
    for question in ("devolver mercadoria", "devolver a mercadoria", "quero devolver mercadoria"):
        found = await bench.knowledge.search("shop/a", question, version="1")
        assert found[0].source == "docs/trocas.md:3"
    told = bench.metrics.exposition({}).decode()
    assert 'chatcrew_embeddings_total{result="unavailable"}' in told
    assert 'result="left_alone"' in told
    assert await bench.count() == 0

    bench.server.vectors.away = False
    await bench.clock.advance(60)
    await bench.knowledge.sync("shop/a", (), version="1", documents=documents)

    assert await bench.count() == 3


async def test_what_identifies_people_is_masked_before_it_is_embedded(
    bench: Bench, documents: list[Document]
) -> None:
    """A customer's CPF and e-mail stay here (N15)."""
    await bench.knowledge.sync("shop/a", (), version="1", documents=documents)
    said = "meu cpf é 529.982.247-25 e o e-mail ana@exemplo.com.br, como devolvo?"
    await bench.knowledge.search("shop/a", said, version="1")

    asked = bench.server.vectors.texts[-1]
    assert "devolvo" in asked
    assert "529" not in asked
    assert "exemplo.com.br" not in asked


@dataclass(slots=True)
class Kept:
    """Rows of calls, as a ledger keeps them."""

    calls: list[ModelCall] = field(default_factory=list)

    async def record(self, call: ModelCall) -> None:
        """Keep one."""
        self.calls.append(call)


async def test_what_a_simulation_asks_is_kept_with_its_turn_by_which_figures_leave_it_out(
    bench: Bench, documents: list[Document]
) -> None:
    """A customer's question and the documents are kept without one, and count (S3-115)."""
    kept = Kept()
    async with AsyncExitStack() as stack:
        embedder = await open_embeddings(
            "tiny",
            api_key="a-key",
            base_url=bench.server.base_url,
            cache=None,
            metrics=bench.metrics,
            clock=bench.clock,
            stack=stack,
            meter=kept,
        )
        knowledge = PostgresKnowledge(bench.database, bench.clock, embedder=embedder)
        await knowledge.sync("shop/a", (), version="1", documents=documents)
        for trial in ("a-turn", None):
            await knowledge.search("shop/a", "Quanto custa o frete?", version="1", trial=trial)
    assert [call.turn_id for call in kept.calls] == [None, "a-turn", None]


async def test_without_key_and_address_nothing_is_embedded(bench: Bench) -> None:
    """A model's name alone turns nothing on."""
    found = await open_embeddings(
        "tiny",
        api_key=None,
        base_url=None,
        cache=None,
        metrics=bench.metrics,
        clock=bench.clock,
        stack=bench.stack,
    )
    assert found is None
