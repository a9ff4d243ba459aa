"""Gives the facts themselves, row by row, however many there are."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import datetime
from decimal import Decimal
from functools import cache

from sqlalchemy import TextClause, text

from chatcrew.analytics._columns_sql import KIND
from chatcrew.analytics._days_sql import narrowed
from chatcrew.analytics._reading_sql import reading
from chatcrew.analytics._scope import Scope
from chatcrew.database import Database
from chatcrew.errors import StoreError

_AT_ONCE = 2
_PATIENCE = 5.0
"""Seconds, as for a connection: see ``Database.open``."""


class Exports:
    """Reads few kinds at once: each holds a connection for as long as its reader takes.

    The same connections commit webhooks.

    Args:
        database: where the facts are.
        patience: seconds to wait for a place.
    """

    def __init__(self, database: Database, *, patience: float = _PATIENCE) -> None:
        self._database = database
        self._patience = patience
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def rows(
        self, kind: str, scope: Scope, *, now: datetime
    ) -> AsyncGenerator[Mapping[str, object], None]:
        """Give the rows of one kind, oldest first; see ``export``.

        Raises:
            StoreError: the database is away, or as many are being read as may be.
        """
        try:
            async with asyncio.timeout(self._patience):
                await self._places.acquire()
        except TimeoutError:
            raise StoreError(f"{_AT_ONCE} exports are being read already") from None
        try:
            async with aclosing(export(self._database, kind, scope, now=now)) as rows:
                async for row in rows:
                    yield row
        finally:
            self._places.release()


async def export(
    database: Database, kind: str, scope: Scope, *, now: datetime
) -> AsyncGenerator[Mapping[str, object], None]:
    """Give the rows of one kind, oldest first.

    Args:
        database: where the facts are.
        kind: one of ``KINDS``.
        scope: whose, of which time.
        now: up to when silence counts.
    """
    if kind not in KIND:
        raise ValueError(f"{kind!r} cannot be exported, only {', '.join(KIND)}")
    wanted = scope.tenants is not None, scope.bot is not None
    values: dict[str, object] = {"now": now, "since": scope.since, "until": scope.until}
    if scope.tenants is not None:
        values["tenants"] = sorted(scope.tenants)
    if scope.bot is not None:
        values["bot"] = scope.bot
    query = _query(kind, wanted)
    needed = {name: value for name, value in values.items() if f":{name}" in query.text}
    async with reading(database, scope, now=now) as look:
        async for row in await look.connection.stream(query, needed):
            yield {name: _plain(value) for name, value in row._mapping.items()}


def _plain(value: object) -> object:
    """Return a whole number as one: the database counts some in decimals."""
    return int(value) if isinstance(value, Decimal) and value == value.to_integral() else value


@cache
def _query(kind: str, wanted: tuple[bool, bool]) -> TextClause:
    one = KIND[kind]
    columns = ", ".join(f"{source} as {name}" for name, source in one.columns.items())
    mine = narrowed((wanted[0], wanted[1] and one.bot), table=one.table) if one.table else ""
    span = f" and {one.moment} >= :since and {one.moment} < :until" if one.moment else ""
    chosen = ""
    if not one.table:
        chosen = f"""
            with chosen as (
                select * from session_fact where began_at >= :since and began_at < :until
                {narrowed(wanted, table="session_fact")}
            )
        """  # noqa: S608 - constants of this house
    return text(f"""
        {chosen} select {columns} from {one.source}
        where true {mine} {span} and {one.where} order by {one.order}
    """)  # noqa: S608 - constants of this house
