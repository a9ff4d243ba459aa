"""What a worker does by time, beside its turns: rounds that outlive whatever they run into."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from chatcrew.clock import Clock
from chatcrew.errors import StoreError
from chatcrew.telemetry import get_logger, place

_log = get_logger("chores")


@dataclass(frozen=True, slots=True)
class Round:
    """Something done again and again.

    Attributes:
        name: as logs and tasks call it.
        every: seconds between the end of one and the next.
        run: does it once.
    """

    name: str
    every: float
    run: Callable[[], Awaitable[object]]


class Chores:
    """Rounds in the background, as an async context; each goes its own pace.

    Args:
        rounds: what is done; the first time at once.
        clock: time.
    """

    def __init__(self, rounds: Sequence[Round], *, clock: Clock) -> None:
        self._rounds = tuple(rounds)
        self._clock = clock
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._going(one), name=one.name) for one in self._rounds]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _going(self, one: Round) -> None:
        while True:
            try:
                await one.run()
            except StoreError as error:
                _log.error("chore.failed", chore=one.name, error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - design §5: as the worker's loop, it outlives any round
                _log.error(
                    "chore.failed", chore=one.name, error=type(error).__name__, place=place(error)
                )
            await self._clock.sleep(one.every)
