"""Writes a made-up month as a server would have written it, and adds it up."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from scripts.pictures._month import House, Month
from sqlalchemy import insert, text

from chatcrew.analytics import PostgresFacts
from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.database.schema import budget_counter, metadata
from chatcrew.database.transactions import transaction

_ENDS = text("""
    update conversation set status = :status, episode = :episode, spoke_id = :spoke,
        snapshot = jsonb_set(snapshot, '{version}', to_jsonb(cast(:version as float8)))
    where bot = :bot and number = :number
""")
_NOTED = text("update conversation_move set noted_at = at, at = least(at, noted_at)")
_SPOKEN = text("""
    update conversation_move as one set at = two.at
    from conversation_move as two
    where one.kind = 'spoke' and two.kind = 'open'
      and (one.bot, one.number) = (two.bot, two.number)
""")


async def fill(database: Database, houses: Sequence[House], *, clock: Clock) -> None:
    """Write the month until an hour ago, and add it up."""
    rows = Month(clock.now())
    for place, house in enumerate(houses):
        rows.add(house, chance=random.Random(place + 1))
    async with transaction(database) as run:
        for name, found in rows.tables.items():
            table = metadata.tables[name]
            for first in range(0, len(found), 500):
                await run.execute(insert(table).values(found[first : first + 500]))
        for move in rows.moves:
            await run.execute(_ENDS, move)
        await run.execute(_NOTED)
        for values in _used(houses, clock.now()):
            await run.execute(insert(budget_counter).values(**values))
        await run.execute(_SPOKEN)
    zones = {house.tenant: "America/Sao_Paulo" for house in houses}
    await PostgresFacts(database, clock).run(zones)


def _used(houses: Sequence[House], now: datetime) -> Iterator[dict[str, Any]]:
    """Return what is counted of the limits of each business, as of today and of this month."""
    here = now.astimezone(ZoneInfo("America/Sao_Paulo"))
    day = here.replace(hour=0, minute=0, second=0, microsecond=0)
    month = day.replace(day=1)
    spans = {
        "day": (day, day + timedelta(days=1), 5),
        # That days were counted before this month, too, is what a forecast rests on
        "day before": (month - timedelta(days=9), month - timedelta(days=8), 5),
        "month": (month, (month + timedelta(days=32)).replace(day=1), 100),
    }
    for place, house in enumerate(houses):
        for name, (starts, ends, most) in spans.items():
            share = (0.86, 0.31, 0.12)[place] * (0.55 if name.startswith("month") else 1)
            yield {
                "tenant": house.tenant,
                "scope": "tenant",
                "kind": "money",
                "span": name.split()[0],
                "starts": starts,
                "ends": ends,
                "most": most * 10**9,
                "used": round(most * share * 10**9),
                "reserved": 0,
            }
