"""Keeps what figures are read from: days added up, and sessions."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.analytics._facts_sql import (
    CALL,
    COUNTED,
    MEASURES,
    REAL_CALL,
    SPENT,
    SUMS,
    TURN,
    measured,
)
from chatcrew.analytics._sessions_sql import RENEW
from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.database.transactions import transaction

GRACE = timedelta(minutes=2)
"""How late a row may become visible after the moment it bears; leases rely on far less."""

_STRIDE = timedelta(days=1)
"""Time that is added up in one transaction."""

_DAY = "cast({} at time zone coalesce(fact_zone.zone, 'UTC') as date) as day"

_ADD_TURNS = text(f"""
    with counted as materialized (
        select turn.*, {_DAY.format("finished_at")}
        from ({TURN}
            where turn.finished_at >= :since and turn.finished_at < :before and {COUNTED}
              and (cast(:tenant as text) is null or turn.tenant = :tenant)
        ) as turn
        left join fact_zone on fact_zone.tenant = turn.tenant
    )
    insert into day_fact (measure, day, tenant, bot, part, step, n, total)
    select measure, day, tenant, bot, part, step, sum(n), sum(total)
    from ({measured(MEASURES)}) as found
    group by measure, day, tenant, bot, part, step
    on conflict (measure, day, tenant, bot, part, step) do update
    set n = day_fact.n + excluded.n, total = day_fact.total + excluded.total
""")  # noqa: S608 - constants of this house

_ADD_CALLS = text(f"""
    insert into day_spend (day, tenant, bot, role, model, {", ".join(SPENT)})
    select day, tenant, bot, role, model, {SUMS}
    from (
        select call.*, {_DAY.format("call.at")}
        from ({CALL}
            where call.at >= :since and call.at < :before and {REAL_CALL}
              and (cast(:tenant as text) is null or call.tenant = :tenant)
        ) as call
        left join fact_zone on fact_zone.tenant = call.tenant
    ) as found
    group by day, tenant, bot, role, model
    on conflict (day, tenant, bot, role, model) do update
    set {", ".join(f"{name} = day_spend.{name} + excluded.{name}" for name in SPENT)}
""")  # noqa: S608 - constants of this house

_RENEW = text(RENEW)

_MAKE_MARK = text("""
    insert into fact_mark (name, at) values (:name, :at) on conflict do nothing
""")
_TAKE_MARK = text("select at from fact_mark where name = :name for update skip locked")
_MOVE_MARK = text("update fact_mark set at = :at where name = :name")

_FIRST = text(f"""
    select least(
        (select min(finished_at) from turn where finished_at >= :since and {COUNTED}),
        (select min(at) from model_call where at >= :since)
    )
""")  # noqa: S608 - constants of this house
_FIRST_OF_ONE = text("""
    select least(
        (select min(finished_at) from turn where tenant = :tenant),
        (select min(at) from model_call where tenant = :tenant)
    )
""")

_ZONES = text("select tenant, zone from fact_zone")
_SET_ZONE = text("""
    insert into fact_zone (tenant, zone) values (:tenant, :zone)
    on conflict (tenant) do update set zone = excluded.zone
""")
_FORGET_DAYS = tuple(
    text(f"""
        delete from {table} where tenant = :tenant
            and day >= cast(cast(:first as timestamptz) at time zone :zone as date)
    """)  # noqa: S608 - constants of this house
    for table in ("day_fact", "day_spend")
)
_LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)
"""Before anything ended."""


class PostgresFacts:
    """Adds up what ended, again and again; any number of workers may try at once.

    Args:
        database: where everything is kept.
        clock: time.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def run(self, zones: Mapping[str, str]) -> None:
        """Add up what ended since the last time.

        Args:
            zones: IANA timezone by tenant; a tenant without one has UTC days.

        Raises:
            StoreError: the database is away; what was added up stays.
        """
        await self._set_zones(zones)
        while await self._add_up():
            pass
        while await self._renew():
            pass

    async def _set_zones(self, zones: Mapping[str, str]) -> None:
        """Keep the calendars; days of one that changed are added up anew, as far as turns last."""
        async with transaction(self._database) as connection:
            known = {row.tenant: row.zone for row in await connection.execute(_ZONES)}
        for tenant, zone in sorted(zones.items()):
            if known.get(tenant) != zone:
                await self._set_zone(tenant, zone, before=known.get(tenant, "UTC"))

    async def _set_zone(self, tenant: str, zone: str, *, before: str) -> None:
        async with transaction(self._database) as connection:
            mark = await _taken(connection, "days")
            if mark is None:
                return  # another worker is at it
            await connection.execute(_SET_ZONE, {"tenant": tenant, "zone": zone})
            first = await connection.scalar(_FIRST_OF_ONE, {"tenant": tenant})
            if first is None or first >= mark:
                return
            for forget in _FORGET_DAYS:
                values = {"tenant": tenant, "first": first, "zone": before}
                await connection.execute(forget, values)
            span = {"since": first, "before": mark, "tenant": tenant}
            await connection.execute(_ADD_TURNS, span)
            await connection.execute(_ADD_CALLS, span)

    async def _add_up(self) -> bool:
        """Add up one stride; return whether there is more."""
        until = self._clock.now() - GRACE
        async with transaction(self._database) as connection:
            mark = await _taken(connection, "days")
            if mark is None or mark >= until:
                return False
            first: datetime | None = await connection.scalar(_FIRST, {"since": mark})
            if first is None or first >= until:
                await _move(connection, "days", until)
                return False
            reached = min(first + _STRIDE, until)
            span = {"since": mark, "before": reached, "tenant": None}
            await connection.execute(_ADD_TURNS, span)
            await connection.execute(_ADD_CALLS, span)
            await _move(connection, "days", reached)
        return reached < until

    async def _renew(self) -> bool:
        """Make the sessions of one stride anew; return whether there is more."""
        now = self._clock.now()
        async with transaction(self._database) as connection:
            mark = await _taken(connection, "sessions")
            if mark is None:
                return False
            first: datetime | None = await connection.scalar(_FIRST, {"since": mark})
            reached = now if first is None else min(first + _STRIDE, now)
            span = {"since": mark - GRACE, "before": reached + GRACE}
            await connection.execute(_RENEW, span)
            await _move(connection, "sessions", max(reached, mark))
        return reached < now


async def _taken(connection: AsyncConnection, name: str) -> datetime | None:
    """Return up to where is added up, and hold it; None: another worker does."""
    await connection.execute(_MAKE_MARK, {"name": name, "at": _LONG_AGO})
    found: datetime | None = await connection.scalar(_TAKE_MARK, {"name": name})
    return found


async def _move(connection: AsyncConnection, name: str, at: datetime) -> None:
    await connection.execute(_MOVE_MARK, {"name": name, "at": at})
