"""Tasks of one turn that run side by side: so many at once, and none outlives the turn."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from chatcrew.crews._loop import TurnAborted


class Beside:
    """The tasks with ``async_execution`` of one turn.

    CrewAI starts all of a group at once, waits for them one after the other, and when one fails it
    leaves the others running.

    Args:
        most: so many work at once; the others wait in their order.
    """

    def __init__(self, most: int) -> None:
        self._places = asyncio.Semaphore(most)
        self._running: dict[asyncio.Task[Any], None] = {}  # in their order, also to end them
        self._over = False
        self.fault: BaseException | None = None
        """What the first of them failed of; the others were cancelled for it."""

    async def run(self, work: Callable[[], Awaitable[Any]]) -> Any:
        """Return what ``work`` returns, done when it is its turn.

        Raises:
            TurnAborted: the turn is over.
        """
        task = asyncio.current_task()
        if self._over or task is None:
            raise TurnAborted
        self._running[task] = None
        async with self._places:
            if self._over:
                raise TurnAborted
            try:
                return await work()
            except BaseException as fault:
                self._fail(task, fault)
                raise

    def _fail(self, failed: asyncio.Task[Any], fault: BaseException) -> None:
        if self._over:
            return
        self._over, self.fault = True, fault
        for task in self._running:
            if task is not failed:
                task.cancel()

    async def end(self) -> None:
        """End what still runs, and wait until it has."""
        self._over = True
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
