"""Reserves what a call may cost at worst, settles what it cost, and says what is left."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from chatcrew.budgets._bounds import lines_of, paces, slot_of
from chatcrew.budgets._held import Held, Place
from chatcrew.budgets._pace import Pace, ProcessPace
from chatcrew.budgets._port import Count, Counters, Full, LimitState, Line
from chatcrew.budgets._states import states
from chatcrew.budgets._told import refusal_of
from chatcrew.clock import Clock
from chatcrew.errors import BudgetExceeded, Refusal
from chatcrew.ids import new_id
from chatcrew.messages import Bid
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

    async def enter(self, bid: Bid, worst: Callable[[], Bid]) -> Place:
        """Wait for a call's place in the minute, and among those made at once.

        Args:
            bid: who calls; what it may cost is not looked at.
            worst: says that, where it is waited: who has no money left waits for no place.

        Raises:
            BudgetExceeded: the wait would be too long, or for nothing.
            StoreError: nobody can say; then nothing is called.
        """
        tenant = self._tenants().get(bid.tenant)
        if tenant is None:
            return Place()
        until = self._clock.monotonic() + bid.seconds
        await self._paced(bid, tenant, until)
        if not tenant.limits.concurrency:
            return Place()
        held = await self._slot(worst(), tenant, until)
        return Place(lambda: self._give_back(held))

    async def reserve(self, bid: Bid) -> Held:
        """Return room for a call, or refuse it, at once.

        Raises:
            BudgetExceeded: a limit has no room for what it may cost at worst.
            StoreError: nobody can say; then nothing is called.
        """
        tenant = self._tenants().get(bid.tenant)
        if tenant is None:
            return Held(self._counters, "", bid.tenant, (), None)
        found = await self._taken(bid, tenant, self._lines(bid, tenant))
        if isinstance(found, Full):
            raise self._without_room(found, tenant)
        return found

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

    async def _slot(self, bid: Bid, tenant: Tenant, until: float) -> Held:
        """Wait for a slot, in the order in which they came: nobody is overtaken for ever."""
        queue = self._queues.setdefault(tenant.key, asyncio.Lock())
        try:
            async with asyncio.timeout(until - RESERVE - self._clock.monotonic()):
                await queue.acquire()
        except TimeoutError:
            found = await self._look(bid, tenant, waits=False)
        else:
            try:
                found = await self._polled(bid, tenant, until)
            finally:
                queue.release()
        if isinstance(found, Full):
            raise self._without_room(found, tenant)
        return found

    async def _polled(self, bid: Bid, tenant: Tenant, until: float) -> Held | Full:
        while True:
            waits = until - RESERVE - self._clock.monotonic() > 0
            found = await self._look(bid, tenant, waits=waits)
            if not waits or isinstance(found, Held) or found.line.key.kind != "slots":
                return found
            await self._clock.sleep(AGAIN)

    async def _look(self, bid: Bid, tenant: Tenant, *, waits: bool) -> Held | Full:
        slot = slot_of(tenant.limits, now=self._clock.now(), zone=ZoneInfo(tenant.timezone))
        wanted = self._lines(bid, tenant)
        return await self._taken(bid, tenant, [slot], wanted=wanted, waits=waits)

    async def _taken(
        self,
        bid: Bid,
        tenant: Tenant,
        lines: Sequence[Line],
        *,
        wanted: Sequence[Line] = (),
        waits: bool = False,
    ) -> Held | Full:
        name = new_id()
        expires = self._clock.now() + timedelta(seconds=bid.seconds) + GRACE

        async def take() -> Held | Full:
            found = await self._counters.take(
                name, tenant.key, lines, expires=expires, wanted=wanted, waits=waits
            )
            if isinstance(found, Full):
                return found
            return Held(self._counters, name, tenant.key, lines, bid.cost)

        taking = asyncio.create_task(take())
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            # who gave up in this very moment may have got room all the same
            taking.add_done_callback(self._unwanted)
            raise

    def _lines(self, bid: Bid, tenant: Tenant) -> list[Line]:
        return lines_of(
            bid,
            tenant.limits,
            exchange=self._exchange(),
            now=self._clock.now(),
            zone=ZoneInfo(tenant.timezone),
        )

    def _without_room(self, full: Full, tenant: Tenant) -> BudgetExceeded:
        refusal = refusal_of(
            full,
            tenant.limits,
            exchange=self._exchange(),
            now=self._clock.now(),
            zone=ZoneInfo(tenant.timezone),
        )
        return self._refused(tenant, refusal, first=full.first)

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

    def _unwanted(self, taking: asyncio.Task[Held | Full]) -> None:
        if taking.cancelled() or taking.exception() is not None:
            return
        if isinstance(found := taking.result(), Held):
            self._give_back(found)

    def _give_back(self, held: Held) -> None:
        giving = asyncio.create_task(held.give_back())
        self._giving.add(giving)
        giving.add_done_callback(self._giving.discard)
