"""What each call to a provider used and cost, whatever became of the call."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from chatcrew.errors import BudgetExceeded, ModelError
from chatcrew.llm._heard import Heard
from chatcrew.llm._port import Model
from chatcrew.llm._prices import estimated
from chatcrew.llm._purse import OpenPurse, Purse, bid_of, bounded
from chatcrew.llm._rows import Rows
from chatcrew.llm.limited import NoSlot
from chatcrew.messages import ModelAnswer, ModelRequest, Usage
from chatcrew.points import Point, passed
from chatcrew.tenancy import ModelSpec

_CANCELLED = "cancelled"
_REFUSED = "budget"


class Metered:
    """A ``Model`` that has each call allowed before, and records it: answered, failed, cancelled.

    It stands next to the provider, inside of slots, stand-ins and retries: what was sent is one
    row, each time, and what never was is none. A row names the configured model, never what a
    provider calls itself. A provider that was asked and whose count never came (the loser of a
    hedge, a timeout, a stream that broke, a server without usage) is counted by us, as
    ``estimated``: it will be on the bill. Rows are written beside the call; ``Booked`` waits.

    What a call may cost at worst is reserved right before it is sent, and what its row says is
    settled: hedges, repairs and stand-ins like every other. A call without room is never sent.
    One that was sent and never ended may be billed for an answer nobody saw: its row keeps the
    estimate, and limits count all that was reserved.

    Args:
        inner: the model asked.
        rows: where the calls are kept.
        purse: allows them; left out, whoever does so allows all.
        spec: tells price and bounds of the model asked.
    """

    def __init__(
        self,
        inner: Model,
        rows: Rows,
        *,
        purse: Purse | None = None,
        spec: Callable[[str], ModelSpec] = ModelSpec,
    ) -> None:
        self._inner = inner
        self._rows = rows
        self._purse = purse or OpenPurse()
        self._spec = spec

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Ask, and record tokens, cost, time and outcome.

        Raises:
            ModelError: whatever the inner model raises.
            BudgetExceeded: a limit has no room for it.
            StoreError: nobody can say whether one has.
        """
        spec = self._spec(request.model)
        asking = self._rows.now()
        request = bounded(request, spec)
        held = await self._purse.reserve(bid_of(request, spec))
        began = self._rows.now()
        request = replace(request, budget=request.budget - (began - asking))
        heard = Heard(request)
        passed(Point.MODEL_ASKED)
        try:
            answer = await self._inner.complete(heard.request)
            passed(Point.MODEL_ANSWERED)
        except ModelError as error:
            # nobody is asked without time left, and who had begun had read the whole prompt
            billed = heard.begun or (error.maybe_done and request.budget > 0)
            usage = estimated(request) if billed else Usage()
            self._rows.add(
                request, began, usage=usage, error=error.kind, estimated=billed, held=held
            )
            raise
        except asyncio.CancelledError:
            usage = estimated(request)
            self._rows.add(request, began, usage=usage, error=_CANCELLED, estimated=True, held=held)
            raise
        silent = _silent(answer)
        usage = estimated(request, answer) if silent else answer.usage
        self._rows.add(request, began, usage=usage, estimated=silent, held=held)
        return answer


class Booked:
    """A ``Model``, outermost of all, with a row for what no provider was asked, and the books.

    That is a kept answer, a breaker that is open, a slot that never became free, a limit without
    room: it costs nothing.
    Whoever is answered finds the rows written, unless the ledger is slow.

    Args:
        inner: the model asked.
        rows: where the calls are kept.
        later: a turn does not wait for its rows with each call, but with ``booked``, before it
            ends: meanwhile it goes on. Its next call waits, so that it finds the room that was
            reserved for the last one and not needed.
    """

    def __init__(self, inner: Model, rows: Rows, *, later: bool = False) -> None:
        self._inner = inner
        self._rows = rows
        self._later = later

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Ask, and wait until what it used is recorded.

        Raises:
            ModelError: whatever the inner model raises.
            BudgetExceeded: a limit has no room for it.
        """
        if not (self._later and request.turn_id is not None):
            return await self._recorded(request)
        asking = self._rows.now()
        await self._rows.settle(request)
        waited = self._rows.now() - asking
        return await self._asked(replace(request, budget=request.budget - waited))

    async def booked(self, turn_id: str) -> None:
        """Wait until the calls of a turn are recorded, as long as a customer may wait for that."""
        await self._rows.settle_turn(turn_id)

    async def _recorded(self, request: ModelRequest) -> ModelAnswer:
        try:
            answer = await self._asked(request)
        except (ModelError, BudgetExceeded):
            await self._rows.settle(request)
            raise
        await self._rows.settle(request)
        return answer

    async def _asked(self, request: ModelRequest) -> ModelAnswer:
        began = self._rows.now()
        try:
            answer = await self._inner.complete(request)
        except ModelError as error:
            if error.kind == "breaker_open" or isinstance(error, NoSlot):
                self._rows.add(request, began, usage=Usage(), error=error.kind)
            raise
        except BudgetExceeded:
            self._rows.add(request, began, usage=Usage(), error=_REFUSED)
            raise
        if answer.cached:
            self._rows.add(
                request,
                began,
                usage=Usage(),
                model=answer.served_by,
                spared=estimated(request, answer) if _silent(answer) else answer.usage,
            )
            answer = replace(answer, usage=Usage())
        return answer

    async def aclose(self) -> None:
        """Wait until every call is recorded."""
        await self._rows.aclose()


def _silent(answer: ModelAnswer) -> bool:
    return not (answer.usage.prompt_tokens or answer.usage.completion_tokens)
