"""The keeper of limits: reserves, refuses with the time to wait, warns, forecasts (S3-88..90)."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from chatcrew.budgets import Keeper, MemoryCounters, Place, ProcessPace
from chatcrew.errors import BudgetExceeded, StoreError
from chatcrew.messages import Bid, ModelCall, Usage, refusal_told
from chatcrew.telemetry import Metrics
from chatcrew.tenancy.model import (
    Bound,
    BusinessLimits,
    Exchange,
    Money,
    Persona,
    Rate,
    Tenant,
)
from chatcrew.testing import ManualClock

ACME = "shop/acme"
NOON = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
"""Twelve o'clock in São Paulo."""
ZONE = ZoneInfo("America/Sao_Paulo")
"""Read here, as the loading of files does it in a thread."""
REAIS = Exchange(date(2026, 3, 1), 5.0)


def business(limits: BusinessLimits) -> Tenant:
    """Return a business with these limits."""
    persona = Persona("Bia", "Acme", "")
    return Tenant(ACME, "pt-BR", ZONE.key, persona, limits=limits)


class Shop:
    """A keeper over one business."""

    def __init__(
        self,
        limits: BusinessLimits,
        *,
        workers: int = 1,
        counters: MemoryCounters | None = None,
    ) -> None:
        self.clock = ManualClock(NOON)
        self.counters = counters or MemoryCounters()
        self.metrics = Metrics()
        self.tenant = business(limits)
        self.keeper = Keeper(
            self.counters,
            tenants=lambda: {ACME: self.tenant},
            exchange=lambda: REAIS,
            clock=self.clock,
            metrics=self.metrics,
            pace=ProcessPace(self.clock, workers=workers),
        )

    async def call(self, cost: float, *, tokens: int = 10, most: float | None = None) -> None:
        """Make one call that costs so much."""
        held = await self.keeper.reserve(
            Bid(ACME, "m", tokens=tokens, cost=cost if most is None else most)
        )
        usage = Usage(prompt_tokens=tokens)
        await held.settle(ModelCall(ACME, "m", usage, self.clock.now(), cost=cost))

    async def enter(self, *, seconds: float = 5.0, cost: float = 0.1) -> Place:
        """Come in for a call."""
        bid = Bid(ACME, "m", seconds=seconds)
        return await self.keeper.enter(bid, lambda: replace(bid, cost=cost))

    async def refused(self, kind: str) -> int:
        """Return how many calls found no room in counters of this kind."""
        found = await self.counters.read([ACME], now=self.clock.now())
        return sum(one.refused for one in found if one.key.kind == kind)

    async def state(self, kind: str, span: str, scope: str = "tenant"):
        """Return one limit."""
        found = await self.keeper.state()
        (one,) = [o for o in found if (o.kind, o.span, o.scope) == (kind, span, scope)]
        return one


def money(day: float, month: float = 0.0, **others: object) -> BusinessLimits:
    """Return limits in reais."""
    bound = Bound(money=Money(day, month))
    return BusinessLimits(currency="BRL", tenant=bound, **others)  # type: ignore[arg-type]  # of the test's own choice


async def test_a_ceiling_in_reais_refuses_before_the_call_and_says_until_when() -> None:
    """R$ 50 at R$ 5 a dollar are US$ 10; midnight is the business's own (S3-89)."""
    shop = Shop(money(50))
    await shop.call(9.5)

    with pytest.raises(BudgetExceeded) as caught:
        await shop.call(0.6)

    refusal = caught.value.refusal
    assert (refusal.most, refusal.used, refusal.currency) == (50, 47.5, "BRL")
    assert refusal.seconds == 12 * 3600
    said = refusal_told(refusal)
    assert said == "limite de R$ 50,00 por dia atingido; volta às 00:00"
    assert refusal_told(refusal, "en") == "limit of R$ 50.00 a day reached; back at 00:00"
    await shop.clock.advance(12 * 3600 + 1)
    await shop.call(0.6)


async def test_a_call_whose_count_never_came_counts_whole() -> None:
    """The provider may bill all that it might have cost (S3-89)."""
    shop = Shop(money(50))
    held = await shop.keeper.reserve(Bid(ACME, "m", tokens=900, cost=2.0))
    guessed = ModelCall(ACME, "m", Usage(prompt_tokens=100), shop.clock.now(), cost=0.1)
    await held.settle(replace(guessed, error="timeout", estimated=True))
    day = await shop.state("money", "day")
    assert (day.used, day.reserved) == (10.0, 0.0)
    assert (await shop.state("tokens", "day")).used == 900


async def test_the_month_goes_on_counting_when_the_day_begins_anew() -> None:
    """The longer limit is the one that is told."""
    shop = Shop(money(50, 80))
    await shop.call(9)
    await shop.clock.advance(13 * 3600)
    with pytest.raises(BudgetExceeded) as caught:
        await shop.call(8)
    assert refusal_told(caught.value.refusal).endswith("por mês atingido; volta em 01/04")


async def test_the_log_tells_of_a_full_limit_once_a_day() -> None:
    """Later refusals only count (S3-113)."""
    shop = Shop(money(50))
    with capture_logs() as logs:
        await shop.call(8.1)
        for _ in range(3):
            with pytest.raises(BudgetExceeded):
                await shop.call(5)
    assert [line["event"] for line in logs] == ["budget.exceeded"]
    assert (await shop.state("money", "day")).refused == 3


async def test_the_limit_of_a_role_holds_beside_that_of_the_business() -> None:
    """Other roles go on (S3-88)."""
    seller = Bound(calls=Rate(hour=1))
    shop = Shop(money(50, roles={"vendedor": seller}, functions={"sales": Bound(tokens=100)}))
    bid = Bid(ACME, "m", tokens=10, cost=0.1, role="vendedor")
    await shop.keeper.reserve(bid)
    with pytest.raises(BudgetExceeded) as caught:
        await shop.keeper.reserve(bid)
    assert "1 chamadas ao modelo por hora do papel vendedor" in refusal_told(caught.value.refusal)
    assert caught.value.refusal.until == "13:00"
    await shop.keeper.reserve(replace(bid, role="atendente"))
    with pytest.raises(BudgetExceeded):
        await shop.keeper.reserve(replace(bid, role="x", function="sales", tokens=101))


async def test_calls_a_minute_wait_a_moment_and_are_refused_beyond_it() -> None:
    """The refusal says how many seconds are to be waited (S3-88)."""
    shop = Shop(replace(money(50), tenant=Bound(calls=Rate(minute=2))))
    await shop.enter(seconds=8)
    await shop.clock.advance(1)
    await shop.enter(seconds=8)
    with pytest.raises(BudgetExceeded) as caught:
        await shop.enter(seconds=8)
    assert caught.value.refusal.seconds == 59
    assert refusal_told(caught.value.refusal).endswith("por minuto atingido; volta em 59 s")
    await shop.clock.advance(58)
    waiting = asyncio.create_task(shop.enter(seconds=8))
    await shop.clock.advance(1.1)
    await waiting


async def test_calls_at_once_wait_for_each_other_in_their_order() -> None:
    """The third of three waits until one of two has ended; who cannot wait is refused."""
    shop = Shop(replace(money(50), concurrency=2))
    first, _ = [await shop.enter() for _ in range(2)]
    third = asyncio.create_task(shop.enter())
    await shop.clock.advance(1)
    assert not third.done()
    assert (await shop.state("slots", "now")).left == 0
    assert await shop.refused("slots") == 0
    first.leave()
    await shop.keeper.aclose()
    await shop.clock.advance(1)
    assert third.done()
    late = asyncio.create_task(shop.enter())
    await shop.clock.advance(6)
    with pytest.raises(BudgetExceeded):
        await late
    assert await shop.refused("slots") == 1


async def test_who_has_no_money_waits_for_no_slot_and_is_told_so() -> None:
    """It would wait out its time, and be told to come back in a second."""
    shop = Shop(replace(money(50), concurrency=1))
    await shop.enter()
    with pytest.raises(BudgetExceeded) as caught:
        await shop.enter(cost=10.1)
    assert (caught.value.refusal.kind, caught.value.refusal.span) == ("money", "day")
    assert (await shop.refused("money"), await shop.refused("slots")) == (1, 0)


async def test_who_gives_up_its_wait_for_a_slot_takes_none_later() -> None:
    """Nobody goes on asking for who was cancelled, and who comes next is let in."""
    shop = Shop(replace(money(50), concurrency=1))
    first = await shop.enter()
    gone = asyncio.create_task(shop.enter())
    await shop.clock.advance(0.2)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert shop.clock.sleepers == 0
    first.leave()
    await shop.keeper.aclose()
    await shop.enter()


class Slow(MemoryCounters):
    """Counters that answer when they are let."""

    def __init__(self) -> None:
        super().__init__()
        self.go = asyncio.Event()

    async def take(self, *args: object, **options: object):
        """Wait, then reserve."""
        await self.go.wait()
        return await super().take(*args, **options)  # type: ignore[arg-type]  # as it was called


async def test_who_gives_up_while_reserving_gives_the_room_back() -> None:
    """The loser of a hedge is cancelled at any moment."""
    shop = Shop(money(50))
    slow = Slow()
    keeper = Keeper(
        slow,
        tenants=lambda: {ACME: shop.tenant},
        exchange=lambda: REAIS,
        clock=shop.clock,
        metrics=Metrics(),
    )
    asking = asyncio.create_task(keeper.reserve(Bid(ACME, "m", cost=5.0)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    slow.go.set()
    for _ in range(5):
        await asyncio.sleep(0)
    await keeper.aclose()
    (day,) = [o for o in await keeper.state() if (o.kind, o.span) == ("money", "day")]
    assert (day.used, day.reserved) == (0, 0)


async def test_a_model_of_unknown_price_is_bounded_by_its_tokens() -> None:
    """An unknown price is no zero: the money is not touched, the tokens are."""
    shop = Shop(BusinessLimits(tenant=Bound(tokens=100, money=Money(1, 1))))
    held = await shop.keeper.reserve(Bid(ACME, "m", tokens=90, cost=None))
    usage = Usage(prompt_tokens=60, completion_tokens=5)
    await held.settle(ModelCall(ACME, "m", usage, shop.clock.now(), cost=None))
    assert (await shop.state("tokens", "day")).used == 65
    assert (await shop.state("money", "day")).used == 0
    with pytest.raises(BudgetExceeded):
        await shop.keeper.reserve(Bid(ACME, "m", tokens=90, cost=None))


class Away(MemoryCounters):
    """Counters whose storage is away."""

    async def take(self, *args: object, **options: object):
        """Fail."""
        del args, options
        raise StoreError("away")


async def test_while_nobody_can_say_nothing_is_called() -> None:
    """Limits fail closed (design: caches may fail open, limits may not)."""
    shop = Shop(money(50))
    keeper = Keeper(
        Away(),
        tenants=lambda: {ACME: shop.tenant},
        exchange=lambda: REAIS,
        clock=shop.clock,
        metrics=Metrics(),
    )
    with pytest.raises(StoreError):
        await keeper.reserve(Bid(ACME, "m", cost=0.1))
