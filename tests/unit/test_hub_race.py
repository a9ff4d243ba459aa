"""The second way is taken when the first is slow or failed, and the first good answer wins (N5)."""

import asyncio
from collections.abc import Callable

import pytest

from chatcrew.hub.context import Reply
from chatcrew.hub.race import Hedge, Step, Way, race
from chatcrew.messages import Rung
from chatcrew.testing import ManualClock

Ends = list[tuple[str, str]]


class Runner:
    """A way that takes its time on the test's clock.

    Attributes:
        started: how often it was taken.
        left: how often it was cancelled.
    """

    def __init__(self, name: str, clock: ManualClock, *, takes: float, end: str = "answered"):
        self.name = name
        self.clock = clock
        self.takes = takes
        self.end = end
        self.begin: Callable[[], None] | None = None
        self.begins_at = 0.0
        self.started = self.left = 0

    @property
    def way(self) -> Way:
        """The way for the race."""
        return Way(self.name, self._go)

    async def _go(self) -> Step:
        self.started += 1
        try:
            if self.begin is not None:
                await self.clock.sleep(self.begins_at)
                self.begin()
            await self.clock.sleep(self.takes - self.begins_at)
        except asyncio.CancelledError:
            self.left += 1
            raise
        if self.end == "fault":
            raise RuntimeError("broken")
        reply = Reply(self.name, engine=self.name, reason=self.name)
        return Step(
            Rung(self.name, self.end, self.takes * 1000), reply if self.end == "answered" else None
        )


async def run(
    clock: ManualClock, first: Runner, second: Runner, *, after: float = 1.2, seconds: float = 20
) -> tuple[str | None, Ends]:
    """Run a race to its end and return whose reply won and how every rung ended."""
    begun = asyncio.Event()
    if first.begins_at:
        first.begin = begun.set
    task = asyncio.create_task(
        race(first.way, second.way, hedge=Hedge(after, begun), budget=12.0, clock=clock)
    )
    for _ in range(int(seconds * 10)):
        await clock.advance(0.1)
        if task.done():
            break
    reply, rungs = await task
    return reply and reply.text, [(rung.name, rung.end) for rung in rungs]


@pytest.fixture
def clock() -> ManualClock:
    """Time that the test moves."""
    return ManualClock()


async def test_a_quick_crew_is_never_hedged(clock: ManualClock) -> None:
    """The fast model costs nothing where it is not needed."""
    crew, fast = Runner("crew", clock, takes=0.5), Runner("fast", clock, takes=0.1)
    assert await run(clock, crew, fast) == ("crew", [("crew", "answered")])
    assert fast.started == 0


async def test_a_silent_crew_is_hedged_at_half_the_time(clock: ManualClock) -> None:
    """No sign of life by then means that it will be late; the loser is cancelled for real."""
    crew, fast = Runner("crew", clock, takes=9.0), Runner("fast", clock, takes=0.3)
    assert await run(clock, crew, fast) == ("fast", [("fast", "answered"), ("crew", "cancelled")])
    assert clock.monotonic() == pytest.approx(0.9, abs=0.11)
    assert crew.left == 1


async def test_a_crew_that_has_begun_to_answer_gets_the_whole_time(clock: ManualClock) -> None:
    """Words that already come will soon be whole."""
    crew, fast = Runner("crew", clock, takes=1.1), Runner("fast", clock, takes=0.1)
    crew.begins_at = 0.4
    assert await run(clock, crew, fast) == ("crew", [("crew", "answered")])
    assert fast.started == 0


async def test_a_crew_that_is_done_first_wins_over_a_hedge_that_runs(clock: ManualClock) -> None:
    """The hedge is a net, not a replacement."""
    crew, fast = Runner("crew", clock, takes=1.5), Runner("fast", clock, takes=5.0)
    assert await run(clock, crew, fast) == ("crew", [("crew", "answered"), ("fast", "cancelled")])
    assert fast.left == 1


async def test_of_two_that_end_in_the_same_moment_the_crew_wins(clock: ManualClock) -> None:
    """Its answer had tools and the better model."""
    crew, fast = Runner("crew", clock, takes=1.2), Runner("fast", clock, takes=0.6)
    winner, _ = await run(clock, crew, fast)
    assert winner == "crew"


@pytest.mark.parametrize("end", ["timeout", "unavailable", "empty", "unfounded_price"])
async def test_a_crew_that_fails_early_is_followed_at_once(clock: ManualClock, end: str) -> None:
    """Nobody waits for the hedge once the crew has nothing to say."""
    crew, fast = Runner("crew", clock, takes=0.2, end=end), Runner("fast", clock, takes=0.2)
    assert await run(clock, crew, fast) == ("fast", [("crew", end), ("fast", "answered")])
    assert clock.monotonic() == pytest.approx(0.4, abs=0.11)


async def test_what_the_provider_filters_is_not_asked_again(clock: ManualClock) -> None:
    """The fast model would be refused the same words."""
    crew = Runner("crew", clock, takes=0.2, end="content_filter")
    fast = Runner("fast", clock, takes=0.2)
    assert await run(clock, crew, fast) == (None, [("crew", "content_filter")])
    assert fast.started == 0


async def test_a_fast_model_that_declines_leaves_the_crew_its_time(clock: ManualClock) -> None:
    """The hedge failing ends nothing."""
    crew, fast = Runner("crew", clock, takes=4.0), Runner("fast", clock, takes=0.2, end="declined")
    assert await run(clock, crew, fast) == ("crew", [("fast", "declined"), ("crew", "answered")])


async def test_where_both_fail_every_step_is_told(clock: ManualClock) -> None:
    """The team reads what was tried."""
    crew = Runner("crew", clock, takes=3.0, end="timeout")
    fast = Runner("fast", clock, takes=0.5, end="rate_limit")
    assert await run(clock, crew, fast) == (None, [("fast", "rate_limit"), ("crew", "timeout")])


async def test_without_a_hedge_only_a_failure_calls_the_fast_model(clock: ManualClock) -> None:
    """``hedge: 0`` in the YAML."""
    crew, fast = Runner("crew", clock, takes=6.0), Runner("fast", clock, takes=0.1)
    assert await run(clock, crew, fast, after=0) == ("crew", [("crew", "answered")])
    assert fast.started == 0


async def test_a_fault_ends_both_ways_before_it_is_raised(clock: ManualClock) -> None:
    """A defect must not leave a model call running that somebody pays for."""
    crew, fast = Runner("crew", clock, takes=9.0), Runner("fast", clock, takes=0.1, end="fault")
    with pytest.raises(RuntimeError, match="broken"):
        await run(clock, crew, fast)
    assert crew.left == 1


async def test_a_cancelled_race_cancels_both_ways(clock: ManualClock) -> None:
    """A lost lease or a shutdown ends the calls, too."""
    crew, fast = Runner("crew", clock, takes=9.0), Runner("fast", clock, takes=9.0)
    task = asyncio.create_task(race(crew.way, fast.way, hedge=Hedge(1.0), budget=12.0, clock=clock))
    await clock.advance(2.0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (crew.left, fast.left) == (1, 1)


async def test_past_the_budget_nobody_is_waited_for(clock: ManualClock) -> None:
    """A way that does not keep its own time is cancelled, and its rung says why."""
    crew, fast = Runner("crew", clock, takes=60.0), Runner("fast", clock, takes=60.0)
    assert await run(clock, crew, fast) == (None, [("crew", "timeout"), ("fast", "timeout")])
    assert clock.monotonic() == pytest.approx(12.2, abs=0.15)
    assert (crew.left, fast.left) == (1, 1)


async def test_a_crew_that_did_something_that_stands_is_not_outrun(clock: ManualClock) -> None:
    """People were called: the fast model's cheerful answer may not win over that (S1-27)."""
    crew, fast = Runner("crew", clock, takes=5.0), Runner("fast", clock, takes=1.0)
    hedge = Hedge(1.0)
    task = asyncio.create_task(race(crew.way, fast.way, hedge=hedge, budget=12.0, clock=clock))
    await clock.advance(0.7)
    assert fast.started == 1
    hedge.committed.set()
    await clock.advance(3.0)
    assert not task.done()
    await clock.advance(2.0)
    reply, rungs = await task
    assert reply is not None
    assert reply.text == "crew"
    assert [(rung.name, rung.end) for rung in rungs] == [("fast", "answered"), ("crew", "answered")]


async def test_a_crew_that_is_committed_is_not_hedged_any_more(clock: ManualClock) -> None:
    """Nobody pays for an answer that may not win."""
    crew, fast = Runner("crew", clock, takes=5.0), Runner("fast", clock, takes=1.0)
    hedge = Hedge(1.0)
    hedge.committed.set()
    task = asyncio.create_task(race(crew.way, fast.way, hedge=hedge, budget=12.0, clock=clock))
    await clock.advance(6.0)
    reply, _ = await task
    assert reply is not None
    assert fast.started == 0


async def test_an_answer_in_the_same_moment_does_not_outrun_what_stands(clock: ManualClock) -> None:
    """Nor in the blink between the deed and whoever waits for word of it: it would be cut off."""
    both, ready, hedge = asyncio.Event(), asyncio.Event(), Hedge(1.0)

    async def acts() -> Step:
        await both.wait()
        await ready.wait()
        await asyncio.sleep(0)
        hedge.committed.set()
        await asyncio.sleep(0.01)
        return Step(Rung("crew", "answered"), Reply("crew", engine="crew", reason="crew"))

    async def answers() -> Step:
        both.set()
        await ready.wait()
        return Step(Rung("fast", "answered"), Reply("fast", engine="fast", reason="fast"))

    ways = Way("crew", acts), Way("fast", answers)
    task = asyncio.create_task(race(*ways, hedge=hedge, budget=12.0, clock=clock))
    await clock.advance(0.7)
    ready.set()
    reply, _ = await task
    assert reply is not None
    assert reply.text == "crew"
