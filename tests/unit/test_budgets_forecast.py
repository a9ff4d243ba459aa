"""What a month will have cost: at its present pace, since the business began (S3-113)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chatcrew.budgets import Keeper, LimitState, MemoryCounters
from chatcrew.messages import Bid, ModelCall, Usage
from chatcrew.telemetry import Metrics
from chatcrew.tenancy.model import Bound, BusinessLimits, Exchange, Money, Persona, Tenant
from chatcrew.testing import ManualClock

ACME = "shop/acme"
NOON = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
"""Twelve o'clock in São Paulo."""
ZONE = ZoneInfo("America/Sao_Paulo")
"""Read here, as the loading of files does it in a thread."""
LIMITS = BusinessLimits(currency="BRL", tenant=Bound(money=Money(0, 800)))
DAY = 86_400


class Shop:
    """A keeper over one business, R$ 5 a dollar."""

    def __init__(self, begins: datetime) -> None:
        self.clock = ManualClock(begins)
        tenant = Tenant(ACME, "pt-BR", ZONE.key, Persona("Bia", "Acme", ""), limits=LIMITS)
        self.keeper = Keeper(
            MemoryCounters(),
            tenants=lambda: {ACME: tenant},
            exchange=lambda: Exchange(date(2026, 3, 1), 5.0),
            clock=self.clock,
            metrics=Metrics(),
        )

    async def call(self, cost: float) -> None:
        """Make one call that costs so many dollars."""
        held = await self.keeper.reserve(Bid(ACME, "m", tokens=10, cost=cost))
        usage = Usage(prompt_tokens=10)
        await held.settle(ModelCall(ACME, "m", usage, self.clock.now(), cost=cost))

    async def money(self) -> dict[str, LimitState]:
        """Return the limits of money by span."""
        return {one.span: one for one in await self.keeper.state() if one.kind == "money"}


async def test_the_forecast_is_the_month_at_its_present_pace() -> None:
    """Ten days and a half of March at R$ 42 in all make R$ 124 by its end."""
    shop = Shop(NOON - timedelta(days=20))
    await shop.call(1)
    await shop.clock.advance(20 * DAY)
    await shop.call(8.4)
    found = await shop.money()
    gone = (NOON - datetime(2026, 3, 1, 3, tzinfo=UTC)) / timedelta(days=31)
    assert found["month"].used == pytest.approx(42)
    assert found["month"].forecast == pytest.approx(42 / gone)
    assert found["month"].left == pytest.approx(758)
    assert found["day"].most is None


async def test_who_begins_in_the_middle_of_a_month_is_not_told_that_he_spends_little() -> None:
    """R$ 10 on each of the first two days, from the tenth on, make R$ 220 by the end of March."""
    shop = Shop(NOON)
    await shop.call(2)
    await shop.clock.advance(1.5 * DAY - 1)
    await shop.call(2)
    assert (await shop.money())["month"].forecast == pytest.approx(220, rel=1e-4)
