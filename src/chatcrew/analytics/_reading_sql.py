"""One look at the facts: a snapshot in which every figure of a page agrees with every other."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.analytics._facts_sql import CALL, COUNTED, REAL_CALL, SPENT, SUMS, TURN, measured
from chatcrew.analytics._measures import Spend
from chatcrew.analytics._scope import Scope
from chatcrew.analytics._windows import Window, windows
from chatcrew.database import Database
from chatcrew.database.transactions import transaction

_SNAPSHOT = text("set transaction isolation level repeatable read, read only")
# Plans of a few milliseconds are compiled for longer than they run; a year's days fit into memory
_PLAINLY = text("select set_config('jit', 'off', true), set_config('work_mem', '64MB', true)")
_CALENDARS = text("""
    select cast(null as text) as zone, at from fact_mark where name = 'days'
    union all select distinct zone, cast(null as timestamptz) from fact_zone
""")

_WINDOWS = """
    windows as materialized (
        select * from json_to_recordset(cast(cast(:windows as text) as json)) as one (
            zone text, first date, last date, head timestamptz, tail timestamptz
        )
    )
"""
_IN_WINDOW = """
    left join fact_zone on fact_zone.tenant = {0}.tenant
    join windows on windows.zone = coalesce(fact_zone.zone, 'UTC')
"""
_LOOSE = """
    (({0} >= :since and {0} < :head) or ({0} >= :tail and {0} < :until))
"""
_RAW_DAY = "cast({} at time zone windows.zone as date) as day"

Found = Row[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Reading:
    """A look at the facts of one scope.

    Attributes:
        connection: inside a snapshot.
        scope: whose figures, of which time.
        windows: how days and single turns make up the time.
    """

    connection: AsyncConnection
    scope: Scope
    windows: Sequence[Window]

    async def counts(self, *measures: str, by: Sequence[str]) -> Sequence[Found]:
        """Return sums of measures of turns, divided by columns of ``day_fact``."""
        query = _counts(measures, tuple(by), self._filter())
        values = self._values() | {"measures": list(measures)}
        return (await self.connection.execute(query, values)).all()

    async def spends(self, *by: str) -> list[tuple[Any, Spend]]:
        """Return what model calls used, divided by one column of ``day_spend`` or by none."""
        found = await self.connection.execute(_spends(by, self._filter()), self._values())
        return [(row[0] if by else None, spend(row)) for row in found]

    async def sessions(self, query: str, **values: object) -> Sequence[Found]:
        """Return the rows of a query over ``chosen``: the sessions that began in the time."""
        whole = _sessions(query, self._filter())
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

    def _values(self) -> dict[str, object]:
        return self.narrow() | {
            "windows": orjson.dumps(list(self.windows)).decode(),
            "head": max(one.head for one in self.windows),
            "tail": min(one.tail for one in self.windows),
            "first": min(one.first for one in self.windows),
            "last": max(one.last for one in self.windows),
        }


@asynccontextmanager
async def reading(database: Database, scope: Scope) -> AsyncIterator[Reading]:
    """Give a look at the facts.

    Raises:
        StoreError: the database is away.
    """
    async with transaction(database) as connection:
        await connection.execute(_SNAPSHOT)
        await connection.execute(_PLAINLY)
        calendars = (await connection.execute(_CALENDARS)).all()
        mark: datetime | None = next((row.at for row in calendars if row.zone is None), None)
        zones = {"UTC", *(row.zone for row in calendars if row.zone is not None)}
        # A calendar is read from a file the first time
        made = await asyncio.to_thread(
            windows, sorted(zones), since=scope.since, until=scope.until, mark=mark
        )
        yield Reading(connection, scope, made)


def spend(row: Found) -> Spend:
    """Return what a row's columns say was used."""
    return Spend(**{name: getattr(row, name) for name in SPENT})


def narrowed(wanted: tuple[bool, bool], *, table: str) -> str:
    """Return the conditions for the tenants and the bot of a scope."""
    tenants, bot = wanted
    return "".join(
        (
            f" and {table}.tenant = any(cast(:tenants as text[]))" if tenants else "",
            f" and {table}.bot = :bot" if bot else "",
        )
    )


@cache
def _counts(
    measures: tuple[str, ...], by: tuple[str, ...], wanted: tuple[bool, bool]
) -> TextClause:
    columns = ", ".join(by)
    return text(f"""
        with {_WINDOWS}, counted as materialized (
            select turn.*, {_RAW_DAY.format("turn.finished_at")}
            from ({TURN}
                where {COUNTED} and {_LOOSE.format("turn.finished_at")}
                {narrowed(wanted, table="turn")}
            ) as turn {_IN_WINDOW.format("turn")}
            where turn.finished_at < windows.head or turn.finished_at >= windows.tail
        )
        select {columns}, cast(sum(n) as bigint) as n, cast(sum(total) as bigint) as total
        from (
            select day_fact.tenant, day_fact.bot, day, measure, part, step, n, total
            from day_fact {_IN_WINDOW.format("day_fact")}
            where measure = any(cast(:measures as text[])) and day >= :first and day < :last
              and day >= windows.first and day < windows.last
              {narrowed(wanted, table="day_fact")}
            union all {measured(measures)}
        ) as found
        group by {columns}
    """)  # noqa: S608 - constants of this house


@cache
def _spends(by: tuple[str, ...], wanted: tuple[bool, bool]) -> TextClause:
    columns = "".join(f"{name}, " for name in by)
    return text(f"""
        with {_WINDOWS}
        select {columns}{SUMS}
        from (
            select day, day_spend.tenant, day_spend.bot, role, model, {", ".join(SPENT)}
            from day_spend {_IN_WINDOW.format("day_spend")}
            where day >= :first and day < :last and day >= windows.first and day < windows.last
              {narrowed(wanted, table="day_spend")}
            union all
            select {_RAW_DAY.format("call.at")}, call.tenant, call.bot, role, model,
                   {", ".join(SPENT)}
            from ({CALL}
                where {REAL_CALL} and {_LOOSE.format("call.at")}
            ) as call {_IN_WINDOW.format("call")}
            where (call.at < windows.head or call.at >= windows.tail)
              {narrowed(wanted, table="call")}
        ) as found
        {f"group by {', '.join(by)}" if by else ""}
    """)  # noqa: S608 - constants of this house


@cache
def _sessions(query: str, wanted: tuple[bool, bool]) -> TextClause:
    return text(f"""
        with chosen as not materialized (
            select * from session_fact
            where began_at >= :since and began_at < :until {narrowed(wanted, table="session_fact")}
        )
        {query}
    """)  # noqa: S608 - constants of this house
