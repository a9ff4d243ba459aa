"""Remembers beside the turns: woken by each, and by time for what a dead worker left."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self

from chatcrew.app.foundation import Foundation
from chatcrew.clock import Clock
from chatcrew.errors import StoreError
from chatcrew.llm import Model
from chatcrew.memory import LEASE, MemoryStore, PostgresMemory
from chatcrew.memory.remember import Episodes, Rememberer
from chatcrew.messages import Work
from chatcrew.telemetry import Metrics, get_logger, place

_log = get_logger("memory")

EVERY = 30.0
"""Seconds between two looks for work that nobody was woken for."""

GATHER = 0.5
"""Seconds after a note in which others' notes are waited for, to be done together."""

TOGETHER = 20
"""Most works that are claimed at once."""

AGAIN = timedelta(seconds=60)
"""After so long work that failed is due again, times the tries it took."""

MOST_TRIES = 5
"""Then it is given up: the next turn of the conversation notes it anew."""

PURGE_EVERY = timedelta(hours=1)
KEEP_EPISODES = timedelta(days=400)
"""Summaries that nobody has touched for so long are deleted."""


@dataclass(frozen=True, slots=True)
class Mind:
    """The model that is asked what to remember.

    Attributes:
        model: the gateway, which meters and limits it like every other call.
        name: which model, at the moment.
        available: whether one is configured, at the moment.
    """

    model: Model
    name: Callable[[], str]
    available: Callable[[], bool]


def remember_with(
    base: Foundation, episodes: Episodes, *, mind: Mind | None = None
) -> "Remembering":
    """Return what remembers for one worker; the caller enters it.

    Args:
        base: storage, configuration, time.
        episodes: what was said.
        mind: the model; None: readers alone remember.
    """
    store = PostgresMemory(base.database)
    rememberer = Rememberer(
        store,
        episodes,
        configuration=lambda: base.directory.current,
        clock=base.clock,
        model=mind.model if mind else None,
        model_name=mind.name if mind else lambda: "",
        available=mind.available if mind else lambda: False,
    )
    return Remembering(store, rememberer, metrics=base.metrics, clock=base.clock)


class Remembering:
    """One task that does the work of episodes, as an async context.

    Args:
        store: where work waits.
        rememberer: does it.
        metrics: counts it.
        clock: time.
    """

    def __init__(
        self, store: MemoryStore, rememberer: Rememberer, *, metrics: Metrics, clock: Clock
    ) -> None:
        self.store = store
        self._rememberer = rememberer
        self._metrics = metrics
        self._clock = clock
        self._noted = 0
        self._everything_at = float("-inf")
        self._woken = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._purge_at = clock.now()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="remembering")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def wake(self) -> None:
        """Look for work at once."""
        self._noted += 1
        self._idle.clear()
        self._woken.set()

    async def idle(self) -> None:
        """Wait until nothing is left to remember; for tests and for who shuts down."""
        await self._idle.wait()

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            noted, self._noted = self._noted, 0
            try:
                await self._some(noted)
                await self._purge()
            except StoreError as error:
                _log.warning("memory.away", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - design §5: as the worker's loop, it outlives any round
                _log.error("memory.stopped", error=type(error).__name__, place=place(error))
            if not self._woken.is_set():
                self._idle.set()
            await self._rest()

    async def _some(self, noted: int) -> None:
        """Do as much as was noted, and by time all that is due, whoever left it.

        To look for more after each note would double the looks.
        """
        now = self._clock.monotonic()
        everything = now >= self._everything_at
        if everything:
            self._everything_at = now + EVERY
        while everything or noted > 0:
            limit = TOGETHER if everything else min(noted, TOGETHER)
            noted -= limit
            if await self._together(limit) < limit:
                return

    async def _rest(self) -> None:
        """Wait for a note, and then for those that come with it; or for the time."""
        ways = {
            asyncio.create_task(self._woken.wait(), name="woken"),
            asyncio.create_task(self._clock.sleep(EVERY), name="time"),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
        if self._woken.is_set():
            await self._clock.sleep(GATHER)

    async def _together(self, limit: int) -> int:
        """Do works that are due; return how many there were.

        A model may take long over each: those whose leases would not last come back at once.
        """
        until = self._clock.monotonic() + LEASE / 3
        works = await self.store.claim(now=self._clock.now(), limit=limit)
        for work in await self._left(works):
            if self._clock.monotonic() < until:
                await self._one(work)
            else:
                await self.store.release(work, due_at=self._clock.now(), counted=False)
        return len(works)

    async def _left(self, works: Sequence[Work]) -> Sequence[Work]:
        """Return what a glance at all of them leaves to be done one by one.

        Where it fails for all, each is tried by itself, and fails nobody else.
        """
        fresh = [work for work in works if work.attempts <= MOST_TRIES]
        if not fresh:
            return works
        try:
            left = await self._rememberer.glance(fresh)
        except Exception as error:  # noqa: BLE001 - design §5: what one of them has must not stop the others
            _log.warning("memory.not_together", error=type(error).__name__, place=place(error))
            return works
        for _ in range(len(fresh) - len(left)):
            self._metrics.count("chatcrew_memory", result="kept")
        return [work for work in works if work in left or work not in fresh]

    async def _one(self, work: Work) -> None:
        """Do one work."""
        if work.attempts > MOST_TRIES:
            await self.store.finish(work, now=self._clock.now())
            self._metrics.count("chatcrew_memory", result="given_up")
            return
        try:
            done = await self._rememberer.remember(work)
        except Exception as error:  # noqa: BLE001 - design §5: as the worker's loop, it outlives any work; it is tried again
            _log.error(
                "memory.failed",
                conversation=str(work.conversation),
                error=type(error).__name__,
                place=place(error),
                attempts=work.attempts,
            )
            self._metrics.count("chatcrew_memory", result="failed")
            await self.store.release(work, due_at=self._clock.now() + AGAIN * work.attempts)
            return
        self._metrics.count("chatcrew_memory", result="kept" if done.kept else "lost")
        if done.rolled:
            self._metrics.count("chatcrew_memory", result=f"summary_{done.rolled}")
        if done.extracted == "model":
            self._metrics.count("chatcrew_memory", result="extracted")

    async def _purge(self) -> None:
        now = self._clock.now()
        if now < self._purge_at:
            return
        self._purge_at = now + PURGE_EVERY
        await self.store.purge(now=now, episodes_before=now - KEEP_EPISODES)
