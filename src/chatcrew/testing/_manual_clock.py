"""A clock that a test moves."""

import asyncio
import heapq
import itertools
from datetime import UTC, datetime, timedelta

# How often waiting tasks get the loop before time goes on: enough for a few awaits in a row.
_YIELDS = 10


class ManualClock:
    """Satisfies ``chatcrew.clock.Clock``; time stands still until ``advance``.

    Args:
        start: the first wall-clock time.
    """

    def __init__(self, start: datetime = datetime(2026, 8, 3, 15, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._elapsed = 0.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """Return the wall clock, UTC."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """Return the seconds advanced since the start."""
        return self._elapsed

    @property
    def sleepers(self) -> int:
        """How many tasks wait for time to pass."""
        return sum(1 for _, _, future in self._sleepers if not future.done())

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock was advanced by ``seconds``."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed + seconds, next(self._order), future))
        await future

    async def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass; every sleeper wakes at its own moment, in order."""
        target = self._elapsed + seconds
        await self._let_run()
        while self._sleepers and self._sleepers[0][0] <= target:
            due, _, future = heapq.heappop(self._sleepers)
            self._elapsed = due
            if not future.done():
                future.set_result(None)
                await self._let_run()
        self._elapsed = target
        await self._let_run()

    async def _let_run(self) -> None:
        for _ in range(_YIELDS):
            await asyncio.sleep(0)
