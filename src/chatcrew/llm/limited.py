"""A bound on how many calls one model gets at once, so that a slow one cannot take everything."""

import asyncio
from dataclasses import replace

from chatcrew.clock import Clock
from chatcrew.errors import ModelDeadlineExceeded
from chatcrew.llm._port import Model
from chatcrew.llm._slots import FairSlots
from chatcrew.messages import ModelAnswer, ModelRequest


class NoSlot(ModelDeadlineExceeded):
    """The deadline came while the call waited for its turn: the provider was never asked."""


class Limited:
    """A ``Model`` that lets ``limit`` calls through at once; there is one per provider and model.

    Those who wait are served tenant by tenant in turn, and in order within one, so that the burst
    of one tenant costs another no more than one call of each who waited before it.

    Args:
        inner: the model asked.
        clock: measures the wait, which counts against the budget.
        limit: calls at once.
    """

    def __init__(self, inner: Model, *, clock: Clock, limit: int = 32) -> None:
        self._inner = inner
        self._clock = clock
        self._slots = FairSlots(limit)

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Wait for a slot, then ask with what is left of the budget.

        Raises:
            ModelDeadlineExceeded: no slot became free in time.
            ModelError: whatever the inner model raises.
        """
        began = self._clock.monotonic()
        try:
            async with asyncio.timeout(request.budget):
                await self._slots.acquire(request.tenant)
        except TimeoutError:
            raise NoSlot(
                f"no slot for model {request.model!r} became free within {request.budget:.1f} s",
                kind="timeout",
            ) from None
        try:
            left = request.budget - (self._clock.monotonic() - began)
            return await self._inner.complete(replace(request, budget=left))
        finally:
            self._slots.release()
