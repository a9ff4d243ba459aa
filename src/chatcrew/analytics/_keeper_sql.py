"""Keeps what figures are read from: days added up, and sessions."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.analytics import _cells_sql as cells
from chatcrew.analytics import _thirds_sql as thirds
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
from chatcrew.analytics._saving_facts_sql import (
    SAVED,
    SAVED_BY,
    SPARED,
    SPARING,
    saving_of_calls,
    saving_of_turns,
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


def _of_span(facts: str, at: str) -> str:
    return f"""
        select fact.*, {_DAY.format(f"fact.{at}")}
        from ({facts}) as fact left join fact_zone on fact_zone.tenant = fact.tenant
        where fact.{at} >= :since and fact.{at} < :before
          and (cast(:tenant as text) is null or fact.tenant = :tenant)
    """  # noqa: S608 - constants of this house


_SAVING_KEY = ", ".join((*SAVED_BY, "day"))
_ADD_SAVINGS = tuple(
    text(f"""
        insert into day_saving ({_SAVING_KEY}, {", ".join(SAVED)}) {found}
        on conflict ({_SAVING_KEY}) do update
        set {", ".join(f"{name} = day_saving.{name} + excluded.{name}" for name in SAVED)}
    """)  # noqa: S608 - constants of this house
    for found in (
        saving_of_turns(_of_span(SPARING, "finished_at")),
        saving_of_calls(_of_span(SPARED, "at")),
    )
)

_MARKS = {
    "days": (GRACE, (_ADD_TURNS, _ADD_CALLS)),
    # A turn is looked at with its calls, the last of which may end a little after it
    "savings": (2 * GRACE, _ADD_SAVINGS),
}
"""What is added up by day: how old it must be, and how."""

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
    for table in ("day_fact", "day_spend", "day_saving")
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
        for name in _MARKS:
            while await self._add_up(name):
                pass
        await self._gather()
        while await self._renew():
            pass
        while await self._make_anew():
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
            marks = {name: await _taken(connection, name) for name in _MARKS}
            known = [one for one in marks.values() if one is not None]
            if len(known) < len(marks):
                return  # another worker is at it
            await connection.execute(_SET_ZONE, {"tenant": tenant, "zone": zone})
            first = await connection.scalar(_FIRST_OF_ONE, {"tenant": tenant})
            if first is None or first >= max(known):
                return
            for forget in _FORGET_DAYS:
                values = {"tenant": tenant, "first": first, "zone": before}
                await connection.execute(forget, values)
            for name, (_, statements) in _MARKS.items():
                for add in statements:
                    span = {"since": first, "before": marks[name], "tenant": tenant}
                    await connection.execute(add, span)
            await thirds.gather_tenant(connection, tenant)

    async def _add_up(self, name: str) -> bool:
        """Add up one stride; return whether there is more."""
        grace, statements = _MARKS[name]
        until = self._clock.now() - grace
        async with transaction(self._database) as connection:
            mark = await _taken(connection, name)
            if mark is None or mark >= until:
                return False
            first: datetime | None = await connection.scalar(_FIRST, {"since": mark})
            if first is None or first >= until:
                await _move(connection, name, until)
                return False
            reached = min(first + _STRIDE, until)
            for add in statements:
                await connection.execute(add, {"since": mark, "before": reached, "tenant": None})
            await _move(connection, name, reached)
        return reached < until

    async def _gather(self) -> None:
        """Add up the thirds of months that are over."""
        async with transaction(self._database) as connection:
            marks = [await _taken(connection, name) for name in _MARKS]
            known = [one for one in marks if one is not None]
            if len(known) == len(marks):
                await thirds.gather(connection, added=min(known))

    async def _make_anew(self) -> bool:
        """Make thirds of sessions anew; return whether there is more."""
        async with transaction(self._database) as connection:
            return await cells.make_anew(connection, now=self._clock.now())

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
