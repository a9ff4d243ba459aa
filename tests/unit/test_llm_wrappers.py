"""Each wrapper of the gateway, against a scripted model and a clock that stands still."""

import asyncio
from dataclasses import replace

import pytest

from chatcrew.cache import LayeredCache, MemoryStore
from chatcrew.errors import ModelDeadlineExceeded, ModelError, ModelUnavailable, StoreError
from chatcrew.llm import Limited, Metered, Model, NoModel, Retrying, build
from chatcrew.messages import ModelAnswer, ModelCall, ModelRequest, Usage
from chatcrew.testing import ManualClock, ScriptedModel

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


class TestLimited:
    """A bound per model on calls at once."""

    async def test_no_more_than_the_limit_run_at_once(self, clock: ManualClock) -> None:
        """Twelve calls through three slots: never four at once, all answered."""
        model = ScriptedModel(default="ok")
        limited = Limited(model, clock=clock, limit=3)
        model.hold()
        calls = [asyncio.create_task(limited.complete(request(str(n)))) for n in range(12)]
        await model.asked(3)
        model.release()

        answers = await asyncio.gather(*calls)

        assert len(answers) == 12
        assert model.most_at_once == 3

    async def test_models_do_not_wait_for_each_other(self, clock: ManualClock) -> None:
        """A full model leaves the fast one alone."""
        model = ScriptedModel(default="ok")
        limited = Limited(model, clock=clock, limit=1)
        model.hold()
        calls = [
            asyncio.create_task(limited.complete(request(model=name))) for name in ("slow", "fast")
        ]
        await asyncio.wait_for(model.asked(2), 2)
        model.release()

        assert len(await asyncio.gather(*calls)) == 2

    async def test_waiting_ends_with_the_budget(self, clock: ManualClock) -> None:
        """Who gets no slot in time is told so, and the slot is not lost."""
        model = ScriptedModel(default="ok")
        limited = Limited(model, clock=clock, limit=1)
        model.hold()
        first = asyncio.create_task(limited.complete(request()))
        await model.asked(1)

        with pytest.raises(ModelDeadlineExceeded) as caught:
            await limited.complete(request(budget=0.05))
        model.release()
        await first

        assert caught.value.kind == "timeout"
        assert (await limited.complete(request())).text == "ok"

    async def test_waiting_counts_against_the_budget(self, clock: ManualClock) -> None:
        """The model gets what is left after the wait."""
        model = ScriptedModel(default="ok")
        limited = Limited(Slow(model, clock=clock, seconds=4), clock=clock, limit=1)
        calls = [asyncio.create_task(limited.complete(request(budget=30))) for _ in range(2)]
        await clock.advance(4)
        await clock.advance(4)
        await asyncio.gather(*calls)

        assert [asked.budget for asked in model.requests] == [30, 26]


class TestMetered:
    """Every call leaves a row, whatever became of it."""

    async def test_an_answer_is_recorded(self, clock: ManualClock) -> None:
        """Tenant, model as reported, tokens, time, turn and role are kept."""
        answer = ModelAnswer("oi", usage=Usage(10, 5, 2), model="m-2026")
        book = Book()
        metered = Metered(
            Slow(ScriptedModel(answer), clock=clock, seconds=1.5), meter=book, clock=clock
        )
        call = asyncio.create_task(metered.complete(request(turn_id="t1", role="support")))
        await clock.advance(1.5)
        await call

        assert book.calls == [
            ModelCall(
                tenant="health/acme",
                model="m-2026",
                usage=Usage(10, 5, 2),
                at=clock.now(),
                turn_id="t1",
                role="support",
                seconds=1.5,
            )
        ]

    async def test_a_failure_is_recorded_and_raised(self, clock: ManualClock) -> None:
        """The kind of failure is in the row."""
        book = Book()
        metered = Metered(ScriptedModel(BUSY), meter=book, clock=clock)

        with pytest.raises(ModelUnavailable):
            await metered.complete(request())

        assert [(call.error, call.model) for call in book.calls] == [("rate_limit", "m")]

    async def test_a_cancelled_call_is_recorded(self, clock: ManualClock) -> None:
        """The loser of a hedge may have cost money: it has a row too."""
        model = ScriptedModel(default="ok")
        model.hold()
        book = Book()
        metered = Metered(model, meter=book, clock=clock)
        call = asyncio.create_task(metered.complete(request()))
        await model.asked(1)
        call.cancel()

        with pytest.raises(asyncio.CancelledError):
            await call
        await metered.aclose()

        assert [row.error for row in book.calls] == ["cancelled"]

    async def test_a_ledger_that_fails_costs_no_answer(self, clock: ManualClock) -> None:
        """The customer gets the answer although its row could not be written."""
        book = Book()
        book.fails = True
        metered = Metered(ScriptedModel("oi"), meter=book, clock=clock)

        assert (await metered.complete(request())).text == "oi"

    async def test_a_ledger_that_hangs_costs_no_answer(self, clock: ManualClock) -> None:
        """The answer does not wait for ever, and the row is written once the ledger is back."""
        book = Book()
        book.open.clear()
        metered = Metered(ScriptedModel("oi"), meter=book, clock=clock)

        assert (await asyncio.wait_for(metered.complete(request()), 2)).text == "oi"
        book.open.set()
        await metered.aclose()

        assert len(book.calls) == 1


async def test_no_model_says_so() -> None:
    """Without a provider every request ends in the kind the ladder knows."""
    with pytest.raises(ModelUnavailable) as caught:
        await NoModel().complete(request())

    assert (caught.value.kind, caught.value.retryable) == ("no_model", False)


async def test_the_whole_gateway_retries_caches_and_meters(clock: ManualClock) -> None:
    """Built as the app builds it: one row per question, retries inside, the second one cached."""
    model = ScriptedModel(BUSY, "ok")
    book = Book()
    cache = LayeredCache([MemoryStore(clock)], clock=clock)
    gateway = build(model, meter=book, clock=clock, cache=cache, concurrency=2)
    call = asyncio.create_task(gateway.complete(request()))
    await clock.advance(1)

    assert (await call).text == "ok"
    assert (await gateway.complete(request())).cached
    assert len(model.requests) == 2
    assert [(row.error, row.from_cache) for row in book.calls] == [(None, False), (None, True)]
