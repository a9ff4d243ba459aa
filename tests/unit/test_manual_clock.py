"""ManualClock wakes sleepers in order, and only when it is moved (N12)."""

import asyncio
from datetime import UTC, datetime

from chatcrew.clock import Clock
from chatcrew.testing import ManualClock


async def test_time_stands_still_until_it_is_advanced() -> None:
    """Both clocks move by what was asked for."""
    clock: Clock = ManualClock(datetime(2026, 8, 3, 15, 0, tzinfo=UTC))
    assert isinstance(clock, ManualClock)
    before = clock.now(), clock.monotonic()

    assert (clock.now(), clock.monotonic()) == before
    await clock.advance(90)

    assert clock.now() == datetime(2026, 8, 3, 15, 1, 30, tzinfo=UTC)
    assert clock.monotonic() == before[1] + 90


async def test_sleepers_wake_at_their_own_moment_in_order() -> None:
    """Each sees the time it asked for, also one that sleeps again."""
    clock = ManualClock()
    woken: list[tuple[str, float]] = []

    async def sleeper(name: str, *naps: float) -> None:
        for nap in naps:
            await clock.sleep(nap)
            woken.append((name, clock.monotonic()))

    tasks = [asyncio.create_task(sleeper("b", 5)), asyncio.create_task(sleeper("a", 2, 2))]
    await clock.advance(4.5)
    assert woken == [("a", 2), ("a", 4)]
    assert clock.sleepers == 1
    await clock.advance(1)
    await asyncio.gather(*tasks)

    assert woken == [("a", 2), ("a", 4), ("b", 5)]


async def test_a_cancelled_sleeper_is_forgotten() -> None:
    """Advancing past it harms nobody."""
    clock = ManualClock()
    task = asyncio.create_task(clock.sleep(1))
    await clock.advance(0.5)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    await clock.advance(1)

    assert clock.sleepers == 0


async def test_no_sleep_only_yields() -> None:
    """Zero and less return without an advance."""
    async with asyncio.timeout(1):
        await ManualClock().sleep(0)
        await ManualClock().sleep(-1)
