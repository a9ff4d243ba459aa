"""What each model call used, told to the meter, whatever became of the call."""

import asyncio

from chatcrew.clock import Clock
from chatcrew.errors import ChatcrewError, ModelError
from chatcrew.llm._port import Meter, Model
from chatcrew.messages import ModelAnswer, ModelCall, ModelRequest, Usage
from chatcrew.telemetry import get_logger

_log = get_logger("llm")
# A ledger that is slow must not make the customer wait; its row is still written.
_MOST_WAITED = 0.5


class Metered:
    """A ``Model`` that records every call: answered, cached, failed or cancelled.

    Args:
        inner: the model asked.
        meter: keeps the calls.
        clock: measures them.
    """

    def __init__(self, inner: Model, *, meter: Meter, clock: Clock) -> None:
        self._inner = inner
        self._meter = meter
        self._clock = clock
        self._records: set[asyncio.Task[None]] = set()

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Ask, and record tokens, time and outcome.

        Raises:
            ModelError: whatever the inner model raises.
        """
        began = self._clock.monotonic()
        try:
            answer = await self._inner.complete(request)
        except ModelError as error:
            await self._record(request, began, error=error.kind)
            raise
        except asyncio.CancelledError:
            self._start(request, began, error="cancelled")
            raise
        await self._record(request, began, answer=answer)
        return answer

    async def aclose(self) -> None:
        """Wait until every call is recorded."""
        while self._records:
            await asyncio.wait(self._records)

    async def _record(
        self,
        request: ModelRequest,
        began: float,
        *,
        answer: ModelAnswer | None = None,
        error: str | None = None,
    ) -> None:
        task = self._start(request, began, answer=answer, error=error)
        await asyncio.wait({task}, timeout=_MOST_WAITED)

    def _start(
        self,
        request: ModelRequest,
        began: float,
        *,
        answer: ModelAnswer | None = None,
        error: str | None = None,
    ) -> asyncio.Task[None]:
        call = ModelCall(
            tenant=request.tenant,
            model=(answer.model if answer is not None else "") or request.model,
            usage=answer.usage if answer is not None else Usage(),
            at=self._clock.now(),
            turn_id=request.turn_id,
            role=request.role,
            seconds=self._clock.monotonic() - began,
            from_cache=answer is not None and answer.cached,
            error=error,
        )
        task = asyncio.create_task(self._keep(call))
        self._records.add(task)
        task.add_done_callback(self._records.discard)
        return task

    async def _keep(self, call: ModelCall) -> None:
        try:
            await self._meter.record(call)
        except ChatcrewError as error:
            # the answer is worth more than its row; the line lets the row be written by hand
            _log.warning(
                "model.usage_lost",
                tenant=call.tenant,
                model=call.model,
                turn=call.turn_id,
                prompt_tokens=call.usage.prompt_tokens,
                completion_tokens=call.usage.completion_tokens,
                error=type(error).__name__,
            )
