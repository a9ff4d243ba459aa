"""The rows of model calls: priced, and written without making the customer wait for the ledger."""

import asyncio
from collections.abc import Callable, Collection

from chatcrew.clock import Clock
from chatcrew.errors import ChatcrewError
from chatcrew.llm._port import Meter
from chatcrew.llm._prices import cost
from chatcrew.llm._purse import Held
from chatcrew.messages import ModelCall, ModelRequest, Usage
from chatcrew.telemetry import get_logger
from chatcrew.tenancy import Price

_log = get_logger("llm")
# A ledger that is slow must not make the customer wait; its row is still written.
_MOST_WAITED = 0.5


def no_price(model: str) -> Price | None:
    """Know no price of any ``model``."""
    del model
    return None


class Rows:
    """Writes a row for each call, beside the call.

    Args:
        meter: keeps the rows.
        clock: measures the calls.
        price: of a model by its configured name, or None where nobody knows it.
    """

    def __init__(
        self, meter: Meter, *, clock: Clock, price: Callable[[str], Price | None] = no_price
    ) -> None:
        self._meter = meter
        self._clock = clock
        self._price = price
        self._unpriced: set[str] = set()
        # by tenant and turn: who asks for a turn waits for the rows of that turn only
        self._writing: dict[tuple[str, str | None], set[asyncio.Task[None]]] = {}

    def now(self) -> float:
        """Return the moment a call begins at."""
        return self._clock.monotonic()

    def add(
        self,
        request: ModelRequest,
        began: float,
        *,
        usage: Usage,
        model: str = "",
        error: str | None = None,
        estimated: bool = False,
        held: Held | None = None,
        spared: Usage | None = None,
    ) -> None:
        """Begin to write a row of ``request``, under ``model`` or its own, and settle ``held``.

        ``spared`` is what the call would have used that our own cache answered.
        """
        name = model or request.model
        call = ModelCall(
            tenant=request.tenant,
            model=name,
            usage=usage,
            at=self._clock.now(),
            turn_id=request.turn_id,
            role=request.role,
            seconds=self._clock.monotonic() - began,
            from_cache=spared is not None,
            error=error,
            cost=0.0 if usage == Usage() else self._cost(name, usage),
            estimated=estimated,
            spared=None if spared is None else self._cost(name, spared),
        )
        place = (request.tenant, request.turn_id)
        task = asyncio.create_task(self._keep(call, held))
        self._writing.setdefault(place, set()).add(task)
        task.add_done_callback(lambda done: self._written(place, done))

    async def settle(self, request: ModelRequest) -> None:
        """Wait until the rows of its turn are written, as long as a customer may wait for that."""
        await _waited(self._writing.get((request.tenant, request.turn_id), ()))

    async def settle_turn(self, turn_id: str) -> None:
        """Wait until all rows of a turn are written, as long as a customer may wait for that."""
        asked = [tasks for (_, turn), tasks in self._writing.items() if turn == turn_id]
        await _waited([task for tasks in asked for task in tasks])

    async def aclose(self) -> None:
        """Wait until every row is written."""
        while self._writing:
            await asyncio.wait({task for tasks in self._writing.values() for task in tasks})

    def _written(self, place: tuple[str, str | None], task: asyncio.Task[None]) -> None:
        tasks = self._writing[place]
        tasks.discard(task)
        if not tasks:
            del self._writing[place]

    def _cost(self, model: str, usage: Usage) -> float | None:
        found = cost(usage, self._price(model))
        if found is None and model not in self._unpriced:
            self._unpriced.add(model)
            _log.warning("model.unpriced", model=model)
        return found

    async def _keep(self, call: ModelCall, held: Held | None) -> None:
        if held is not None:
            await held.settle(call)
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


async def _waited(writing: Collection[asyncio.Task[None]]) -> None:
    if writing:
        await asyncio.wait(writing, timeout=_MOST_WAITED)
