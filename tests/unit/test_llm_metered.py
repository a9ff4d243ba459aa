"""What a call used and cost, and that every call leaves a row."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from chatcrew.errors import (
    ModelDeadlineExceeded,
    ModelError,
    ModelRefused,
    ModelUnavailable,
    StoreError,
)
from chatcrew.llm import Booked, Metered, Model, NoSlot, Rows
from chatcrew.messages import ModelAnswer, ModelCall, ModelRequest, ToolCall, ToolSpec, Usage
from chatcrew.tenancy import Price
from chatcrew.testing import ManualClock, ScriptedModel

BUSY = ModelUnavailable("busy", kind="rate_limit", retryable=True)
PRICES = {
    "m": Price(date(2026, 11, 1), input=2.0, output=8.0, cached_input=0.5),
    "plain": Price(date(2026, 11, 1), input=2.0, output=8.0),
}


def request(text: str = "olá", **fields: object) -> ModelRequest:
    """Return a request with one user message."""
    made = ModelRequest("health/acme", "m", [{"role": "user", "content": text}])
    return replace(made, **fields)  # type: ignore[arg-type]  # test values


class Book:
    """A meter that keeps calls in a list; it can be told to fail or to hang."""

    def __init__(self) -> None:
        self.calls: list[ModelCall] = []
        self.fails = False
        self.open = asyncio.Event()
        self.open.set()

    async def record(self, call: ModelCall) -> None:
        """Keep ``call``."""
        await self.open.wait()
        if self.fails:
            raise StoreError("the ledger is away")
        self.calls.append(call)


class Slow:
    """A model that takes 1.5 s on the clock before the inner one answers."""

    def __init__(self, inner: Model, clock: ManualClock) -> None:
        self._inner = inner
        self._clock = clock

    async def complete(self, asked: ModelRequest) -> ModelAnswer:
        """Wait, then ask."""
        await self._clock.sleep(1.5)
        return await self._inner.complete(asked)


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that stands still."""
    return ManualClock()


@pytest.fixture
def book() -> Book:
    """Give an empty book."""
    return Book()


def metered(model: Model, book: Book, clock: ManualClock) -> Booked:
    """Return what records the calls of ``model`` and waits for the rows."""
    rows = Rows(book, clock=clock, price=PRICES.get)
    return Booked(Metered(model, rows), rows)


async def ask(
    answer: ModelAnswer | ModelError, book: Book, clock: ManualClock, **fields: object
) -> ModelCall:
    """Ask a model that answers so; return the row."""
    gateway = metered(ScriptedModel(answer), book, clock)
    if isinstance(answer, ModelError):
        with pytest.raises(type(answer)):
            await gateway.complete(request(**fields))
    else:
        await gateway.complete(request(**fields))
    (row,) = book.calls
    return row


async def test_an_answer_is_recorded(clock: ManualClock, book: Book) -> None:
    """Tenant, configured model, tokens, cost, time, turn and role are kept (S3-64).

    The provider's own name of the model is free text and would be a metric's label.
    """
    answer = ModelAnswer("oi", usage=Usage(1000, 500, 200), model="m-2026")
    gateway = metered(Slow(ScriptedModel(answer), clock), book, clock)
    asked = request(model="plain", turn_id="t1", role="support")
    call = asyncio.create_task(gateway.complete(asked))
    await clock.advance(1.5)
    await call

    assert book.calls == [
        ModelCall(
            tenant="health/acme",
            model="plain",
            usage=Usage(1000, 500, 200),
            at=clock.now(),
            turn_id="t1",
            role="support",
            seconds=1.5,
            cost=pytest.approx((1000 * 2 + 500 * 8) / 1e6),
        )
    ]


async def test_cached_input_has_its_own_price(clock: ManualClock, book: Book) -> None:
    """What the provider had cached costs a fraction; the rest does not."""
    row = await ask(ModelAnswer("oi", usage=Usage(1000, 500, 200)), book, clock)

    assert row.cost == pytest.approx((800 * 2 + 200 * 0.5 + 500 * 8) / 1e6)
    assert not row.estimated


async def test_more_cached_tokens_than_tokens_never_cost_less_than_nothing(
    clock: ManualClock, book: Book
) -> None:
    """Some servers count cached tokens on top of the others."""
    row = await ask(ModelAnswer("oi", usage=Usage(100, 0, 900)), book, clock)

    assert row.cost == pytest.approx(100 * 0.5 / 1e6)


async def test_an_unknown_price_is_unknown_and_not_nothing(
    clock: ManualClock, book: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    """The row says None, and the log names the model once."""
    answer = ModelAnswer("oi", usage=Usage(10, 5))
    gateway = metered(ScriptedModel(default=answer), book, clock)

    await gateway.complete(request(model="new"))
    await gateway.complete(request(model="new"))

    assert [row.cost for row in book.calls] == [None, None]
    assert capsys.readouterr().out.count("model.unpriced") == 1


async def test_a_cached_answer_costs_nothing(clock: ManualClock, book: Book) -> None:
    """Also where nobody knows the price: no provider was asked."""
    gateway = Booked(ScriptedModel(ModelAnswer("oi", cached=True)), Rows(book, clock=clock))

    await gateway.complete(request(model="new"))

    (row,) = book.calls
    assert (row.from_cache, row.cost, row.estimated, row.usage) == (True, 0.0, False, Usage())
    assert row.spared is None


async def test_what_a_call_would_have_cost_is_kept_with_its_answer(
    clock: ManualClock, book: Book
) -> None:
    """Whoever is given it again is told no tokens; the row says what was spared (N6)."""
    kept = ModelAnswer("oi", cached=True, usage=Usage(1000, 100))
    gateway = Booked(ScriptedModel(kept), Rows(book, clock=clock, price=PRICES.get))

    answer = await gateway.complete(request())

    (row,) = book.calls
    assert (row.cost, row.usage, answer.usage) == (0.0, Usage(), Usage())
    assert row.spared == pytest.approx((1000 * 2 + 100 * 8) / 1e6)


async def test_a_server_that_does_not_count_is_counted_by_us(
    clock: ManualClock, book: Book
) -> None:
    """Some servers leave ``usage`` out; the bill comes all the same (about 4 characters each)."""
    calls = (ToolCall("1", "find", '{"a": 1}'),)
    answer = ModelAnswer("o" * 40, tool_calls=calls)
    tools = (ToolSpec("find", "x" * 35, {}),)

    row = await ask(answer, book, clock, tools=tools, messages=[{"content": "a" * 401}])

    assert (row.usage, row.estimated) == (Usage(prompt_tokens=110, completion_tokens=13), True)
    assert row.cost == pytest.approx((110 * 2 + 13 * 8) / 1e6)


@pytest.mark.parametrize(
    ("error", "tokens", "cost"),
    [
        (BUSY, 0, 0.0),
        (ModelRefused("no", kind="content_filter"), 0, 0.0),
        (ModelDeadlineExceeded("late", kind="timeout"), 100, 0.0002),
        (ModelUnavailable("slow", kind="timeout", retryable=True), 100, 0.0002),
    ],
)
async def test_a_failure_is_recorded_and_raised(
    clock: ManualClock, book: Book, error: ModelError, tokens: int, cost: float
) -> None:
    """Its kind is in the row; what the provider was still at when we left is on its bill."""
    row = await ask(error, book, clock, messages=[{"content": "a" * 400}])

    assert (row.error, row.model) == (error.kind, "m")
    assert (row.usage.prompt_tokens, row.estimated) == (tokens, tokens > 0)
    assert row.cost == pytest.approx(cost)


@pytest.mark.parametrize(
    "error", [ModelUnavailable("alone", kind="breaker_open"), NoSlot("full", kind="timeout")]
)
async def test_a_question_nobody_was_asked_is_recorded_and_free(
    clock: ManualClock, book: Book, error: ModelError
) -> None:
    """An open breaker and a full queue show in the metrics, without tokens of our invention."""
    gateway = Booked(ScriptedModel(error), Rows(book, clock=clock))

    with pytest.raises(type(error)):
        await gateway.complete(request())

    (row,) = book.calls
    assert (row.error, row.usage, row.estimated, row.cost) == (error.kind, Usage(), False, 0.0)


async def test_a_call_without_time_left_is_not_on_the_bill(clock: ManualClock, book: Book) -> None:
    """The client asks nobody then, and says timeout."""
    row = await ask(ModelDeadlineExceeded("late", kind="timeout"), book, clock, budget=0.0)

    assert (row.error, row.usage, row.estimated) == ("timeout", Usage(), False)


async def test_a_cancelled_call_is_recorded_with_what_it_was_asked(
    clock: ManualClock, book: Book
) -> None:
    """The loser of a hedge costs money: its prompt is counted by us (N5)."""
    model = ScriptedModel(default="ok")
    model.hold()
    gateway = metered(model, book, clock)
    call = asyncio.create_task(gateway.complete(request("a" * 400)))
    await model.asked(1)
    call.cancel()

    with pytest.raises(asyncio.CancelledError):
        await call
    await gateway.aclose()

    (row,) = book.calls
    assert (row.error, row.usage, row.estimated) == ("cancelled", Usage(100), True)
    assert row.cost == pytest.approx(0.0002)


async def test_a_ledger_that_fails_costs_no_answer(clock: ManualClock, book: Book) -> None:
    """The customer gets the answer although its row could not be written."""
    book.fails = True
    gateway = metered(ScriptedModel("oi"), book, clock)

    assert (await gateway.complete(request())).text == "oi"


async def test_a_ledger_that_hangs_costs_no_answer(clock: ManualClock, book: Book) -> None:
    """The answer does not wait for ever, and the row is written once the ledger is back."""
    book.open.clear()
    gateway = metered(ScriptedModel("oi"), book, clock)

    assert (await asyncio.wait_for(gateway.complete(request()), 2)).text == "oi"
    book.open.set()
    await gateway.aclose()

    assert len(book.calls) == 1
