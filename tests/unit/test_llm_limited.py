"""How many calls one model gets at once, and who is next."""

import asyncio
from dataclasses import replace

import pytest

from chatcrew.errors import ModelDeadlineExceeded
from chatcrew.llm import Limited, Model, NoSlot
from chatcrew.messages import ModelAnswer, ModelRequest
from chatcrew.testing import ManualClock, ScriptedModel


def request(text: str = "olá", **fields: object) -> ModelRequest:
    """Return a request with one user message."""
    made = ModelRequest("health/acme", "m", [{"role": "user", "content": text}])
    return replace(made, **fields)  # type: ignore[arg-type]  # test values


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


async def test_no_more_than_the_limit_run_at_once(clock: ManualClock) -> None:
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


async def test_waiting_ends_with_the_budget(clock: ManualClock) -> None:
    """Who gets no slot in time is told so, and the slot is not lost."""
    model = ScriptedModel(default="ok")
    limited = Limited(model, clock=clock, limit=1)
    model.hold()
    first = asyncio.create_task(limited.complete(request()))
    await model.asked(1)

    with pytest.raises(NoSlot) as caught:
        await limited.complete(request(budget=0.05))
    model.release()
    await first

    assert isinstance(caught.value, ModelDeadlineExceeded)
    assert caught.value.kind == "timeout"
    assert (await limited.complete(request())).text == "ok"


async def test_waiting_counts_against_the_budget(clock: ManualClock) -> None:
    """The model gets what is left after the wait."""
    model = ScriptedModel(default="ok")
    limited = Limited(Slow(model, clock=clock, seconds=4), clock=clock, limit=1)
    calls = [asyncio.create_task(limited.complete(request(budget=30))) for _ in range(2)]
    await clock.advance(4)
    await clock.advance(4)
    await asyncio.gather(*calls)

    assert [asked.budget for asked in model.requests] == [30, 26]


async def test_the_burst_of_one_tenant_does_not_keep_another_waiting(clock: ManualClock) -> None:
    """Fifty calls of one tenant wait; another's only call is the second to be served (§3.4)."""
    model = ScriptedModel(default="ok")
    limited = Limited(Slow(model, clock=clock, seconds=1), clock=clock, limit=1)
    crowd = [
        asyncio.create_task(limited.complete(request(str(n), tenant="shop/crowd")))
        for n in range(50)
    ]
    await clock.advance(0)
    lonely = asyncio.create_task(limited.complete(request(tenant="shop/lonely")))
    await clock.advance(3)

    assert lonely.done()
    assert [asked.tenant for asked in model.requests] == ["shop/crowd", "shop/crowd", "shop/lonely"]
    assert [asked.messages[0]["content"] for asked in model.requests[:2]] == ["0", "1"]
    for call in crowd:
        call.cancel()
    await asyncio.wait(crowd)


async def test_a_cancelled_wait_gives_its_turn_to_the_next(clock: ManualClock) -> None:
    """The loser of a hedge that still queued leaves no hole behind."""
    model = ScriptedModel(default="ok")
    limited = Limited(Slow(model, clock=clock, seconds=1), clock=clock, limit=1)
    calls = [asyncio.create_task(limited.complete(request(str(n)))) for n in range(3)]
    await clock.advance(0)
    calls[1].cancel()
    await clock.advance(2)

    assert (await calls[2]).text == "ok"
    assert [asked.messages[0]["content"] for asked in model.requests] == ["0", "2"]
