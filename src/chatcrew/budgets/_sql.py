"""Counts and reservations on PostgreSQL: one row per counter, locked for as long as it changes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import asyncpg
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.budgets import _statements_sql as sql
from chatcrew.budgets._port import Count, Full, Key, Line, told_of
from chatcrew.database import Database
from chatcrew.database.transactions import statement, transaction
from chatcrew.errors import StoreError

_Connecting = AbstractAsyncContextManager[AsyncConnection]


_CONNECTIONS = 4
"""Of a worker's connections that its calls hold at once."""


class PostgresCounters:
    """``Counters`` on PostgreSQL.

    All calls of a business change the same rows, and wait for each other in the database: there the
    next one begins when a row is free, while here it would begin when the loop comes to it, some
    10 ms later where the loop is busy, for calls that come faster than that. Only a few may wait
    there, for each holds a connection that the rest of the worker needs.

    Args:
        database: migrated.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connections = asyncio.Semaphore(_CONNECTIONS)

    @asynccontextmanager
    async def _one_of_few(
        self, how: Callable[[Database], _Connecting] = statement
    ) -> AsyncIterator[AsyncConnection]:
        """Give one of the connections that calls may hold at once."""
        async with self._connections, how(self._database) as connection:
            yield connection

    async def take(
        self,
        reservation: str,
        tenant: str,
        lines: Sequence[Line],
        *,
        expires: datetime,
        wanted: Sequence[Line] = (),
        waits: bool = False,
    ) -> Sequence[Count] | Full:
        """See ``Counters.take``."""
        values = _values(lines) | {"tenant": tenant, "id": reservation, "expires": expires}
        while True:
            try:
                async with self._one_of_few() as connection:
                    found = await connection.execute(sql.TAKE, values)
                    rows = [row for row in found if row.scope is not None]
            except StoreError as error:
                if not isinstance(error.__cause__, asyncpg.DivisionByZeroError):
                    raise
                rows = []
            if len(rows) == len(lines):
                return [_count(row) for row in rows]
            full = await self._full(tenant, lines, wanted, waits=waits)
            if full is not None:
                return full
            # what was in the way has been settled since

    async def settle(self, reservation: str, tenant: str, spent: Sequence[tuple[Key, int]]) -> bool:
        """See ``Counters.settle``."""
        values = _keys(key for key, _ in spent)
        values |= {"tenant": tenant, "id": reservation}
        values |= {"amounts": [amount for _, amount in spent]}
        async with self._one_of_few() as connection:
            return (await connection.execute(sql.SETTLE, values)).rowcount > 0

    async def expire(self, now: datetime) -> int:
        """See ``Counters.expire``."""
        async with transaction(self._database) as connection:
            ids = list(await connection.scalars(sql.OLD, {"now": now}))
            if not ids:
                return 0
            await connection.execute(sql.LOCK_OLD, {"ids": ids})
            return int((await connection.execute(sql.EXPIRE, {"ids": ids})).scalar_one())

    async def told(self, tenant: str, key: Key, *, reached: bool) -> bool:
        """See ``Counters.told``."""
        values = {"tenant": tenant} | _key(key)
        async with transaction(self._database) as connection:
            return (await connection.execute(sql.TOLD[reached], values)).rowcount == 1

    async def read(self, tenants: Collection[str] | None, *, now: datetime) -> Sequence[Count]:
        """See ``Counters.read``."""
        values = {"now": now, "every": tenants is None, "tenants": list(tenants or ())}
        async with statement(self._database) as connection:
            rows = await connection.execute(sql.READ, values)
            return [replace(_count(row), known=row.known) for row in rows]

    async def purge(self, before: datetime) -> int:
        """See ``Counters.purge``."""
        async with transaction(self._database) as connection:
            await connection.execute(sql.PURGE_HELD, {"before": before})
            return (await connection.execute(sql.PURGE, {"before": before})).rowcount

    async def _full(
        self, tenant: str, lines: Sequence[Line], wanted: Sequence[Line], *, waits: bool
    ) -> Full | None:
        """Return what has no room, and count the refusal; None where there is room by now."""
        values = _keys(line.key for line in (*lines, *wanted)) | {"tenant": tenant}
        async with self._one_of_few(transaction) as connection:
            found = {
                count.key: count.used + count.reserved
                for count in map(_count, await connection.execute(sql.LOCK, values))
            }

            def full(these: Sequence[Line]) -> list[Line]:
                return [one for one in these if found.get(one.key, 0) + one.amount > one.most]

            if not full(lines):
                return None
            last = told_of(full((*lines, *wanted)))
            asks_again = waits and last.key.kind == "slots"
            refused = 0 if asks_again else await self._note(connection, tenant, last)
            return Full(last, found.get(last.key, 0), first=refused == 1)

    async def _note(self, connection: AsyncConnection, tenant: str, line: Line) -> int:
        values = {"tenant": tenant, "ends": line.ends, "most": line.most} | _key(line.key)
        return int((await connection.execute(sql.REFUSED, values)).scalar_one())


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
