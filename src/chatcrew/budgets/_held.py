"""What one call holds: room for what it may cost, and a place among those made at once."""

from collections.abc import Callable, Sequence

from chatcrew.budgets._bounds import NANO
from chatcrew.budgets._port import Counters, Line
from chatcrew.errors import StoreError
from chatcrew.messages import ModelCall
from chatcrew.telemetry import get_logger

_log = get_logger("budgets")


class Held:
    """Room that one call has; ``settle`` gives back what it did not need.

    Args:
        counters: where it stands.
        name: of the reservation, "" for none.
        tenant: who pays.
        lines: what was reserved.
        most: US dollars that were, None where the price is not known.
    """

    def __init__(
        self, counters: Counters, name: str, tenant: str, lines: Sequence[Line], most: float | None
    ) -> None:
        self._counters = counters
        self._name = name
        self._tenant = tenant
        self._lines = lines
        self._most = most

    async def settle(self, call: ModelCall) -> None:
        """Put what the call used in the place of what was reserved.

        What it used is not known where its count never came: then all of that counts, as the
        provider may bill it. A storage that is away is waited for by nobody: the reservation then
        counts whole.
        """
        cost, usage = call.cost or 0.0, call.usage
        if self._most is not None and cost > self._most:
            _log.warning("budget.underestimated", tenant=self._tenant, model=call.model, cost=cost)
        spent = {
            "money": round(cost * NANO),
            "tokens": usage.prompt_tokens + usage.completion_tokens,
            "calls": 1,
        }
        await self._put(spent, whole=call.uncounted)

    async def give_back(self) -> None:
        """Say that the call was never made."""
        await self._put({})

    async def _put(self, spent: dict[str, int], *, whole: bool = False) -> None:
        if not self._lines:
            return
        least = {line.key: line.amount for line in self._lines if whole and line.key.span != "now"}
        amounts = [
            (line.key, max(spent.get(line.key.kind, 0), least.get(line.key, 0)))
            for line in self._lines
        ]
        try:
            await self._counters.settle(self._name, self._tenant, amounts)
        except StoreError as error:
            _log.warning("budget.unsettled", tenant=self._tenant, error=type(error).__name__)


class Place:
    """A call's place among those its business makes at once.

    Args:
        free: frees it, or None: nothing bounds them.
    """

    def __init__(self, free: Callable[[], None] | None = None) -> None:
        self._free = free

    def leave(self) -> None:
        """Free it; nobody waits for that."""
        if self._free is not None:
            self._free()
