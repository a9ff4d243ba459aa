"""What each model call used and cost, told to the meter, whatever became of the call."""

import asyncio
from collections.abc import Callable

from chatcrew.clock import Clock
from chatcrew.errors import ChatcrewError, ModelError
from chatcrew.llm._port import Meter, Model
from chatcrew.llm._prices import cost, estimated
from chatcrew.llm.limited import NoSlot
from chatcrew.messages import ModelAnswer, ModelCall, ModelRequest, Usage
from chatcrew.telemetry import get_logger
from chatcrew.tenancy import Price

_log = get_logger("llm")
# A ledger that is slow must not make the customer wait; its row is still written.
_MOST_WAITED = 0.5
_CANCELLED = "cancelled"


def no_price(model: str) -> Price | None:
    """Know no price of any ``model``."""
    del model
    return None


class Metered:
    """A ``Model`` that records every call: answered, cached, failed or cancelled.

    A row names the configured model that served, never what a provider calls itself. A provider
    that was asked and whose count never came (the loser of a hedge, a timeout, a server without
    usage) is counted by us, as ``estimated``: it will be on the bill.

    Args:
        inner: the model asked.
        meter: keeps the calls.
        clock: measures them.
        price: of a model by its configured name, or None where nobody knows it.
    """

    def __init__(
        self,
        inner: Model,
        *,
        meter: Meter,
        clock: Clock,
        price: Callable[[str], Price | None] = no_price,
    ) -> None:
        self._inner = inner
        self._meter = meter
        self._clock = clock
        self._price = price
        self._records: set[asyncio.Task[None]] = set()
        self._unpriced: set[str] = set()

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Ask, and record tokens, cost, time and outcome.

        Raises:
            ModelError: whatever the inner model raises.
        """
        began = self._clock.monotonic()
        try:
            answer = await self._inner.complete(request)
        except ModelError as error:
            sent = error.kind == "timeout" and not isinstance(error, NoSlot)
            usage = estimated(request) if sent else Usage()
            await self._kept(
                self._start(request, began, usage=usage, error=error.kind, guessed=sent)
            )
            raise
        except asyncio.CancelledError:
            self._start(request, began, usage=estimated(request), error=_CANCELLED, guessed=True)
            raise
        usage = answer.usage
        silent = not answer.cached and not (usage.prompt_tokens or usage.completion_tokens)
        if silent:
            usage = estimated(request, answer)
        await self._kept(self._start(request, began, usage=usage, answer=answer, guessed=silent))
        return answer

    async def aclose(self) -> None:
        """Wait until every call is recorded."""
        while self._records:
            await asyncio.wait(self._records)

    async def _kept(self, task: asyncio.Task[None]) -> None:
        await asyncio.wait({task}, timeout=_MOST_WAITED)

    def _start(
        self,
        request: ModelRequest,
        began: float,
        *,
        usage: Usage,
        answer: ModelAnswer | None = None,
        error: str | None = None,
        guessed: bool = False,
    ) -> asyncio.Task[None]:
        model = (answer.served_by if answer is not None else "") or request.model
        from_cache = answer is not None and answer.cached
        call = ModelCall(
            tenant=request.tenant,
            model=model,
            usage=usage,
            at=self._clock.now(),
            turn_id=request.turn_id,
            role=request.role,
            seconds=self._clock.monotonic() - began,
            from_cache=from_cache,
            error=error,
            cost=0.0 if from_cache or usage == Usage() else self._cost(model, usage),
            estimated=guessed,
        )
        task = asyncio.create_task(self._keep(call))
        self._records.add(task)
        task.add_done_callback(self._records.discard)
        return task

    def _cost(self, model: str, usage: Usage) -> float | None:
        found = cost(usage, self._price(model))
        if found is None and model not in self._unpriced:
            self._unpriced.add(model)
            _log.warning("model.unpriced", model=model)
        return found

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
                cost=call.cost,
                error=type(error).__name__,
            )
