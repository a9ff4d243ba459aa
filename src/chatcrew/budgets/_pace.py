"""How many calls a minute: in this process alone, divided by the workers that live."""

from collections import deque
from typing import Protocol

from chatcrew.clock import Clock

WINDOW = 60.0


class Pace(Protocol):
    """Lets so many through in any 60 seconds."""

    async def enter(self, key: str, most: int) -> float:
        """Take a place; return 0.0, or the seconds until there may be one and none was taken.

        Args:
            key: whose calls.
            most: in any 60 seconds, of all workers together.
        """
        ...

    def divide(self, workers: int) -> None:
        """Note how many workers live now."""
        ...


class ProcessPace:
    """``Pace`` without a common place: each worker has its part.

    Args:
        clock: time.
        workers: that share a pace.
    """

    def __init__(self, clock: Clock, *, workers: int = 1) -> None:
        self._clock = clock
        self._workers = max(1, workers)
        self._entered: dict[str, deque[float]] = {}

    async def enter(self, key: str, most: int) -> float:
        """See ``Pace.enter``; of a limit smaller than the number of workers each has one."""
        now = self._clock.monotonic()
        entered = self._entered.setdefault(key, deque())
        while entered and entered[0] <= now - WINDOW:
            entered.popleft()
        part = max(1, most // self._workers)
        if len(entered) < part:
            entered.append(now)
            return 0.0
        return entered[len(entered) - part] + WINDOW - now

    def divide(self, workers: int) -> None:
        """See ``Pace.divide``."""
        self._workers = max(1, workers)
