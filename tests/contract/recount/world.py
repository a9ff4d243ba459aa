"""A house in which everything has happened that a page counts, at the worst of moments."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert, text, update
from tests.contract.analytics_rows import NOW, Records

from chatcrew.analytics import PostgresFacts
from chatcrew.database import Database
from chatcrew.database.schema import (
    conversation,
    debt,
    knowledge_gap,
    model_call,
    outbox_part,
    turn,
)
from chatcrew.database.transactions import transaction
from chatcrew.testing import ManualClock

ZONES: Mapping[str, str] = {
    "shop/acme": "America/Sao_Paulo",
    "shop/other": "America/Manaus",
    "clinic/tokyo": "Asia/Tokyo",
    "clinic/chile": "America/Santiago",
}
"""West and east of Greenwich; in Chile clocks went forward at midnight of 6 September 2026."""

QUIET = "jobs/quiet"
"""A business in which nothing has happened."""

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
EDGES = (
    datetime(2026, 11, 1, tzinfo=UTC),
    datetime(2026, 10, 31, tzinfo=UTC),
    datetime(2026, 9, 6, tzinfo=UTC),
    datetime(2026, 11, 15, tzinfo=UTC),
    datetime(2026, 11, 22, tzinfo=UTC),
)
"""Days at whose first moment, and right before it, something happens in each business."""


async def fill(database: Database) -> None:
    """Write the same house each time, and add up what a worker would have added up."""
    chance = random.Random(11)
    records = Records(database)
    await _lives(records, chance)
    await _midnights(records, chance)
    await _now(records, chance)
    await _nobodys(database, records)
    await _calls(database, chance)
    await _gaps(database, chance)
    await _debts(database, chance)
    await _queue(database)
    # Half of the days are added up by calendars of yesterday, and then anew
    facts = PostgresFacts(database, ManualClock(NOW - timedelta(days=12)))
    await facts.run(dict.fromkeys(ZONES, "UTC"))
    await PostgresFacts(database, ManualClock(NOW)).run({**ZONES, QUIET: "America/Recife"})


def _details(chance: random.Random, *, given: bool) -> dict[str, object]:
    found: dict[str, object] = {
        "intent": chance.choice(["price", "hours", "=order", "wants_person", ""]),
        "language": chance.choice(["pt-BR", "en", "es"]),
        "heard": chance.randint(1, 4),
        "said": chance.randint(0, 3),
        "feedback": chance.choice([[], ["complaint"], ["generic", "asked"], ["unable"]]),
        "promise": chance.choice(["kept", "kept", "missed"]),
        "variant": chance.choice(["tone/a", "tone/b", ""]),
        "rungs": [
            {"name": "cache", "end": "nothing", "ms": chance.uniform(0, 12)},
            {
                "name": "crew",
                "end": chance.choice(["answered", "late"]),
                "ms": chance.randrange(9999),
            },
        ],
    }
    if chance.random() < 0.5:
        sure = chance.choice([0.285, 0.715, 0.5, 0.0049])
        found["guess"] = [chance.choice(["price", "hours"]), sure, "order"]
    if chance.random() < 0.5:
        runs = [["search", True, 12.5], ["quote", False, 1949.5], ["search", True, 0.4]]
        found["tool_runs"] = runs[: chance.randint(1, 3)]
    if chance.random() < 0.8:
        found["mood"] = chance.choice([-0.8, -0.3, -0.2995, 0.0, 0.2995, 0.3, 0.9])
    if chance.random() < 0.9:
        found["weight"] = chance.randint(50, 9000)
        if found["heard"] != 1:
            found["more_weight"] = chance.randint(50, 9000)
    if chance.random() < 0.1:
        found["kept"] = {"saved_usd": chance.choice([None, 0.00123, 1 / 7])}
    if given:
        found["handoff"] = chance.choice(["customer_asked", "emergency"])
    return found


async def _lives(records: Records, chance: random.Random) -> None:
    """Forty days of conversations, some of which come back."""
    for number in range(1, 150):
        tenant = chance.choice([*ZONES, "shop/acme", "shop/acme"])
        at = NOW - timedelta(days=chance.uniform(0.05, 40))
        episodes = chance.choice([1, 1, 1, 2, 3])
        for episode in range(1, episodes + 1):
            ends = chance.choices(
                ["replied", "handed_off", "dropped", "parked", "slot:order:number"],
                weights=[8, 2, 1, 1, 2],
                k=chance.randint(1, 4),
            )
            done = at + timedelta(minutes=len(ends), seconds=chance.randint(1, 900))
            closed = episode < episodes or chance.random() < 0.6
            await records.talk(
                number,
                at=at,
                turns=ends,
                tenant=tenant,
                episode=episode,
                spoke=chance.random() < 0.15,
                closed=done if closed and done < NOW else None,
                cost=chance.choice([None, 0.000123456, 0.01, 1 / 3, 0.0]),
                rating=chance.choice([None, None, 1, 2, 4, 5]),
                **_details(chance, given="handed_off" in ends),
            )
            at = done + timedelta(days=chance.choice([0.2, 3, 6.99, 7.01]))
            if at > NOW:
                break


async def _midnights(records: Records, chance: random.Random) -> None:
    """Turns that end at the first moment of a day, and right before it, by each calendar."""
    number = 1000
    for tenant, zone in ZONES.items():
        for edge in EDGES:
            begin = edge.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
            for at in (begin - SECOND, begin - 2 * SECOND, begin):
                number += 1
                details = _details(chance, given=False)
                await records.talk(
                    number, at=at, turns=["replied"], tenant=tenant, cost=0.005, **details
                )


async def _now(records: Records, chance: random.Random) -> None:
    """What has happened within the last minutes, and 24 hours and a week ago to the moment."""
    moments = {
        2000: NOW - 90 * SECOND,
        2001: NOW - 29 * MINUTE,
        2002: NOW - 31 * MINUTE,
        2003: NOW - timedelta(hours=24) - SECOND,
        2004: NOW - timedelta(hours=24),
    }
    for number, at in moments.items():
        details = _details(chance, given=False)
        await records.talk(number, at=at, turns=["replied"], cost=0.02, **details)
    for number, later in ((2010, timedelta()), (2011, SECOND)):
        closed = NOW - timedelta(days=7) + later
        await records.talk(number, at=closed - MINUTE, turns=["replied"], closed=closed, rating=5)


async def _nobodys(database: Database, records: Records) -> None:
    """What belongs to no business, and what is only a simulation."""
    at = NOW - timedelta(days=2)
    await records.talk(3000, at=at, turns=["replied"], cost=0.5, tenant="shop/acme", bot="sim:x")
    await records.talk(3001, at=at, turns=["replied", "dropped"], tenant="shop/acme")
    async with transaction(database) as run:
        for table in (conversation, turn):
            await run.execute(update(table).where(table.c.number == 3001).values(tenant=None))


_AGAIN = (
    """
    insert into model_call (turn_id, tenant, role, model, prompt_tokens, completion_tokens,
                            cached_tokens, from_cache, seconds, at, cost, spared)
    select id, coalesce(tenant, ''), 'attendant', 'gpt-4o-mini', 0, 0, 0, true, 0.0, started_at, 0,
           case when id like '%77' then null else 0.0021 end
    from turn where id like '%7'
    """,
)
"""Answers of our own cache within turns, some of which nobody knows the price of."""


async def _calls(database: Database, chance: random.Random) -> None:
    """Calls of no turn, of our own cache, that failed, and without a price."""
    rows = []
    for _ in range(150):
        cached, failed = chance.random() < 0.2, chance.random() < 0.1
        rows.append(
            {
                "turn_id": None,
                "tenant": chance.choice([*ZONES, ""]),
                "role": chance.choice(["memory", "transcription", "=attendant"]),
                "model": chance.choice(["gpt-4o-mini", "own-7b"]),
                "prompt_tokens": chance.randrange(9000),
                "completion_tokens": chance.randrange(900),
                "cached_tokens": chance.randrange(100),
                "from_cache": cached,
                "estimated": chance.random() < 0.1,
                "seconds": chance.random(),
                "at": NOW - timedelta(days=chance.uniform(0, 40)),
                "cost": None if cached or chance.random() < 0.2 else chance.uniform(0, 0.3),
                "error": "timeout" if failed else None,
            }
        )
    async with transaction(database) as run:
        await run.execute(insert(model_call), rows)
        for engine, some in (("intent", "%3"), ("faq", "%5"), ("faq", "%58")):
            those = turn.c.id.like(some)
            await run.execute(update(turn).where(those).values(engine=engine))
        for statement in _AGAIN:
            await run.execute(text(statement))


async def _gaps(database: Database, chance: random.Random) -> None:
    rows = [
        {
            "tenant": chance.choice([*ZONES]),
            "question": f"{chance.choice('=<v')}ocês entregam em {number}?",
            "count": chance.randint(1, 1500),
            "first_at": NOW - timedelta(days=60),
            "last_at": NOW - timedelta(days=chance.uniform(0, 50)),
        }
        for number in range(260)
    ]
    async with transaction(database) as run:
        await run.execute(insert(knowledge_gap), rows)


async def _debts(database: Database, chance: random.Random) -> None:
    rows = []
    for number in range(1, 700):
        opened = NOW - timedelta(days=chance.choice([0.01, 1, 50]), minutes=number)
        standing = chance.random() < 0.4
        told = chance.random() < 0.7
        rows.append(
            {
                **{"account": "acme", "bot": "acme-bot", "number": number, "episode": 1},
                "tenant": chance.choice([*ZONES]),
                "kind": chance.choice(["handoff", "handoff", "resolution"]),
                "reason": chance.choice(["customer_asked", "emergency"]),
                "opened_at": opened,
                **{"closed_then": False, "customer_id": 1, "again": False},
                **dict(zip(("soonest", "likely", "at_most"), (60, 120, 600), strict=True)),
                "step": chance.randrange(4),
                "next_at": opened + timedelta(hours=chance.choice([1, 30])) if standing else None,
                "ended_at": None if standing else opened + MINUTE,
                "ending": None if standing else "answered",
                "waited": None if standing else chance.uniform(1, 4000),
            }
        )
        if not told:
            rows[-1] |= {"soonest": None, "likely": None, "at_most": None}
    async with transaction(database) as run:
        await run.execute(insert(debt), rows)


async def _queue(database: Database) -> None:
    """Conversations that wait, that a worker has, that are stuck, and replies on their way."""
    changes: dict[int, dict[str, object]] = {
        1: {"due_at": NOW - SECOND, "waiting_since": NOW - 3 * MINUTE, "attempts": 2},
        2: {"due_at": NOW + MINUTE, "waiting_since": NOW - 20 * SECOND},
        3: {
            "due_at": NOW,
            "waiting_since": NOW - timedelta(hours=3),
            "lease_until": NOW + MINUTE,
            "attempts": 1,
        },
        4: {"due_at": NOW, "waiting_since": NOW - MINUTE, "lease_until": NOW - SECOND},
        5: {"parked_at": NOW - timedelta(days=3), "parked_reason": "undeliverable"},
        6: {"parked_at": NOW - MINUTE, "parked_reason": "too_many_failures", "parked_turn": "t7"},
        3000: {"due_at": NOW, "waiting_since": NOW - timedelta(days=9)},
    }
    async with transaction(database) as run:
        for number, values in changes.items():
            await run.execute(
                update(conversation).where(conversation.c.number == number).values(**values)
            )
        for place, state in enumerate(["planned", "sending", "unknown", "unknown", "sent"]):
            await run.execute(
                insert(outbox_part).values(
                    **{"turn_id": "t000001", "bot": "acme-bot", "number": 1, "account": "acme"},
                    **{"position": place, "kind": "reply", "payload": {}, "gated": False},
                    **{"tag": f"tag{place}", "state": state, "planned_at": NOW},
                )
            )
