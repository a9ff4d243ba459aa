"""What a call that was cancelled shows about the provider (S3-54, N5)."""

import asyncio
from collections.abc import Callable

import pytest

from chatcrew.errors import ModelError, ModelUnavailable
from chatcrew.llm import Limited
from chatcrew.llm.guarded import Guarded
from chatcrew.messages import ModelAnswer, ModelRequest
from chatcrew.testing import ManualClock

AWAY = ModelUnavailable("away", kind="unavailable", retryable=True)


class Server:
    """A model that hangs, speaks and hangs, fails or answers, as its mood is.

    Attributes:
        mood: what the next calls meet.
        asked: how many calls came.
    """

    def __init__(self) -> None:
        self.mood = "hangs"
        self.asked = 0

    async def complete(self, asked: ModelRequest) -> ModelAnswer:
        """Do so."""
        self.asked += 1
        if self.mood == "fails":
            raise AWAY
        if self.mood == "speaks" and asked.begun is not None:
            asked.begun()
        if self.mood != "answers":
            await asyncio.Event().wait()
        return ModelAnswer("ok")


class House:
    """A guarded server on a clock that stands still: three failures open it for ten seconds.

    Attributes:
        states: what the breaker told.
    """

    def __init__(self, *, slots: int = 8) -> None:
        self.clock = ManualClock()
        self.server = Server()
        self.states: list[str] = []
        self.guard = Guarded(
            self.server,
            model="m",
            provider="p",
            clock=self.clock,
            observer=self,
            failures=3,
            rest=10.0,
            queue=lambda model: Limited(model, clock=self.clock, limit=slots),
        )

    def breaker(self, model: str, state: str) -> None:
        """Keep what the breaker tells."""
        del model
        self.states.append(state)

    def ask(self, begun: Callable[[], None] | None = lambda: None) -> asyncio.Task[ModelAnswer]:
        """Begin a call."""
        request = ModelRequest("t/a", "m", [{"role": "user", "content": "olá"}], begun=begun)
        return asyncio.create_task(self.guard.complete(request))

    async def leave(
        self, seconds: float, *, times: int = 1, begun: Callable[[], None] | None = lambda: None
    ) -> None:
        """Ask so often at once, and cancel each call after so many seconds."""
        calls = [self.ask(begun) for _ in range(times)]
        await asyncio.sleep(0.01)  # asked or queueing
        await self.clock.advance(seconds)
        for call in calls:
            call.cancel()
        await asyncio.wait(calls)

    async def fail(self) -> None:
        """Open the breaker, and let it rest."""
        self.server.mood = "fails"
        for _ in range(3):
            with pytest.raises(ModelError):
                await self.ask()
        await self.clock.advance(10.1)


@pytest.fixture
def house() -> House:
    """Give a closed breaker."""
    return House()


async def test_a_hanging_model_is_left_alone_although_every_call_is_cancelled(house: House) -> None:
    """The hedge answers the customers and cancels the hung calls: they count all the same."""
    await house.leave(1.5, times=3)

    assert house.states == ["open"]
    with pytest.raises(ModelUnavailable) as caught:
        await house.ask()
    assert (caught.value.kind, house.server.asked) == ("breaker_open", 3)


async def test_calls_cancelled_early_say_nothing(house: House) -> None:
    """Ten losers of a quick race are no news about the model."""
    await house.leave(1.4, times=8)
    await house.leave(1.4, times=8)

    assert house.states == []


async def test_a_cancelled_call_that_had_begun_speaks_for_the_model(house: House) -> None:
    """Two silences, a word, two silences: never three in a row."""
    for mood, times in (("hangs", 2), ("speaks", 1), ("hangs", 2), ("speaks", 1)):
        house.server.mood = mood
        await house.leave(2.0, times=times)

    assert house.states == []


@pytest.mark.parametrize(("seconds", "opens"), [(4.9, False), (5.0, True)])
async def test_a_call_that_is_not_streamed_may_take_longer(
    house: House, seconds: float, opens: bool
) -> None:
    """Its answer comes at the end, so that silence says little."""
    await house.leave(seconds, times=3, begun=None)

    assert house.states == (["open"] if opens else [])


async def test_time_in_our_own_queue_is_not_the_models_silence() -> None:
    """One slot, held by a call that has begun; those behind it are cancelled unsent."""
    house = House(slots=1)
    house.server.mood = "speaks"

    await house.leave(4.0, times=6)

    assert house.server.asked == 1
    assert house.states == []


@pytest.mark.parametrize(
    ("mood", "seconds", "then"),
    [
        ("hangs", 1.5, ["open"]),
        ("speaks", 0.1, ["closed"]),
        ("hangs", 1.4, []),
    ],
    ids=["silent", "begun", "too early to say"],
)
async def test_a_try_that_was_cancelled_is_judged_too(
    house: House, mood: str, seconds: float, then: list[str]
) -> None:
    """Otherwise the breaker would stay half open for as long as the hedge wins."""
    await house.fail()
    house.server.mood = mood

    await house.leave(seconds)

    assert house.states == ["open", "half_open", *then]


async def test_after_a_try_without_news_the_next_call_tries(house: House) -> None:
    """Nobody is kept out by a call that has gone."""
    await house.fail()
    house.server.mood = "hangs"
    await house.leave(0.5)
    house.server.mood = "answers"

    assert (await house.ask()).text == "ok"
    assert house.states == ["open", "half_open", "closed"]
