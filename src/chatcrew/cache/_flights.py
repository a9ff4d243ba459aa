"""Single flight: callers who want the same thing at the same time wait for one piece of work."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from chatcrew.errors import StoreError

_T = TypeVar("_T")
# Seconds the last to leave waits for the work it cancelled; what takes longer ends on its own.
_MOST_WAITED = 1.0


@dataclass(slots=True, eq=False)
class _Flight(Generic[_T]):
    task: "asyncio.Task[_T]"
    waiters: int = 0


class Flights(Generic[_T]):
    """Work in progress by key; it belongs to no caller, so none can cancel it for the others."""

    def __init__(self) -> None:
        self._flights: dict[str, _Flight[_T]] = {}
        self._tasks: set[asyncio.Task[_T]] = set()
        self._closed = False

    async def share(
        self,
        key: str,
        start: Callable[[], Coroutine[Any, Any, _T]],
        *,
        joined: Callable[[], None],
    ) -> _T:
        """Return the result of the work under ``key``, starting it if nobody has.

        The work's error goes to every waiter. It is cancelled when the last waiter leaves, who
        waits a moment for its end; whoever comes after that, or still waits when the work was
        cancelled from inside, starts it anew.

        Raises:
            StoreError: closed.
        """
        while not self._closed:
            flight = self._flights.get(key)
            if flight is None:
                flight = self._depart(key, start())
            else:
                joined()
            await self._ride(key, flight)
            if not flight.task.cancelled():
                return flight.task.result()
        raise StoreError("the cache is closed")

    def leave_behind(self, key: str | None) -> None:
        """Let who comes from now on start anew; None: whatever the key."""
        if key is None:
            self._flights.clear()
        else:
            self._flights.pop(key, None)

    def leave_behind_all(self, holds: Callable[[str], bool]) -> None:
        """Let who comes from now on start anew, for every key that ``holds`` says yes to."""
        for key in [key for key in self._flights if holds(key)]:
            del self._flights[key]

    async def aclose(self) -> None:
        """Cancel all work and wait until it has ended."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _depart(self, key: str, work: Coroutine[Any, Any, _T]) -> _Flight[_T]:
        task = asyncio.create_task(work, name=f"chatcrew-cache-load {key}")
        flight = self._flights[key] = _Flight(task)
        self._tasks.add(task)

        def landed(_: object) -> None:
            self._tasks.discard(task)
            self._leave(key, flight)
            if not task.cancelled():
                task.exception()  # seen, even if every waiter has left

        task.add_done_callback(landed)
        return flight

    async def _ride(self, key: str, flight: _Flight[_T]) -> None:
        flight.waiters += 1
        try:
            await asyncio.wait({flight.task})
        except asyncio.CancelledError:
            if self._alight(key, flight):
                # whoever hears that this caller has gone may count on what it held being free;
                # asyncio.wait cancels nothing, so that a second cancellation ends the wait only
                await asyncio.wait({flight.task}, timeout=_MOST_WAITED)
            raise
        self._alight(key, flight)

    def _alight(self, key: str, flight: _Flight[_T]) -> bool:
        """Take one waiter away; return whether it was the last one of work it had to cancel."""
        flight.waiters -= 1
        if flight.waiters or flight.task.done():
            return False
        self._leave(key, flight)
        flight.task.cancel()
        return True

    def _leave(self, key: str, flight: _Flight[_T]) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
