"""Time behind a port, so that tests and simulations can own it."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime:
        """Return the wall clock, timezone-aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go back (not comparable across processes)."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait ``seconds`` (a value at or below zero only yields to the loop)."""
        ...


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        """Return the wall clock, timezone-aware, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait ``seconds`` on the event loop."""
        await asyncio.sleep(max(0.0, seconds))


__all__ = ["Clock", "SystemClock"]
