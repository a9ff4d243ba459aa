"""When an answer is given again and when it is not: scope, time, what it rests on, storage."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from prometheus_client import CollectorRegistry

from chatcrew.answers import KeptAnswers, MemoryAnswers, Row, Spent
from chatcrew.answers._kept import _place, exact_of
from chatcrew.cache import LayeredCache, Scope, open_cache
from chatcrew.errors import StoreError
from chatcrew.llm import Booked, Metered, Rows
from chatcrew.messages import ModelCall, ModelRequest, Piece, Wanted
from chatcrew.telemetry import Metrics
from chatcrew.testing import ManualClock, ScriptedModel

PLACE = Piece("fact", "Endereço", "Endereço: Rua das Acácias, 10")
HOURS = Piece("hours", "hours", "Segunda a sexta, das 8h às 18h")
ENTRY = Piece("knowledge", "Onde fica a clínica?", "Onde fica a clínica?\nNa Rua das Acácias.")
OTHER = Piece("knowledge", "Aceitam pix?", "Aceitam pix?\nSim, pela chave do site.")
ASKED = Wanted(
    "shop/a",
    "Onde fica a clínica?",
    ("web", "web_widget", "support", "pt-BR", ""),
    "house",
    "k1",
    (PLACE, HOURS, ENTRY, OTHER),
)
SAID = "Ficamos na Rua das Acácias, 10."


class Away(MemoryAnswers):
    """A database that is away."""

    async def find(self, tenant: str, *, exact: str, shape: str, now: datetime) -> Sequence[Row]:
        """Fail."""
        raise StoreError("away")

    async def put(self, row: Row) -> int:
        """Fail."""
        raise StoreError("away")


class House:
    """Kept answers over memory, with everything a test looks at."""

    def __init__(self, cache: LayeredCache, clock: ManualClock) -> None:
        self.cache, self.clock = cache, clock
        self.registry = CollectorRegistry()
        self.metrics = Metrics(self.registry)
        self.store = MemoryAnswers({"t1": Spent(1500, 25, 0.0004)})
        self.answers = self.over(self.store)

    def counted(self, result: str) -> float | None:
        """Return how often a look-up ended so."""
        return self.registry.get_sample_value("chatcrew_answers_total", {"result": result})

    def over(self, store: MemoryAnswers) -> KeptAnswers:
        """Return kept answers over another store."""
        return KeptAnswers(store, cache=self.cache, clock=self.clock, metrics=self.metrics)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """Give kept answers in which nothing is kept yet."""
    clock = ManualClock(datetime(2026, 11, 20, 15, 0, tzinfo=UTC))
    async with open_cache(clock) as cache:
        yield House(cache, clock)


async def test_an_answer_comes_back_with_what_it_was_spared(house: House) -> None:
    """Tokens and money of the turn that made it; from the cache and from the rows alike (N6)."""
    await house.answers.keep(ASKED, text=SAID, turn="t1")
    for _ in range(2):
        found = await house.answers.find(ASKED)
        assert found is not None
        assert (found.text, found.turn, found.near) == (SAID, "t1", False)
        assert (found.prompt_tokens, found.completion_tokens, found.cost) == (1500, 25, 0.0004)
        await house.cache.forget(Scope())
    row = await house.store.row("shop/a", found.id)
    assert row is not None
    assert row.hits == 2


async def test_what_an_answer_was_spared_is_told_whole_though_its_call_is_being_written(
    house: House,
) -> None:
    """A turn keeps its answer before its call is on the books; what it cost is then waited for."""
    spent = {"t0": Spent()}

    class Book:
        async def record(self, call: ModelCall) -> None:
            await asyncio.sleep(0.02)
            spent[str(call.turn_id)] = Spent(1500, 25, 0.0004)

    rows = Rows(Book(), clock=house.clock)
    gateway = Booked(Metered(ScriptedModel(SAID), rows), rows, later=True)
    answers = KeptAnswers(
        MemoryAnswers(spent),
        cache=house.cache,
        clock=house.clock,
        metrics=house.metrics,
        booked=gateway.booked,
    )
    asked = [{"role": "user", "content": ASKED.text}]
    said = await gateway.complete(ModelRequest("shop/a", "m", asked, turn_id="t1"))
    await answers.keep(ASKED, text=said.text, turn="t1")

    found = await answers.find(ASKED)
    assert found is not None
    assert (found.prompt_tokens, found.completion_tokens, found.cost) == (1500, 25, 0.0004)


@pytest.mark.parametrize(
    "other",
    [
        {"tenant": "shop/b"},
        {"scope": ("web", "web_widget", "sales", "pt-BR", "")},
        {"scope": ("whatsapp", "whatsapp", "support", "pt-BR", "")},
        {"scope": ("web", "web_widget", "support", "en", "")},
        {"scope": ("web", "web_widget", "support", "pt-BR", "booking")},
        {"house": "another persona"},
        {"text": "Onde fica o estacionamento?"},
    ],
    ids=["tenant", "function", "channel", "language", "intent", "house", "question"],
)
async def test_an_answer_never_leaves_its_scope(house: House, other: dict[str, str]) -> None:
    """Tenant, channel, function, language, intent and what stands before every answer."""
    await house.answers.keep(ASKED, text=SAID, turn="t1")
    assert await house.answers.find(replace(ASKED, **other)) is None
    assert await house.answers.find(ASKED) is not None


async def test_what_it_rests_on_takes_it_back_and_nothing_else_does(house: House) -> None:
    """The address takes it back; the hours and the paragraph about Pix do not."""
    await house.answers.keep(ASKED, text=SAID, turn="t1")
    moved = replace(PLACE, text="Endereço: Rua do Sol, 3")
    later = replace(HOURS, text="Segunda a sexta, das 9h às 17h")
    card = replace(OTHER, text="Aceitam pix?\nNão mais.")
    new = Piece("fact", "Endereço novo", "Endereço novo: a clínica passa à Rua da Aurora, 5")

    assert await house.answers.find(replace(ASKED, pieces=(moved, HOURS, ENTRY, OTHER))) is None
    assert await house.answers.find(replace(ASKED, pieces=(PLACE, HOURS, OTHER))) is None
    assert await house.answers.find(replace(ASKED, pieces=(*ASKED.pieces, new))) is None
    assert await house.answers.find(replace(ASKED, pieces=(PLACE, later, ENTRY, card))) is not None
    lines = tuple(replace(one, place="elsewhere:99") for one in reversed(ASKED.pieces))
    assert await house.answers.find(replace(ASKED, pieces=lines)) is not None
    assert house.counted("stale") == 3


async def test_a_business_that_wants_no_other_words_has_none_found(house: House) -> None:
    """``other_words: false``, though the tenant's own questions would prove them."""

    class Always:
        async def agree(self, tenant: str, asked: str, kept: str) -> bool:
            return True

    answers = KeptAnswers(
        house.store, cache=house.cache, clock=house.clock, metrics=house.metrics, near=Always()
    )
    await answers.keep(ASKED, text=SAID, turn="t1")
    other = replace(ASKED, text="Oi! Qual o endereço da clínica?")
    assert await answers.find(other) is not None
    assert await answers.find(replace(other, sure=False)) is None
    assert await answers.find(replace(other, alone=True)) is None
    assert await answers.find(replace(ASKED, alone=True)) is not None


async def test_an_answer_is_kept_an_hour_and_one_of_a_tool_as_long_as_the_tool_lets(
    house: House,
) -> None:
    """S0-19; what a tool read is bound by the seconds its entry says."""
    await house.answers.keep(ASKED, text=SAID, turn="t1")
    stock = replace(ASKED, text="Tem creme em estoque?")
    read = Piece("tool", "estoque", "7 unidades")
    await house.answers.keep(stock, text="Temos 7.", turn="t1", tools=(read,), seconds=60)

    await house.clock.advance(59)
    assert await house.answers.find(stock) is not None
    await house.clock.advance(2)
    assert await house.answers.find(stock) is None
    await house.clock.advance(3500)
    assert await house.answers.find(ASKED) is not None
    await house.clock.advance(60)
    assert await house.answers.find(ASKED) is None


async def test_what_was_asked_in_vain_is_known_until_the_knowledge_changes(house: House) -> None:
    """In the same words only, and it is no answer to who looks for one."""
    asked = replace(ASKED, text="Vocês alugam bicicletas?", sure=False)
    await house.answers.keep_vain(asked, turn="t1")

    found = await house.answers.vain(asked)
    assert found is not None
    assert (found.text, found.turn, found.prompt_tokens) == ("", "t1", 1500)
    assert await house.answers.find(asked) is None
    assert await house.answers.vain(replace(asked, text="Alugam bicicletas?")) is None
    assert await house.answers.vain(replace(asked, knowledge="k2")) is None
    assert await house.answers.vain(replace(asked, pieces=(PLACE,))) is None


async def test_a_database_that_is_away_is_a_miss_and_counted(house: House) -> None:
    """No turn fails by a cache."""
    answers = house.over(Away())
    await answers.keep(ASKED, text=SAID, turn="t1")
    assert await answers.find(ASKED) is None
    assert await answers.vain(ASKED) is None
    assert house.counted("away") == 3


async def test_a_question_with_personal_data_is_stored_nowhere(house: House) -> None:
    """Whatever the caller has overlooked (N15)."""
    await house.answers.keep(replace(ASKED, text="CPF 529.982.247-25 ok?"), text="Sim", turn="t1")
    assert list(await house.store.asked("shop/a", limit=5)) == []


async def test_forgetting_a_tenant_empties_rows_and_cache_of_it_alone(house: House) -> None:
    """LGPD: erasing a person drops the tenant's answers; another tenant keeps its own (S2-29)."""
    theirs = replace(ASKED, tenant="shop/b")
    for one in (ASKED, theirs):
        await house.answers.keep(one, text=SAID, turn="t1")
    assert await house.answers.forget_tenant("shop/a") == 1
    assert await house.answers.find(ASKED) is None
    assert await house.answers.find(theirs) is not None


async def test_what_another_version_left_in_the_cache_is_a_miss(house: House) -> None:
    """A value of an unknown form is not given to a customer."""
    await house.cache.set(_place(ASKED, exact_of(ASKED)), "an answer as it was kept once", ttl=60)
    assert await house.answers.find(ASKED) is None
