"""A bound on how many calls one model gets at once, so that a slow one cannot take everything."""

import asyncio
from dataclasses import replace

from chatcrew.clock import Clock
from chatcrew.errors import ModelDeadlineExceeded
from chatcrew.llm._port import Model
from chatcrew.messages import ModelAnswer, ModelRequest


class Limited:
    """A ``Model`` that lets ``limit`` calls per model name through; the others wait in order.

    Args:
        inner: the model asked.
        clock: measures the wait, which counts against the budget.
        limit: calls at once per model name.
    """

    def __init__(self, inner: Model, *, clock: Clock, limit: int = 32) -> None:
        self._inner = inner
        self._clock = clock
        self._limit = limit
        # as many as there are model names in the configuration
        self._slots: dict[str, asyncio.Semaphore] = {}

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Wait for a slot, then ask with what is left of the budget.

        Raises:
            ModelDeadlineExceeded: no slot became free in time.
            ModelError: whatever the inner model raises.
        """
        slots = self._slots.setdefault(request.model, asyncio.Semaphore(self._limit))
        began = self._clock.monotonic()
        try:
            async with asyncio.timeout(request.budget):
                await slots.acquire()
        except TimeoutError:
            raise ModelDeadlineExceeded(
                f"no slot for model {request.model!r} became free within {request.budget:.1f} s",
                kind="timeout",
            ) from None
        try:
            left = request.budget - (self._clock.monotonic() - began)
            return await self._inner.complete(replace(request, budget=left))
        finally:
            slots.release()
