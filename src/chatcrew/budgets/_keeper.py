"""Reserves what a call may cost at worst, settles what it cost, and says what is left."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from chatcrew.budgets._bounds import NANO, lines_of, paces
from chatcrew.budgets._pace import Pace, ProcessPace
from chatcrew.budgets._port import Count, Counters, Full, LimitState, Line
from chatcrew.budgets._states import states
from chatcrew.budgets._told import refusal_of
from chatcrew.clock import Clock
from chatcrew.errors import BudgetExceeded, Refusal, StoreError
from chatcrew.ids import new_id
from chatcrew.messages import Bid, ModelCall
from chatcrew.telemetry import Metrics, get_logger
from chatcrew.tenancy.model import Exchange, Tenant

_log = get_logger("budgets")

GRACE = timedelta(seconds=60)
"""After so long beyond its own time nobody works on a call any more."""

SHORT = 2.0
"""Seconds that a call waits for its place in a minute; a longer wait is refused at once."""

RESERVE = 0.5
"""Seconds that must be left for the call itself after such a wait."""

AGAIN = 0.05
"""Seconds between two looks for a free slot."""


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


class Keeper:
    """Satisfies ``llm.Purse`` and ``Budgets``: the limits of every business.

    Args:
        counters: of days, months and slots, for all workers.
        tenants: by key, as the files say them now.
        exchange: what a dollar is now, or None.
        clock: time.
        metrics: counts refusals.
        pace: of minutes; left out, this process alone.
    """

    def __init__(
        self,
        counters: Counters,
        *,
        tenants: Callable[[], Mapping[str, Tenant]],
        exchange: Callable[[], Exchange | None],
        clock: Clock,
        metrics: Metrics,
        pace: Pace | None = None,
    ) -> None:
        self._counters = counters
        self._tenants = tenants
        self._exchange = exchange
        self._clock = clock
        self._metrics = metrics
        self._pace = pace or ProcessPace(clock)
        self._queues: dict[str, asyncio.Lock] = {}
        self._giving: set[asyncio.Task[None]] = set()

    async def reserve(self, bid: Bid) -> Held:
        """Return room for a call, or refuse it.

        Raises:
            BudgetExceeded: a limit has no room for what it may cost at worst.
            StoreError: nobody can say; then nothing is called.
        """
        tenant = self._tenants().get(bid.tenant)
        if tenant is None:
            return Held(self._counters, "", bid.tenant, (), None)
        until = self._clock.monotonic() + bid.seconds
        await self._paced(bid, tenant, until)
        taking = asyncio.create_task(self._take(bid, tenant, until))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            # who gave up in this very moment may have got room all the same
            taking.add_done_callback(self._unwanted)
            raise

    async def state(self, tenants: Collection[str] | None = None) -> Sequence[LimitState]:
        """See ``Budgets.state``."""
        now = self._clock.now()
        known = self._tenants()
        wanted = [one for key, one in sorted(known.items()) if tenants is None or key in tenants]
        counts = await self._counters.read([one.key for one in wanted], now=now)
        found: dict[str, dict[tuple[str, str, str], Count]] = {}
        for one in counts:
            place = (one.key.scope, one.key.kind, one.key.span)
            found.setdefault(one.tenant, {})[place] = one
        exchange = self._exchange()
        return [
            state
            for one in wanted
            for state in states(one, found.get(one.key, {}), exchange=exchange, now=now)
        ]

    async def expire(self) -> None:
        """Count reservations of dead workers as spent.

        Raises:
            StoreError: storage is away.
        """
        lines = await self._counters.expire(self._clock.now())
        if lines:
            _log.warning("budget.expired", lines=lines)

    async def aclose(self) -> None:
        """Wait until everything is given back."""
        while self._giving:
            await asyncio.wait(self._giving)

    async def _paced(self, bid: Bid, tenant: Tenant, until: float) -> None:
        """Wait for a place in the minute where that is short.

        Raises:
            BudgetExceeded: the wait would be longer.
        """
        for scope, most in paces(tenant.limits, role=bid.role, function=bid.function):
            while waits := await self._pace.enter(f"{tenant.key}|{scope}", most):
                left = until - RESERVE - self._clock.monotonic()
                if waits > min(SHORT, left):
                    refusal = Refusal("calls", scope, "minute", most=most, used=most, seconds=waits)
                    raise self._refused(tenant, refusal, first=False)
                await self._clock.sleep(waits)

    async def _take(self, bid: Bid, tenant: Tenant, until: float) -> Held:
        if not tenant.limits.concurrency:
            found = await self._tried(bid, tenant)
        else:
            # in the order in which they came, so that nobody is overtaken for ever
            async with self._queues.setdefault(tenant.key, asyncio.Lock()):
                while True:
                    found = await self._tried(bid, tenant)
                    left = until - RESERVE - self._clock.monotonic()
                    if isinstance(found, Held) or found.line.key.kind != "slots" or left <= 0:
                        break
                    await self._clock.sleep(AGAIN)
        if isinstance(found, Held):
            return found
        refusal = refusal_of(
            found,
            tenant.limits,
            exchange=self._exchange(),
            now=self._clock.now(),
            zone=ZoneInfo(tenant.timezone),
        )
        raise self._refused(tenant, refusal, first=found.first)

    async def _tried(self, bid: Bid, tenant: Tenant) -> Held | Full:
        now, exchange = self._clock.now(), self._exchange()
        lines = lines_of(
            bid, tenant.limits, exchange=exchange, now=now, zone=ZoneInfo(tenant.timezone)
        )
        name = new_id()
        expires = now + timedelta(seconds=bid.seconds) + GRACE
        found = await self._counters.take(name, tenant.key, lines, expires=expires)
        if isinstance(found, Full):
            return found
        return Held(self._counters, name, tenant.key, lines, bid.cost)

    def _refused(self, tenant: Tenant, refusal: Refusal, *, first: bool) -> BudgetExceeded:
        kind, span = refusal.kind, refusal.span
        self._metrics.count("chatcrew_budget_refusals", tenant=tenant.key, kind=kind, span=span)
        if first and kind != "slots":
            _log.error(
                "budget.exceeded",
                tenant=tenant.key,
                scope=refusal.scope,
                kind=kind,
                span=span,
                most=refusal.most,
                used=refusal.used,
                currency=refusal.currency,
                seconds=round(refusal.seconds),
            )
        return BudgetExceeded(tenant.key, refusal)

    def _unwanted(self, taking: asyncio.Task[Held]) -> None:
        if taking.cancelled() or taking.exception() is not None:
            return
        giving = asyncio.create_task(taking.result().give_back())
        self._giving.add(giving)
        giving.add_done_callback(self._giving.discard)
