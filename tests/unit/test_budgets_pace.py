"""Calls a minute in Redis, for all workers together, and without it (S3-88)."""

import asyncio

import pytest

from chatcrew.budgets import Pace, ProcessPace
from chatcrew.budgets._redis import RedisPace
from chatcrew.testing import ManualClock


class Counted(ProcessPace):
    """Says how often it was asked."""

    asked = 0

    async def enter(self, key: str, most: int) -> float:
        """Count, and let in."""
        self.asked += 1
        return await super().enter(key, most)


@pytest.mark.redis
async def test_two_workers_share_one_minute_in_redis(redis_server) -> None:
    """Of 40 calls at once through two of them exactly ten are let in; others hear how long."""
    workers = [
        await asyncio.to_thread(RedisPace, redis_server.url, else_by=own)
        for own in (Counted(ManualClock(), workers=2), Counted(ManualClock(), workers=2))
    ]
    waits = await asyncio.gather(*(workers[n % 2].enter("shop/acme|tenant", 10) for n in range(40)))
    assert waits.count(0.0) == 10
    assert all(0 < one <= 60 for one in waits if one)
    assert await workers[0].enter("shop/other|tenant", 10) == 0.0
    for one in workers:
        assert one._else_by.asked == 0
        await one.aclose()


async def test_while_redis_is_away_each_worker_keeps_its_part() -> None:
    """Nobody is let through unlimited, and no call fails for it."""
    own = Counted(ManualClock(), workers=5)
    away: Pace = await asyncio.to_thread(RedisPace, "redis://127.0.0.1:1/0", else_by=own)
    assert [await away.enter("a", 10) for _ in range(3)] == [0.0, 0.0, 60.0]
    away.divide(1)
    assert await away.enter("a", 10) == 0.0
    assert own.asked == 4


async def test_workers_without_redis_share_the_calls_a_minute() -> None:
    """Of ten a minute each of five has two; of three each of five has one."""
    clock = ManualClock()
    pace = ProcessPace(clock, workers=5)
    assert [await pace.enter("a", 10) for _ in range(3)] == [0.0, 0.0, 60.0]
    assert await pace.enter("b", 3) == 0.0
    assert await pace.enter("b", 3) > 0
    pace.divide(2)
    assert await pace.enter("a", 10) == 0.0
