"""Counts and reservations on PostgreSQL: one row per counter, locked for as long as it changes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import asyncpg
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.budgets._port import Count, Full, Key, Line
from chatcrew.database import Database
from chatcrew.database.transactions import statement, transaction
from chatcrew.errors import StoreError

_Connecting = AbstractAsyncContextManager[AsyncConnection]

_KEYS = """unnest(cast(:scopes as text[]), cast(:kinds as text[]), cast(:spans as text[]),
    cast(:starts as timestamptz[])"""

# Rows are made and locked in one order, so that no two calls wait for each other. The condition is
# looked at again once the row is locked: what another call reserved meanwhile is seen. All lines or
# none: where one is full nothing is written, and where another call was quicker in this very moment
# the division takes back what was. One statement and no transaction around it: one trip, not three.
_TAKE = text(
    """
    with asked as (
        select * from KEYS, cast(:ends as timestamptz[]), cast(:mosts as bigint[]),
                      cast(:amounts as bigint[]))
            as a (scope, kind, span, starts, ends, most, amount)
        order by scope, kind, span, starts
    ), full_ones as materialized (
        select from asked a left join budget_counter c
            on c.tenant = :tenant and c.scope = a.scope and c.kind = a.kind and c.span = a.span
            and c.starts = a.starts
        where coalesce(c.used + c.reserved, 0) + a.amount > a.most
    ), taken as (
        insert into budget_counter as c
            (tenant, scope, kind, span, starts, ends, most, used, reserved)
        select :tenant, scope, kind, span, starts, ends, most, 0, amount from asked
        where not exists (select from full_ones)
        on conflict (tenant, scope, kind, span, starts) do update
        set reserved = c.reserved + excluded.reserved, most = excluded.most
        where c.used + c.reserved + excluded.reserved <= excluded.most
        returning *
    ), held as (
        insert into budget_reservation
            (id, scope, kind, span, starts, tenant, amount, expires_at)
        select :id, scope, kind, span, starts, :tenant, amount, :expires from asked
        where not exists (select from full_ones)
    )
    select taken.*, 1 / case
        when exists (select from full_ones) then 1
        when (select count(*) from taken) = cardinality(cast(:amounts as bigint[])) then 1
        else 0 end as whole
    from (select) as always left join taken on true
""".replace("KEYS", _KEYS)
)

_LOCKED = """
    select c.* from budget_counter c join KEYS) as a (scope, kind, span, starts)
        using (scope, kind, span, starts)
    where c.tenant = :tenant
    order by c.scope, c.kind, c.span, c.starts
    for update of c
""".replace("KEYS", _KEYS)
_LOCK = text(_LOCKED)

_REFUSED = text("""
    insert into budget_counter
        (tenant, scope, kind, span, starts, ends, most, used, reserved, refused)
    values (:tenant, :scope, :kind, :span, :starts, :ends, :most, 0, 0, 1)
    on conflict (tenant, scope, kind, span, starts) do update
    set refused = budget_counter.refused + 1, most = excluded.most
    returning refused
""")

# The counters are locked first, all of them, as everywhere; what was changed while this waited for
# them is seen by the delete and the update, which look at a row again once they have it.
_SETTLE = text(
    f"""
    with locked as materialized ({_LOCKED}), gone as (
        delete from budget_reservation where id = :id and (select count(*) from locked) >= 0
        returning scope, kind, span, starts, amount, expired
    ), spent as (
        select * from KEYS, cast(:amounts as bigint[])) as a (scope, kind, span, starts, spent)
    )
    update budget_counter c
    set used = c.used + coalesce(s.spent, 0)
            - case when g.expired and g.span <> 'now' then g.amount else 0 end,
        reserved = c.reserved - case when g.expired then 0 else g.amount end
    from gone g left join spent s using (scope, kind, span, starts)
    where c.tenant = :tenant and c.scope = g.scope and c.kind = g.kind and c.span = g.span
      and c.starts = g.starts
""".replace("KEYS", _KEYS)  # noqa: S608 - statements of this file
)

_OLD = text("""
    select distinct id from budget_reservation
    where not expired and expires_at <= :now limit 500
""")

# Whoever settles one of them locks its counters first as well, and reservations after them
_LOCK_OLD = text("""
    select 1 from budget_counter c
    where exists (
        select 1 from budget_reservation r
        where r.id = any(cast(:ids as text[])) and not r.expired and r.tenant = c.tenant
          and r.scope = c.scope and r.kind = c.kind and r.span = c.span and r.starts = c.starts)
    order by c.tenant, c.scope, c.kind, c.span, c.starts
    for update of c
""")

_EXPIRE = text("""
    with old as (
        update budget_reservation set expired = true
        where id = any(cast(:ids as text[])) and not expired
        returning tenant, scope, kind, span, starts, amount
    ), summed as (
        select tenant, scope, kind, span, starts, sum(amount)::bigint as amount, count(*) as lines
        from old group by tenant, scope, kind, span, starts
    ), counted as (
        update budget_counter c
        set reserved = c.reserved - s.amount,
            used = c.used + case when c.span = 'now' then 0 else s.amount end
        from summed s
        where c.tenant = s.tenant and c.scope = s.scope and c.kind = s.kind and c.span = s.span
          and c.starts = s.starts
        returning s.lines
    )
    select coalesce(sum(lines), 0)::bigint from counted
""")

_TOLD = {
    reached: text(f"""
        update budget_counter set {column} = true
        where tenant = :tenant and scope = :scope and kind = :kind and span = :span
          and starts = :starts and not {column}
    """)  # noqa: S608 - constants of this file
    for reached, column in ((False, "warned"), (True, "alerted"))
}

_READ = text("""
    select *, case when span = 'month' then (
        select min(day.starts) from budget_counter day
        where day.tenant = budget_counter.tenant and day.span = 'day'
    ) end as known
    from budget_counter
    where ends > :now and (:every or tenant = any(cast(:tenants as text[])))
    order by tenant, scope, kind, span
""")

_PURGE = text("delete from budget_counter where ends < :before")
_PURGE_HELD = text("delete from budget_reservation where expires_at < :before")


_CONNECTIONS = 4
"""Of a worker's connections that its calls hold at once."""


class PostgresCounters:
    """``Counters`` on PostgreSQL.

    All calls of a business change the same rows. They wait for each other here and not in the
    database, where each would hold a connection that the rest of the worker needs.

    Args:
        database: migrated.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connections = asyncio.Semaphore(_CONNECTIONS)
        self._turns: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def _in_turn(
        self, tenant: str, how: Callable[[Database], _Connecting] = statement
    ) -> AsyncIterator[AsyncConnection]:
        """Give a connection while nobody else of this process changes the tenant's rows."""
        async with (
            self._turns.setdefault(tenant, asyncio.Lock()),
            self._connections,
            how(self._database) as connection,
        ):
            yield connection

    async def take(
        self, reservation: str, tenant: str, lines: Sequence[Line], *, expires: datetime
    ) -> Sequence[Count] | Full:
        """See ``Counters.take``."""
        values = _values(lines) | {"tenant": tenant, "id": reservation, "expires": expires}
        while True:
            try:
                async with self._in_turn(tenant) as connection:
                    found = await connection.execute(_TAKE, values)
                    rows = [row for row in found if row.scope is not None]
            except StoreError as error:
                if not isinstance(error.__cause__, asyncpg.DivisionByZeroError):
                    raise
                rows = []
            if len(rows) == len(lines):
                return [_count(row) for row in rows]
            full = await self._full(tenant, lines)
            if full is not None:
                return full
            # what was in the way has been settled since

    async def settle(self, reservation: str, tenant: str, spent: Sequence[tuple[Key, int]]) -> bool:
        """See ``Counters.settle``."""
        values = _keys(key for key, _ in spent)
        values |= {"tenant": tenant, "id": reservation}
        values |= {"amounts": [amount for _, amount in spent]}
        async with self._in_turn(tenant) as connection:
            return (await connection.execute(_SETTLE, values)).rowcount > 0

    async def expire(self, now: datetime) -> int:
        """See ``Counters.expire``."""
        async with transaction(self._database) as connection:
            ids = list(await connection.scalars(_OLD, {"now": now}))
            if not ids:
                return 0
            await connection.execute(_LOCK_OLD, {"ids": ids})
            return int((await connection.execute(_EXPIRE, {"ids": ids})).scalar_one())

    async def told(self, tenant: str, key: Key, *, reached: bool) -> bool:
        """See ``Counters.told``."""
        values = {"tenant": tenant} | _key(key)
        async with transaction(self._database) as connection:
            return (await connection.execute(_TOLD[reached], values)).rowcount == 1

    async def read(self, tenants: Collection[str] | None, *, now: datetime) -> Sequence[Count]:
        """See ``Counters.read``."""
        values = {"now": now, "every": tenants is None, "tenants": list(tenants or ())}
        async with statement(self._database) as connection:
            rows = await connection.execute(_READ, values)
            return [replace(_count(row), known=row.known) for row in rows]

    async def purge(self, before: datetime) -> int:
        """See ``Counters.purge``."""
        async with transaction(self._database) as connection:
            await connection.execute(_PURGE_HELD, {"before": before})
            return (await connection.execute(_PURGE, {"before": before})).rowcount

    async def _full(self, tenant: str, lines: Sequence[Line]) -> Full | None:
        """Return what has no room, and count the refusal; None where there is room by now."""
        values = _keys(line.key for line in lines) | {"tenant": tenant}
        async with self._in_turn(tenant, transaction) as connection:
            found = {
                count.key: count.used + count.reserved
                for count in map(_count, await connection.execute(_LOCK, values))
            }
            full = [line for line in lines if found.get(line.key, 0) + line.amount > line.most]
            if not full:
                return None
            last = max(full, key=lambda line: line.ends)
            refused = await self._note(connection, tenant, last)
            return Full(last, found.get(last.key, 0), first=refused == 1)

    async def _note(self, connection: AsyncConnection, tenant: str, line: Line) -> int:
        values = {"tenant": tenant, "ends": line.ends, "most": line.most} | _key(line.key)
        return int((await connection.execute(_REFUSED, values)).scalar_one())


def _key(key: Key) -> dict[str, Any]:
    return {"scope": key.scope, "kind": key.kind, "span": key.span, "starts": key.starts}


def _keys(keys: Iterable[Key]) -> dict[str, Any]:
    found = list(keys)
    return {
        "scopes": [key.scope for key in found],
        "kinds": [key.kind for key in found],
        "spans": [key.span for key in found],
        "starts": [key.starts for key in found],
    }


def _values(lines: Sequence[Line]) -> dict[str, Any]:
    return _keys(line.key for line in lines) | {
        "ends": [line.ends for line in lines],
        "mosts": [line.most for line in lines],
        "amounts": [line.amount for line in lines],
    }


def _count(row: Row[Any]) -> Count:
    return Count(
        tenant=row.tenant,
        key=Key(row.scope, row.kind, row.span, row.starts),
        ends=row.ends,
        most=row.most,
        used=row.used,
        reserved=row.reserved,
        refused=row.refused,
        warned=row.warned,
        alerted=row.alerted,
    )
