"""What the console reads of the mailbox and of turns: of the right tenants, of real customers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chatcrew.app._console_sql import ConsoleRecords
from chatcrew.database import Database
from chatcrew.ids import ConversationId
from chatcrew.messages import Delivery, Outcome, TurnRecord
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import Stores, Talk, claimed
from chatcrew.web.console import Load

CLINIC, SHOP = "health/varizemed", "cosmetics/bella"
ONE, OTHER = frozenset({CLINIC}), frozenset({SHOP})


class House:
    """A database with talks of two tenants, and one that only a simulation has."""

    def __init__(self, database: Database) -> None:
        self.clock = ManualClock()
        self.stores = Stores.on_postgres(database, self.clock)
        self.records = ConsoleRecords(database)

    async def say(self, number: int, tenant: str, *, bot: str = "acme-bot") -> None:
        """Let a customer of a tenant write."""
        talk = Talk(self.clock, number=number, bot=bot)
        delivery: Delivery = replace(talk.says("oi"), tenant=tenant)
        await self.stores.mailbox.put(delivery)

    async def settle(self, tenant: str, outcome: Outcome = Outcome.REPLIED) -> str:
        """Answer what is due; return the turn."""
        claim = await claimed(self.stores, self.clock)
        details = {"waited_ms": 1300}
        record = TurnRecord(outcome=outcome, reason="crew", tenant=tenant, details=details)
        await self.stores.mailbox.settle(claim.key, record, arrivals=claim.arrivals)
        return claim.key.turn_id

    async def park(self) -> str:
        """Give up what is due; return the turn."""
        claim = await claimed(self.stores, self.clock)
        await self.stores.mailbox.park(claim, reason="undeliverable")
        return claim.key.turn_id


@pytest.fixture
def house(database: Database) -> House:
    """Give an empty one."""
    return House(database)


async def test_what_waits_and_is_stuck_is_shown_to_its_own_tenant_only(house: House) -> None:
    """Also the sums: a number of others is theirs, too (S2-20)."""
    await house.say(1, CLINIC)
    turn = await house.park()
    await house.say(2, SHOP)
    await house.say(3, "sim", bot="sim:health/varizemed")
    now = house.clock.now()
    assert await house.records.load(ONE, now=now) == Load(parked=1)
    shop = await house.records.load(OTHER, now=now)
    assert (shop.waiting, shop.parked, shop.running) == (1, 0, 0)
    whole = await house.records.load(None, now=now)
    assert (whole.waiting, whole.parked) == (1, 1)
    assert await house.records.load(frozenset(), now=now) == Load()

    assert [one.conversation.number for one in await _waiting(house, None)] == [2]
    assert await _waiting(house, ONE) == []
    (stuck,) = await house.records.stuck(None, limit=9)
    assert (stuck.turn, stuck.reason, stuck.tenant) == (turn, "undeliverable", CLINIC)
    assert await house.records.stuck(OTHER, limit=9) == []
    here = ConversationId("acme", "acme-bot", 1)
    assert await house.records.one(here) == stuck
    assert await house.records.one(replace(here, account="other")) is None


async def _waiting(house: House, tenants: frozenset[str] | None) -> list:
    found = await house.records.waiting(tenants, now=house.clock.now(), limit=9)
    return list(found)


async def test_turns_come_newest_first_and_then_as_they_end(house: House) -> None:
    """A look sees only what ended since the look before, of the tenants that are shown (S2-21)."""
    await house.say(1, CLINIC)
    first = await house.settle(CLINIC)
    seen = house.clock.now()
    await house.say(2, SHOP)
    second = await house.settle(SHOP, Outcome.HANDED_OFF)
    newest = await house.records.newest(None, limit=9)
    assert [one.turn for one in newest] == [second, first]
    assert (newest[1].seconds, newest[1].outcome, newest[1].tenant) == (1.3, "replied", CLINIC)
    assert [one.turn for one in await house.records.newest(ONE, limit=9)] == [first]
    fresh = await house.records.since(None, after=seen, limit=9)
    assert [one.turn for one in fresh] == [second]
    assert await house.records.since(ONE, after=seen, limit=9) == []
    early = seen - timedelta(hours=1)
    assert [one.turn for one in await house.records.since(None, after=early, limit=1)] == [second]
    last = await house.records.last([CLINIC, SHOP, "sales/timmy"])
    assert last.keys() == {CLINIC, SHOP}
