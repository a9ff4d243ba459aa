"""Each call that was sent is a row, under the model really asked, and no other is (S3-64)."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from chatcrew.cache import LayeredCache, MemoryStore
from chatcrew.errors import ModelDeadlineExceeded, ModelError, ModelUnavailable
from chatcrew.llm import Booked, Model, build
from chatcrew.llm.gateway import load_guarded
from chatcrew.messages import ModelAnswer, ModelCall, ModelRequest, Usage
from chatcrew.tenancy import ModelCatalogue, ModelSpec
from chatcrew.testing import ManualClock, ScriptedModel

load_guarded()  # before the loop runs: the breaker's library is slow to import
BUSY = ModelUnavailable("busy", kind="rate_limit", retryable=True)
TEXT = "a" * 400  # a hundred tokens by our count


class Book:
    """A meter that keeps calls in a list."""

    def __init__(self) -> None:
        self.calls: list[ModelCall] = []

    async def record(self, call: ModelCall) -> None:
        """Keep ``call``."""
        self.calls.append(call)

    @property
    def told(self) -> Sequence[tuple[str, str | None, int, bool]]:
        """Model, error, prompt tokens and whether we counted them, of each row."""
        return [
            (row.model, row.error, row.usage.prompt_tokens, row.estimated) for row in self.calls
        ]


class BreaksOff:
    """Begins its first answer and breaks off; the next one is whole."""

    def __init__(self) -> None:
        self.asked = 0

    async def complete(self, asked: ModelRequest) -> ModelAnswer:
        """Say a word, then fail."""
        self.asked += 1
        if asked.begun is not None:
            asked.begun()
        if self.asked == 1:
            raise ModelUnavailable("cut off", kind="unavailable", retryable=True)
        return ModelAnswer("ok", usage=Usage(90, 5))


def request(**fields: object) -> ModelRequest:
    """Return a cacheable request of a turn."""
    made = ModelRequest(
        "health/acme",
        "main",
        [{"role": "user", "content": TEXT}],
        temperature=0.2,
        config="c1",
        turn_id="t1",
    )
    return replace(made, **fields)  # type: ignore[arg-type]  # test values


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that stands still."""
    return ManualClock()


@pytest.fixture
def book() -> Book:
    """Give an empty book."""
    return Book()


def gateway(
    main: Model, book: Book, clock: ManualClock, *, spare: Model | None = None, slots: int = 8
) -> Booked:
    """Return the whole gateway over ``main`` and its stand-in."""
    fallback = ("spare",) if spare is not None else ()
    models = {"main": ModelSpec("main", id="main", fallback=fallback)}
    models["spare"] = ModelSpec("spare", id="spare")
    catalogue = ModelCatalogue(models=models)
    return build(
        lambda spec: spare if spec.name == "spare" and spare is not None else main,
        meter=book,
        clock=clock,
        cache=LayeredCache([MemoryStore(clock)], clock=clock),
        catalogue=lambda: catalogue,
        concurrency=slots,
    )


async def test_a_main_model_that_hung_is_charged_beside_its_stand_in(
    clock: ManualClock, book: Book
) -> None:
    """Two providers were asked, two bills come; each row names who was asked (S3-54)."""
    main = ScriptedModel(ModelDeadlineExceeded("hung", kind="timeout"))
    spare = ScriptedModel(ModelAnswer("oi", usage=Usage(90, 5)))

    answer = await gateway(main, book, clock, spare=spare).complete(request())

    assert answer.served_by == "spare"
    assert book.told == [("main", "timeout", 100, True), ("spare", None, 90, False)]


async def test_who_was_cancelled_in_the_queue_is_charged_nothing(
    clock: ManualClock, book: Book
) -> None:
    """It was never sent: no row, no tokens."""
    model = ScriptedModel(default=ModelAnswer("oi", usage=Usage(90, 5)))
    model.hold()
    door = gateway(model, book, clock, slots=1)
    first = asyncio.create_task(door.complete(request()))
    await model.asked(1)
    queueing = asyncio.create_task(door.complete(request(role="other", model="main", config="c2")))
    await asyncio.sleep(0.01)
    queueing.cancel()
    await asyncio.wait({queueing})
    model.release()
    await first
    await door.aclose()

    assert len(model.requests) == 1
    assert book.told == [("main", None, 90, False)]


async def test_who_shared_anothers_call_and_left_is_charged_nothing(
    clock: ManualClock, book: Book
) -> None:
    """One call was made, for the turn that made it (S4-37)."""
    model = ScriptedModel(default=ModelAnswer("oi", usage=Usage(90, 5)))
    model.hold()
    door = gateway(model, book, clock)
    asks = asyncio.create_task(door.complete(request()))
    await model.asked(1)
    joins = asyncio.create_task(door.complete(request(turn_id="t2")))
    await asyncio.sleep(0.01)
    joins.cancel()
    await asyncio.wait({joins})
    model.release()
    await asks
    await door.aclose()

    assert [(row.turn_id, row.error) for row in book.calls] == [("t1", None)]


async def test_who_was_cancelled_between_two_tries_pays_for_the_first_only(
    clock: ManualClock, book: Book
) -> None:
    """The first was refused as too busy, which costs nothing; the second was never sent."""
    model = ScriptedModel(BUSY, "nunca")
    door = gateway(model, book, clock)
    call = asyncio.create_task(door.complete(request()))
    async with asyncio.timeout(2):
        while not clock.sleepers:
            await asyncio.sleep(0)
    call.cancel()
    await asyncio.wait({call})
    await door.aclose()

    assert book.told == [("main", "rate_limit", 0, False)]


async def test_a_stream_that_broke_off_is_charged_beside_the_one_that_did_not(
    clock: ManualClock, book: Book
) -> None:
    """Whoever had begun to answer had read the prompt."""
    door = gateway(BreaksOff(), book, clock)
    call = asyncio.create_task(door.complete(request(begun=lambda: None)))
    await clock.advance(1)

    assert (await call).text == "ok"
    assert book.told == [("main", "unavailable", 100, True), ("main", None, 90, False)]


async def test_a_call_that_broke_off_before_the_first_word_is_not_on_the_bill(
    clock: ManualClock, book: Book
) -> None:
    """A provider that is away has read nothing; and nobody is streamed who did not ask for it."""
    model = ScriptedModel(ModelError("no", kind="unavailable"))
    with pytest.raises(ModelError):
        await gateway(model, book, clock).complete(request())

    assert model.requests[0].begun is None
    assert book.told == [("main", "unavailable", 0, False)]
