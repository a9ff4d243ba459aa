"""The only retry layer around a model, inside the turn's deadline."""

import random
from collections.abc import Callable
from dataclasses import replace

from chatcrew.clock import Clock
from chatcrew.errors import ModelError
from chatcrew.llm._once import once
from chatcrew.llm._port import Model
from chatcrew.messages import ModelAnswer, ModelRequest

# Waiting is pointless if no more than this is left for the call that follows.
_LEAST_USEFUL = 0.5


class Retrying:
    """A ``Model`` that asks again where that may help and time allows.

    Written out instead of taken from a library, because the wait has to be known *before* it is
    slept, to be held against the deadline, and must run on our clock.

    Args:
        inner: the model asked.
        clock: measures and sleeps.
        attempts: most calls in all.
        first_wait: seconds before the second call, doubled for each one after.
        longest_wait: bound of that; a provider's own ``retry_after`` is not bounded by it.
        chance: 0–1; half of each wait is random, so that workers do not come back together.
    """

    def __init__(
        self,
        inner: Model,
        *,
        clock: Clock,
        attempts: int = 3,
        first_wait: float = 0.25,
        longest_wait: float = 4.0,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._inner = inner
        self._clock = clock
        self._attempts = attempts
        self._first_wait = first_wait
        self._longest_wait = longest_wait
        self._chance = chance

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Ask, and ask again while the error is retryable and the wait fits into the budget.

        Raises:
            ModelError: the last error.
        """
        until = self._clock.monotonic() + request.budget
        if request.begun is not None:
            request = replace(request, begun=once(request.begun))  # a stream may break and restart
        attempt = 1
        while True:
            left = until - self._clock.monotonic()
            try:
                return await self._inner.complete(replace(request, budget=left))
            except ModelError as error:
                wait = self._wait(attempt, error)
                left = until - self._clock.monotonic()
                if not error.retryable or attempt >= self._attempts:
                    raise
                if wait + _LEAST_USEFUL > left:
                    raise
            await self._clock.sleep(wait)
            attempt += 1

    def _wait(self, attempt: int, error: ModelError) -> float:
        backoff = min(self._longest_wait, self._first_wait * 2.0 ** (attempt - 1))
        backoff *= 0.5 + 0.5 * self._chance()
        return backoff if error.retry_after is None else max(backoff, error.retry_after)
