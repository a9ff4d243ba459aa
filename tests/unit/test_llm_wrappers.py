"""Each wrapper of the gateway, against a scripted model and a clock that stands still."""

import asyncio
from dataclasses import replace

import pytest

from chatcrew.cache import LayeredCache, MemoryStore
from chatcrew.errors import ModelError, ModelUnavailable, StoreError
from chatcrew.llm import Model, NoModel, Retrying, build
from chatcrew.llm.gateway import load_guarded
from chatcrew.messages import ModelAnswer, ModelCall, ModelRequest
from chatcrew.testing import ManualClock, ScriptedModel

load_guarded()  # before the loop runs: the breaker's library is slow to import
BUSY = ModelUnavailable("busy", kind="rate_limit", retryable=True)


def request(text: str = "olá", **fields: object) -> ModelRequest:
    """Return a cacheable request."""
    made = ModelRequest(
        "health/acme", "m", [{"role": "user", "content": text}], temperature=0.2, config="c1"
    )
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
    """A model that takes ``seconds`` on the clock before the inner one answers."""

    def __init__(self, inner: Model, *, clock: ManualClock, seconds: float) -> None:
        self._inner = inner
        self._clock = clock
        self._seconds = seconds

    async def complete(self, asked: ModelRequest) -> ModelAnswer:
        """Wait, then ask."""
        await self._clock.sleep(self._seconds)
        return await self._inner.complete(asked)


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that stands still."""
    return ManualClock()


class TestRetrying:
    """One retry layer, inside the deadline."""

    def retrying(self, model: Model, clock: ManualClock, *, attempts: int = 3) -> Retrying:
        """Return the wrapper with a fixed chance: the full wait."""
        return Retrying(model, clock=clock, attempts=attempts, chance=lambda: 1.0)

    async def test_a_passing_fault_is_asked_again(self, clock: ManualClock) -> None:
        """Two busy answers, then the real one, with the waits in between doubled."""
        model = ScriptedModel(BUSY, BUSY, "enfim")
        call = asyncio.create_task(self.retrying(model, clock).complete(request()))

        await clock.advance(0.25)
        assert len(model.requests) == 2
        await clock.advance(0.49)
        assert len(model.requests) == 2
        await clock.advance(0.02)

        assert (await call).text == "enfim"
        assert [round(asked.budget, 2) for asked in model.requests] == [30.0, 29.75, 29.25]

    async def test_attempts_are_bounded(self, clock: ManualClock) -> None:
        """After the last attempt the last error is raised."""
        model = ScriptedModel(default=BUSY)
        call = asyncio.create_task(self.retrying(model, clock).complete(request()))

        await clock.advance(10)

        with pytest.raises(ModelUnavailable):
            await call
        assert len(model.requests) == 3

    async def test_what_will_not_pass_is_not_asked_again(self, clock: ManualClock) -> None:
        """A refused key stays refused: one call."""
        model = ScriptedModel(ModelError("no", kind="invalid_api_key"))

        with pytest.raises(ModelError):
            await self.retrying(model, clock).complete(request())

        assert len(model.requests) == 1

    async def test_the_providers_wait_is_kept(self, clock: ManualClock) -> None:
        """``retry_after`` is waited for in full when it fits into the budget."""
        model = ScriptedModel(
            ModelUnavailable("busy", kind="rate_limit", retryable=True, retry_after=9.0), "depois"
        )
        call = asyncio.create_task(self.retrying(model, clock).complete(request()))

        await clock.advance(8.9)
        assert len(model.requests) == 1
        await clock.advance(0.2)

        assert (await call).text == "depois"

    async def test_a_wait_beyond_the_deadline_is_not_begun(self, clock: ManualClock) -> None:
        """With two seconds left nobody sleeps nine: the ladder gets the time instead."""
        model = ScriptedModel(
            ModelUnavailable("busy", kind="rate_limit", retryable=True, retry_after=9.0)
        )

        with pytest.raises(ModelUnavailable):
            await self.retrying(model, clock).complete(request(budget=2.0))

        assert clock.sleepers == 0

    async def test_cancelling_ends_the_wait(self, clock: ManualClock) -> None:
        """A cancelled turn asks no second time."""
        model = ScriptedModel(BUSY, "nunca")
        call = asyncio.create_task(self.retrying(model, clock).complete(request()))
        await model.asked(1)
        call.cancel()

        with pytest.raises(asyncio.CancelledError):
            await call
        await clock.advance(60)

        assert len(model.requests) == 1


async def test_no_model_says_so() -> None:
    """Without a provider every request ends in the kind the ladder knows."""
    with pytest.raises(ModelUnavailable) as caught:
        await NoModel().complete(request())

    assert (caught.value.kind, caught.value.retryable) == ("no_model", False)


async def test_the_whole_gateway_retries_caches_and_meters(clock: ManualClock) -> None:
    """Built as the app builds it: a row per call, retries inside, the second question cached."""
    model = ScriptedModel(BUSY, "ok")
    book = Book()
    cache = LayeredCache([MemoryStore(clock)], clock=clock)
    gateway = build(model, meter=book, clock=clock, cache=cache, concurrency=2)
    call = asyncio.create_task(gateway.complete(request()))
    await model.asked(1)
    while not clock.sleepers:  # what is masked in a thread takes its time
        await asyncio.sleep(0)
    await clock.advance(1)

    assert (await call).text == "ok"
    assert (await gateway.complete(request())).cached
    assert len(model.requests) == 2
    assert [(row.error, row.from_cache) for row in book.calls] == [
        ("rate_limit", False),
        (None, False),
        (None, True),
    ]
