"""Alerts of limits: once per limit and span, whoever dies in between (S3-113)."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from chatcrew.budgets import Alerts, Keeper, Key, MemoryCounters
from chatcrew.errors import BudgetExceeded, StoreError
from chatcrew.messages import Bid, ModelCall, Usage
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
DAILY = BusinessLimits(currency="BRL", tenant=Bound(money=Money(50, 0)))


class Board:
    """Notes by key, as timers keep them: a second one of a key is none."""

    def __init__(self) -> None:
        self.notes: dict[str, str] = {}
        self.open = True

    async def leave(self, tenant: str, *, key: str, words: str) -> bool:
        """See ``budgets.Notes``."""
        assert tenant == ACME
        if self.open:
            self.notes.setdefault(key, words)
        return self.open


class Dying(MemoryCounters):
    """Counters of a worker that is killed before it can note what it told."""

    dies = True

    async def told(self, tenant: str, key: Key, *, reached: bool) -> bool:
        """Die, or note it."""
        if self.dies:
            raise asyncio.CancelledError
        return await super().told(tenant, key, reached=reached)


class Shop:
    """A business whose calls cost what the test says, R$ 5 a dollar."""

    def __init__(self, limits: BusinessLimits = DAILY, counters: MemoryCounters | None = None):
        self.clock = ManualClock(NOON)
        self.counters = counters or MemoryCounters()
        self.board = Board()
        self.tenant = Tenant(ACME, "pt-BR", ZONE.key, Persona("Bia", "Acme", ""), limits=limits)

    async def call(self, cost: float) -> None:
        """Let a worker that lives for this one call make it."""
        keeper = Keeper(
            self.counters,
            tenants=lambda: {ACME: self.tenant},
            exchange=lambda: Exchange(date(2026, 3, 1), 5.0),
            clock=self.clock,
            metrics=Metrics(),
        )
        held = await keeper.reserve(Bid(ACME, "m", tokens=10, cost=cost))
        usage = Usage(prompt_tokens=10)
        await held.settle(ModelCall(ACME, "m", usage, self.clock.now(), cost=cost))

    def alerts(self) -> Alerts:
        """Return the alerts of a worker that has just started."""
        return Alerts(
            self.counters,
            notes=self.board,
            tenants=lambda: {ACME: self.tenant},
            exchange=lambda: Exchange(date(2026, 3, 1), 5.0),
            clock=self.clock,
            metrics=Metrics(),
        )


async def test_what_a_dead_worker_crossed_another_one_tells_once() -> None:
    """A note at 80 % and one at the end, from whoever looks first, each once a day."""
    shop = Shop()
    await shop.call(7.9)
    assert await shop.alerts().run() == 0
    await shop.call(0.2)
    with pytest.raises(BudgetExceeded):
        await shop.call(5)

    with capture_logs() as logs:
        told = [await shop.alerts().run() for _ in range(3)]

    assert told == [2, 0, 0]
    nearly, reached = shop.board.notes.values()
    assert "81% do limite de R$ 50,00 por dia** já foi usado ou está reservado" in nearly
    assert "Limite de R$ 50,00 por dia atingido; volta às 00:00" in reached
    assert [line["event"] for line in logs] == ["budget.warned"]


async def test_a_worker_killed_between_the_note_and_its_mark_leaves_one_note() -> None:
    """The note is known by its key; the mark is set by the next worker."""
    counters = Dying()
    shop = Shop(counters=counters)
    await shop.call(9)
    with pytest.raises(asyncio.CancelledError):
        await shop.alerts().run()
    assert len(shop.board.notes) == 1
    counters.dies = False

    assert [await shop.alerts().run() for _ in range(2)] == [1, 0]

    assert len(shop.board.notes) == 1


async def test_each_day_is_told_of_anew_and_the_last_second_of_one_is_not_lost() -> None:
    """A day that was nearly used up at its very end is told of right after it."""
    shop = Shop()
    await shop.clock.advance(12 * 3600 - 1)
    await shop.call(9)
    await shop.clock.advance(30)
    assert await shop.alerts().run() == 1
    await shop.call(9.5)
    assert await shop.alerts().run() == 1
    assert len(shop.board.notes) == 2
    await shop.clock.advance(2 * 24 * 3600)
    assert await shop.alerts().run() == 0


async def test_who_has_no_conversation_yet_is_told_in_the_first_one() -> None:
    """Reading the knowledge in may cost before anybody writes; the log tells of it at once."""
    shop = Shop()
    await shop.call(9)
    alerts, shop.board.open = shop.alerts(), False
    with capture_logs() as logs:
        assert [await alerts.run() for _ in range(3)] == [0, 0, 0]
        assert [line["event"] for line in logs] == ["budget.warned"]
        shop.board.open = True
        assert [await alerts.run() for _ in range(2)] == [1, 0]
    assert len(logs) == 1


async def test_places_and_what_has_no_limit_are_nobodys_news() -> None:
    """Two calls at once of two are no alarm, and counts without a limit never end."""
    shop = Shop(replace(DAILY, tenant=Bound(calls=Rate(hour=10)), concurrency=1))
    await shop.call(1000)
    assert await shop.alerts().run() == 0


class Away(Board):
    """Notes while storage is away."""

    async def leave(self, tenant: str, *, key: str, words: str) -> bool:
        """Fail."""
        raise StoreError("away")


async def test_while_storage_is_away_nothing_counts_as_told() -> None:
    """The round fails, and the next one tells."""
    shop = Shop()
    await shop.call(9)
    board, shop.board = shop.board, Away()
    with pytest.raises(StoreError):
        await shop.alerts().run()
    shop.board = board
    assert await shop.alerts().run() == 1
