"""One look at the facts: a snapshot in which every figure of a page agrees with every other."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.analytics import _cells_sql as cells
from chatcrew.analytics import _thirds_sql as thirds_made
from chatcrew.analytics._alike_sql import added, chosen
from chatcrew.analytics._days_sql import counts, savings, spends
from chatcrew.analytics._facts_sql import SPENT
from chatcrew.analytics._measures import Spend
from chatcrew.analytics._scope import Scope
from chatcrew.analytics._windows import Thirds, Window, thirds, windows
from chatcrew.database import Database
from chatcrew.database.transactions import transaction

_SNAPSHOT = text("set transaction isolation level repeatable read, read only")
# Plans of a few milliseconds are compiled for longer than they run; a year's days fit into memory
_PLAINLY = text("select set_config('jit', 'off', true), set_config('work_mem', '64MB', true)")
_CALENDARS = text("""
    select cast(null as text) as zone, name, at from fact_mark
    union all select distinct zone, null, cast(null as timestamptz) from fact_zone
    union all select null, 'newest', max(began_at) from session_fact
""")

Found = Row[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Reading:
    """A look at the facts of one scope.

    Attributes:
        connection: inside a snapshot.
        scope: whose figures, of which time.
        windows: how days and single turns make up the time.
        thirds: how sessions are read.
    """

    connection: AsyncConnection
    scope: Scope
    windows: Sequence[Window]
    thirds: Thirds

    async def counts(self, *measures: str, by: Sequence[str]) -> Sequence[Found]:
        """Return sums of measures of turns, divided by columns of ``day_fact``."""
        query = counts(measures, tuple(by), self._filter())
        values = self._values(thirds="day" not in by) | {"measures": list(measures)}
        return (await self.connection.execute(query, values)).all()

    async def spends(self, *by: str) -> list[tuple[Any, Spend]]:
        """Return what model calls used, divided by one column of ``day_spend`` or by none."""
        values = self._values(thirds="day" not in by)
        found = await self.connection.execute(spends(by, self._filter()), values)
        return [(row[0] if by else None, spend(row)) for row in found]

    async def savings(self) -> Sequence[Found]:
        """Return what was not spent, by tenant, source, part and kind."""
        values = self._values(thirds=True)
        return (await self.connection.execute(savings(self._filter()), values)).all()

    async def sessions(self, query: str, **values: object) -> Sequence[Found]:
        """Return the rows of a query over ``chosen``: the sessions that began in the time."""
        whole = chosen(query, self._filter())
        return (await self.connection.execute(whole, self.narrow() | values)).all()

    async def added(self, query: str, **values: object) -> Sequence[Found]:
        """Return the rows of a query over the same sessions as they are added up.

        It may ask ``alike`` (counts with what they have in common), ``pace`` (first replies by
        step), ``loose`` (sessions that are in no third that holds) and ``sets`` (numbers).
        """
        place = self.thirds
        values |= {"head": place.head, "tail": place.tail}
        values |= {"third_first": place.first, "third_last": place.last}
        whole = added(query, self._filter())
        return (await self.connection.execute(whole, self.narrow() | values)).all()

    def _filter(self) -> tuple[bool, bool]:
        return self.scope.tenants is not None, self.scope.bot is not None

    def narrow(self) -> dict[str, object]:
        """Return the values of a scope's conditions, see ``narrowed``."""
        scope = self.scope
        values: dict[str, object] = {"since": scope.since, "until": scope.until}
        if scope.tenants is not None:
            values["tenants"] = sorted(scope.tenants)
        if scope.bot is not None:
            values["bot"] = scope.bot
        return values

    def _values(self, *, thirds: bool) -> dict[str, object]:
        made = self.windows if thirds else [one.by_day() for one in self.windows]
        return self.narrow() | {
            "windows": orjson.dumps(list(made)).decode(),
            "head": max(one.head for one in made),
            "tail": min(one.tail for one in made),
            "first": min(one.first for one in made),
            "last": max(one.last for one in made),
            "third_first": min(one.third_first for one in made),
            "third_last": max(one.third_last for one in made),
            # days between these are in thirds in every calendar
            "third_head": max(one.third_first for one in made),
            "third_tail": min(one.third_last for one in made),
        }


@asynccontextmanager
async def reading(
    database: Database, scope: Scope, *, now: datetime, mark: str = "days"
) -> AsyncIterator[Reading]:
    """Give a look at the facts.

    Args:
        database: where they are.
        scope: whose, of which time.
        now: when this is asked.
        mark: up to which days are read added up.

    Raises:
        StoreError: the database is away.
    """
    async with transaction(database) as connection:
        await connection.execute(_SNAPSHOT)
        await connection.execute(_PLAINLY)
        calendars = (await connection.execute(_CALENDARS)).all()
        marks: dict[str, datetime | None] = {r.name: r.at for r in calendars if r.zone is None}
        zones = {"UTC", *(row.zone for row in calendars if row.zone is not None)}
        gathered = marks.get(thirds_made.MARK)
        # A calendar is read from a file the first time
        made = await asyncio.to_thread(
            windows,
            sorted(zones),
            since=scope.since,
            until=scope.until,
            mark=marks.get(mark),
            gathered=None if gathered is None else gathered.astimezone(UTC).date(),
        )
        settled = marks.get(cells.MARK)
        holds = settled is not None and settled <= now
        of_sessions = thirds(
            since=scope.since, until=scope.until, newest=marks["newest"], made=holds
        )
        yield Reading(connection, scope, made, of_sessions)


def spend(row: Found) -> Spend:
    """Return what a row's columns say was used."""
    return Spend(**{name: getattr(row, name) for name in SPENT})
