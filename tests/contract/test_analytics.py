"""Figures over PostgreSQL: sessions, outcomes, times, money (S1-71, S2-19..21, S3-91, S3-101)."""

import asyncio
import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update
from tests.contract.analytics_rows import NOW, Records

from chatcrew.analytics import COLUMNS, KINDS, PostgresFacts, PostgresFigures, Scope, Sought
from chatcrew.analytics._export_sql import Exports
from chatcrew.conversations import PostgresHistory
from chatcrew.database import Database
from chatcrew.database.schema import conversation
from chatcrew.database.transactions import transaction
from chatcrew.debts import PostgresDebts
from chatcrew.errors import StoreError
from chatcrew.ids import ConversationId
from chatcrew.knowledge import PostgresGaps
from chatcrew.messages import DebtKind, NewDebt
from chatcrew.testing import ManualClock

SHOP = "shop/acme"
SCOPE = Scope(None, NOW - timedelta(days=30), NOW)


class NoWhy:
    """Satisfies ``Why``; tells nothing."""

    async def turns(self, conversation, *, tenant, limit=5):
        """See ``Why.turns``."""
        return ()

    async def turn(self, conversation, turn, *, tenant):
        """See ``Why.turn``."""
        return

    async def standing(self, conversation, *, tenant):
        """See ``Why.standing``."""
        return


@pytest.fixture
def clock() -> ManualClock:
    """Give the time of all tests."""
    return ManualClock(NOW)


@pytest.fixture
def figures(database: Database, clock: ManualClock) -> PostgresFigures:
    """Give the figures."""
    return PostgresFigures(
        database,
        clock,
        history=PostgresHistory(database),
        why=NoWhy(),
        debts=PostgresDebts(database, clock),
    )


@pytest.fixture
def records(database: Database) -> Records:
    """Give what writes rows as a server would."""
    return Records(database)


@pytest.fixture
def facts(database: Database, clock: ManualClock) -> PostgresFacts:
    """Give what adds up."""
    return PostgresFacts(database, clock)


async def test_an_empty_house_has_figures_too(figures, facts) -> None:
    """Nothing divides by nothing."""
    await facts.run({})
    seen = await figures.overview(SCOPE)
    assert (seen.sessions, seen.turns, seen.outcomes.containment, seen.days) == (0, {}, None, ())
    assert (await figures.latency(SCOPE)).answer.count == 0
    assert (await figures.costs(SCOPE)).total.usd == 0.0
    assert list(await figures.tenants(SCOPE)) == []


async def test_each_session_ends_in_exactly_one_way(records, figures, facts) -> None:
    """Contained, abandoned, handed off, taken over, going on; a quiet bot attends nobody."""
    long_ago = NOW - timedelta(days=9)
    await records.talk(1, at=long_ago, turns=["replied"], closed=long_ago + timedelta(hours=1))
    await records.talk(2, at=long_ago, turns=["replied"])
    await records.talk(3, at=long_ago, turns=["replied", "slot:order:number"])
    await records.talk(4, at=long_ago, turns=["replied", "handed_off"])
    await records.talk(5, at=long_ago, turns=["replied"], spoke=True)
    await records.talk(6, at=NOW - timedelta(hours=2), turns=["replied"])
    await records.talk(7, at=long_ago, turns=["dropped"])
    await facts.run({})

    seen = await figures.outcomes(SCOPE)
    assert (seen.sessions, seen.attended, seen.ended) == (7, 6, 5)
    assert (seen.contained, seen.abandoned, seen.handed_off, seen.taken_over, seen.going_on) == (
        *(2, 1, 1, 1, 1),
    )
    assert seen.reasons == {"customer_asked": 1}
    assert (seen.matured, seen.durable, seen.closed, seen.reopened) == (1, 1, 1, 0)
    found = (await figures.sessions(SCOPE)).items
    assert {one.number: one.ending for one in found} == {
        **{1: "contained", 2: "contained", 3: "abandoned", 4: "handed_off"},
        **{5: "taken_over", 6: "going_on", 7: None},
    }


async def test_who_comes_back_within_seven_days_was_not_helped_for_good(
    records, figures, facts
) -> None:
    """Reopened sooner is not durable; later it is; younger than seven days is not known yet."""
    start = NOW - timedelta(days=20)
    closed = start + timedelta(hours=1)
    for number, days in ((1, 6.9), (2, 7.1)):
        back = closed + timedelta(days=days)
        await records.talk(number, at=start, turns=["replied"], closed=closed)
        await records.talk(number, at=back, turns=["replied"], episode=2)
    await records.talk(3, at=NOW - timedelta(days=3), turns=["replied"], closed=NOW)
    await facts.run({})

    seen = await figures.outcomes(Scope(None, start, start + timedelta(days=1)))
    assert (seen.closed, seen.reopened, seen.matured, seen.durable) == (2, 1, 2, 1)
    assert seen.durability == 0.5
    assert (await figures.outcomes(Scope(None, NOW - timedelta(days=4), NOW))).matured == 0


async def test_simulated_conversations_count_nowhere(records, figures, facts) -> None:
    """Whatever is tried by the API changes no figure and stands in no export."""
    await records.talk(
        1, at=NOW - timedelta(days=1), turns=["replied"], bot="sim:shop/acme", cost=1
    )
    await facts.run({})
    seen = await figures.overview(SCOPE)
    assert (seen.sessions, seen.turns, seen.spend.calls, seen.heard) == (0, {}, 0, 0)
    for kind in ("turns", "sessions", "model_calls", "moves", "users", "conversations"):
        assert [row async for row in figures.export(kind, SCOPE)] == []


async def test_downloads_that_nobody_reads_leave_the_connections_to_webhooks(
    records, database, facts
) -> None:
    """Two hold one each; who finds no place is told so, and comes in when one is free (S1-12)."""
    for number in (1, 2):
        await records.talk(number, at=NOW - timedelta(days=1), turns=["replied"])
    await facts.run({})
    exports = Exports(database, patience=0.05)
    stalled = [exports.rows("turns", SCOPE, now=NOW) for _ in range(15)]
    found = await asyncio.gather(*(anext(one) for one in stalled), return_exceptions=True)

    assert sum(isinstance(one, StoreError) for one in found) == 13
    async with asyncio.timeout(2), transaction(database) as connection:
        await connection.execute(text("select 1"))
    await asyncio.gather(*(one.aclose() for one in stalled))
    assert len([row async for row in exports.rows("turns", SCOPE, now=NOW)]) == 2


async def test_a_tenant_sees_its_own_alone(records, figures, facts) -> None:
    """Of all figures, lists and exports (S2-05)."""
    at = NOW - timedelta(days=1)
    await records.talk(1, at=at, turns=["replied"], cost=0.5)
    await records.talk(2, at=at, turns=["handed_off"], tenant="shop/other", cost=2)
    await facts.run({})
    mine = Scope(frozenset({SHOP}), SCOPE.since, SCOPE.until)
    seen = await figures.overview(mine)
    assert (seen.turns, seen.spend.usd, seen.outcomes.handed_off) == ({"replied": 1}, 0.5, 0)
    assert [one.tenant for one in await figures.tenants(mine)] == [SHOP]
    assert [one.number for one in (await figures.sessions(mine)).items] == [1]
    none = Scope(frozenset(), SCOPE.since, SCOPE.until)
    assert (await figures.overview(none)).sessions == 0
    for kind in ("turns", "sessions", "model_calls", "moves", "users", "conversations"):
        rows = [row async for row in figures.export(kind, mine)]
        assert {row["tenant"] for row in rows} == {SHOP}, kind


async def test_days_are_the_tenant_s_own(records, figures, facts) -> None:
    """What ends at 22:30 in São Paulo belongs to that day, not to the next of UTC."""
    late = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
    await records.talk(1, at=late, turns=["replied"], cost=1)
    await facts.run({SHOP: "America/Sao_Paulo"})
    seen = await figures.overview(SCOPE)
    assert [(str(one.day), one.turns, one.spend.usd) for one in seen.days] == [("2026-11-19", 1, 1)]

    await facts.run({SHOP: "UTC"})
    seen = await figures.overview(SCOPE)
    assert [(str(one.day), one.turns) for one in seen.days] == [("2026-11-20", 1)]


async def test_what_is_not_added_up_yet_counts_as_well(records, figures, facts) -> None:
    """A turn of this second is in every figure of turns, before any round and after it, once."""
    await records.talk(1, at=NOW - timedelta(days=2), turns=["replied"], cost=1)
    await facts.run({})
    await records.talk(2, at=NOW - timedelta(seconds=10), turns=["replied"], cost=1)
    before = await figures.overview(SCOPE)
    await facts.run({})
    after = await figures.overview(SCOPE)
    assert before.turns == after.turns == {"replied": 2}
    assert before.spend == after.spend
    assert before.answer == after.answer


async def test_a_list_is_read_page_by_page_without_a_gap(records, figures, facts) -> None:
    """Newest first, each once; a place that no page gave is refused."""
    for number in range(1, 8):
        await records.talk(number, at=NOW - timedelta(hours=number), turns=["replied"])
    await facts.run({})
    found, after = [], None
    while True:
        page = await figures.sessions(SCOPE, after=after, limit=3)
        found += [one.number for one in page.items]
        after = page.next
        if after is None:
            break
    assert found == [1, 2, 3, 4, 5, 6, 7]
    forged = [("x", "b", 1, 1), ("2026-11-01T00:00:00Z", "b\0", 1, 1), ("infinity", "b", 1, 1)]
    forged += [("2026-11-01T00:00:00Z", "b", 1, 2**40)]
    places = [base64.urlsafe_b64encode(json.dumps(one).encode()).decode() for one in forged]
    for wrong in ("x", "W10", "bm90aGluZw", "WzEsMiwzLDRd", *places):
        with pytest.raises(ValueError, match="no place"):
            await figures.sessions(SCOPE, after=wrong)


async def test_sessions_are_found_by_what_they_were(records, figures, facts) -> None:
    """By ending, intent, rating, and whether the customer was unhappy."""
    at = NOW - timedelta(days=3)
    await records.talk(1, at=at, turns=["replied"], intent="price", mood=-0.7, rating=2)
    await records.talk(2, at=at, turns=["replied"], intent="hours", mood=0.5, rating=5)
    await records.talk(3, at=at, turns=["handed_off"])
    await facts.run({})

    async def found(**sought):
        page = await figures.sessions(SCOPE, sought=Sought(**sought))
        return sorted(one.number for one in page.items)

    assert await found(ending="handed_off") == [3]
    assert await found(intent="price") == [1]
    assert await found(rated=True) == [1, 2]
    assert await found(unhappy=True) == [1]
    assert await found(number=2, unhappy=False) == [2]


async def test_every_kind_can_be_exported_with_all_its_columns(
    database, records, figures, facts, clock
) -> None:
    """Each row has the columns of its kind, in their order, also where little is known."""
    at = NOW - timedelta(days=1)
    await records.talk(1, at=at, turns=["handed_off"], cost=0.5, rating=4)
    await facts.run({SHOP: "America/Sao_Paulo"})
    await PostgresGaps(database, clock).note(SHOP, "Vocês vendem gelo?")
    debts = PostgresDebts(database, clock)
    here = ConversationId("acme", "acme-bot", 1)
    new = NewDebt(here, SHOP, DebtKind.HANDOFF, "customer_asked", at, None, turn_id="t000001")
    assert await debts.owe(new) is not None
    whole = replace(new, kind=DebtKind.RESOLUTION)
    assert await debts.owe(whole) is not None, "one customer waits all the same"
    async with transaction(database) as run:
        await run.execute(update(conversation).values(parked_at=at, parked_reason="undeliverable"))
    mine = Scope(frozenset({SHOP}), SCOPE.since, NOW + timedelta(minutes=1), bot="acme-bot")
    for kind in KINDS:
        rows = [row async for row in figures.export(kind, mine)]
        assert [tuple(row) for row in rows[:1]] == [COLUMNS[kind]], kind
    (handoff,) = [row async for row in figures.export("handoffs", mine)]
    assert (handoff["reason"], handoff["debt"]) == ("customer_asked", "standing")
    with pytest.raises(ValueError, match="cannot be exported"):
        await anext(figures.export("secrets", mine))

    owed = await figures.debts(mine)
    assert (owed.standing_count, owed.opened, len(owed.standing)) == (1, 1, 1)
    assert [one.question for one in (await figures.gaps(mine)).items] == ["vocês vendem gelo"]
    asked = ["abrem no domingo", "entregam em Olinda", "vocês vendem gelo"]
    for one in asked[:2]:
        await PostgresGaps(database, clock).note(SHOP, one)
    shown, after = [], None
    while after is not None or not shown:
        page = await figures.gaps(mine, after=after, limit=1)
        shown += [one.question for one in page.items]
        after = page.next
        words = base64.urlsafe_b64decode(f"{after or ''}===").decode().casefold()
        assert not any(word in words for one in asked for word in one.split() if len(word) > 3)
    assert sorted(shown) == sorted({one.casefold() for one in asked}), "each once"
    held = await figures.waiting(mine)
    assert (held.due, held.parked_count, held.unknown, held.quarantined) == (0, 1, 0, 0)
