"""Counts and reservations: one suite over both backends (S3-89, S3-112)."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from tests.contract.analytics_rows import Records

from chatcrew.app._last_sql import last_conversation
from chatcrew.budgets import Count, Counters, Full, Key, Line, MemoryCounters, PostgresCounters
from chatcrew.budgets._spans import EVER, NEVER
from chatcrew.database.schema import conversation
from chatcrew.database.transactions import transaction
from chatcrew.ids import new_id

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = datetime(2026, 3, 10, tzinfo=UTC)
SOON = NOON + timedelta(minutes=1)
MONEY = Key("tenant", "money", "day", DAY)
TOKENS = Key("tenant", "tokens", "day", DAY)
SLOTS = Key("tenant", "slots", "now", EVER)
ACME = "shop/acme"


@pytest.fixture(params=["memory", "postgres"])
def counters(request: pytest.FixtureRequest) -> Counters:
    """Give the counters over each backend."""
    if request.param == "memory":
        return MemoryCounters()
    return PostgresCounters(request.getfixturevalue("database"))


def line(key: Key, amount: int, *, most: int = 50) -> Line:
    """Return what a call wants of a counter."""
    ends = NEVER if key.span == "now" else DAY + timedelta(days=1)
    return Line(key, ends, most, amount)


async def taken(counters: Counters, *lines: Line, tenant: str = ACME) -> str | Full:
    """Reserve; return the reservation or why there is none."""
    name = new_id()
    found = await counters.take(name, tenant, lines, expires=SOON)
    return found if isinstance(found, Full) else name


async def stands(counters: Counters, key: Key, tenant: str = ACME) -> tuple[int, int, int]:
    """Return used, reserved and refused of a counter."""
    found = [one for one in await counters.read([tenant], now=NOON) if one.key == key]
    one = found[0] if found else Count(tenant, key, DAY, 0)
    return one.used, one.reserved, one.refused


async def test_a_month_knows_when_counting_began(counters) -> None:
    """By the first day that is kept of the business, whatever was counted on it (S3-113)."""
    month = Key("tenant", "money", "month", DAY.replace(day=1))
    await taken(counters, line(MONEY, 1), line(month, 1))
    before = Key("tenant", "tokens", "day", DAY - timedelta(days=3))
    await taken(counters, Line(before, DAY - timedelta(days=2), 50, 1))
    await taken(counters, Line(before, DAY, 50, 1), tenant="shop/other")
    found = {one.key: one.known for one in await counters.read([ACME], now=NOON)}
    assert found == {MONEY: None, month: before.starts}


async def test_two_hundred_at_once_never_go_over_a_ceiling_of_fifty_by_one(counters):
    """Exactly 50 find room, and what they settle stays inside of it (issue: Budget)."""

    async def one() -> bool:
        held = await taken(counters, line(MONEY, 1))
        if isinstance(held, Full):
            return False
        await asyncio.sleep(0)
        return await counters.settle(held, ACME, [(MONEY, 1)])

    came = await asyncio.gather(*(one() for _ in range(200)))

    assert sum(came) == 50
    assert await stands(counters, MONEY) == (50, 0, 150)


async def test_what_a_call_did_not_spend_is_free_for_the_next(counters):
    """The estimate holds until the real cost is known, then that counts."""
    held = await taken(counters, line(MONEY, 40))
    refused = await taken(counters, line(MONEY, 11))
    assert isinstance(refused, Full)
    assert (refused.taken, refused.first) == (40, True)

    await counters.settle(held, ACME, [(MONEY, 7)])

    assert await stands(counters, MONEY) == (7, 0, 1)
    assert isinstance(await taken(counters, line(MONEY, 43)), str)
    second = await taken(counters, line(MONEY, 1))
    assert isinstance(second, Full)
    assert not second.first


async def test_all_lines_find_room_or_none_takes_any(counters):
    """A call without room for its tokens leaves the money as it was."""
    refused = await taken(counters, line(MONEY, 10), line(TOKENS, 60))

    assert isinstance(refused, Full)
    assert refused.line.key == TOKENS
    assert await stands(counters, MONEY) == (0, 0, 0)
    assert await stands(counters, TOKENS) == (0, 0, 1)
    assert isinstance(await taken(counters, line(MONEY, 50), line(TOKENS, 50)), str)


async def test_of_two_that_are_full_the_longer_one_is_told(counters):
    """Who waits for the hour would find the day used up."""
    hour = Key("tenant", "calls", "hour", NOON)
    lines = (Line(hour, NOON + timedelta(hours=1), 0, 1), line(MONEY, 60))
    refused = await taken(counters, *lines)
    assert isinstance(refused, Full)
    assert refused.line.key == MONEY


async def test_who_waits_for_a_slot_is_told_of_money_and_counted_once(counters):
    """Slots are free again in a moment: what is full for longer is told."""
    await taken(counters, line(SLOTS, 1, most=1), line(MONEY, 45))
    both = await taken(counters, line(SLOTS, 1, most=1), line(MONEY, 6))
    assert isinstance(both, Full)
    assert both.line.key == MONEY

    async def look(amount: int, *, waits: bool) -> Full:
        found = await counters.take(
            new_id(),
            ACME,
            [line(SLOTS, 1, most=1)],
            expires=SOON,
            wanted=[line(MONEY, amount)],
            waits=waits,
        )
        assert isinstance(found, Full)
        return found

    assert (await look(6, waits=True)).line.key == MONEY
    assert [(await look(5, waits=True)).line.key for _ in range(3)] == [SLOTS] * 3
    assert (await look(5, waits=False)).line.key == SLOTS
    assert await stands(counters, MONEY) == (0, 45, 2)
    assert await stands(counters, SLOTS) == (0, 1, 1)


async def test_one_tenants_limit_is_nobody_elses(counters):
    """Counters carry the tenant (S4-48)."""
    await taken(counters, line(MONEY, 50))
    assert isinstance(await taken(counters, line(MONEY, 50), tenant="shop/other"), str)
    assert [one.tenant for one in await counters.read(["shop/other"], now=NOON)] == ["shop/other"]
    assert len(await counters.read(None, now=NOON)) == 2


async def test_a_reservation_whose_worker_died_expires_as_spent_and_frees_its_slot(counters):
    """What was sent is on the bill; what only occupied a place does so no more."""
    name = await taken(counters, line(MONEY, 5), line(SLOTS, 1, most=1))
    assert isinstance(await taken(counters, line(SLOTS, 1, most=1)), Full)
    assert await counters.expire(SOON - timedelta(seconds=1)) == 0
    assert await counters.expire(SOON) == 2
    assert await counters.expire(SOON) == 0
    assert await stands(counters, MONEY) == (5, 0, 0)
    assert (await stands(counters, SLOTS))[:2] == (0, 0)
    assert isinstance(await taken(counters, line(SLOTS, 1, most=1)), str)

    assert await counters.settle(str(name), ACME, [(MONEY, 3), (SLOTS, 0)])
    assert await stands(counters, MONEY) == (3, 0, 0)


async def test_settled_twice_counts_once(counters):
    """A settlement that is sent again changes nothing."""
    held = str(await taken(counters, line(MONEY, 5)))
    assert await counters.settle(held, ACME, [(MONEY, 4)])
    assert not await counters.settle(held, ACME, [(MONEY, 4)])
    assert await stands(counters, MONEY) == (4, 0, 0)


async def test_a_limit_that_was_lowered_holds_at_once(counters):
    """What the files say now counts, not what the row was made with."""
    await taken(counters, line(MONEY, 30))
    assert isinstance(await taken(counters, line(MONEY, 1, most=20)), Full)
    assert isinstance(await taken(counters, line(MONEY, 1, most=31)), str)


async def test_people_are_warned_once_of_each_counter(counters):
    """Of two workers that notice it together one tells."""
    await taken(counters, line(MONEY, 45))
    first = await asyncio.gather(
        *(counters.told(ACME, MONEY, reached=False) for _ in range(5)),
        *(counters.told(ACME, MONEY, reached=True) for _ in range(5)),
    )
    assert [sorted(first[:5]), sorted(first[5:])] == [[False] * 4 + [True]] * 2
    (one,) = await counters.read(None, now=NOON)
    assert (one.warned, one.alerted) == (True, True)


async def test_spans_that_are_over_are_not_read_and_in_the_end_forgotten(counters):
    """Yesterday's use is no part of today's."""
    await taken(counters, line(MONEY, 5), line(SLOTS, 1))
    tomorrow = DAY + timedelta(days=1, hours=1)
    assert [one.key for one in await counters.read(None, now=tomorrow)] == [SLOTS]
    assert await counters.purge(DAY) == 0
    assert await counters.purge(tomorrow) == 1


async def test_calls_of_many_kinds_at_once_do_not_lock_each_other_out(counters):
    """Reservations, settlements and expiry over the same rows end, whatever their order."""
    keys = [MONEY, TOKENS, SLOTS]

    async def one(number: int) -> None:
        lines = [line(key, 1, most=10_000) for key in (keys if number % 2 else keys[::-1])]
        held = await taken(counters, *lines)
        if number % 5 == 0:
            await counters.expire(SOON)
        spent = [(key, 1) for key in keys]
        await counters.settle(str(held), ACME, spent if number % 3 else spent[::-1])

    await asyncio.gather(*(one(number) for number in range(60)))
    assert await stands(counters, MONEY) == (60, 0, 0)


async def test_the_note_of_a_limit_goes_to_no_conversation_that_is_anothers_by_now(database):
    """The newest turn may have been in an inbox that the mapping gave away since (N1)."""
    records, rival = Records(database), "shop/rival"
    await records.talk(1, at=NOON, turns=["replied"])
    await records.talk(2, at=NOON + timedelta(hours=1), turns=["replied"])
    assert (await last_conversation(database, ACME)).number == 2
    async with transaction(database) as connection:
        given = update(conversation).where(conversation.c.number == 2).values(tenant=rival)
        await connection.execute(given)

    assert (await last_conversation(database, ACME)).number == 1
    assert await last_conversation(database, rival) is None


async def test_who_gave_its_conversations_away_is_searched_for_in_its_newest_turns_only(database):
    """Alerts ask every ten seconds for as long as nobody can be told; the walk has a bound."""
    records = Records(database)
    for number in (1, 2, 3):
        await records.talk(number, at=NOON + timedelta(hours=number), turns=["replied"])
    async with transaction(database) as connection:
        given = update(conversation).where(conversation.c.number > 1).values(tenant="shop/rival")
        await connection.execute(given)

    assert await last_conversation(database, ACME, among=2) is None
    assert (await last_conversation(database, ACME, among=3)).number == 1
