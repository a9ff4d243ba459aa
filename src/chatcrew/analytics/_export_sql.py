"""Gives the facts themselves, row by row, however many there are."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache

from sqlalchemy import TextClause, text

from chatcrew.analytics._columns_sql import KIND
from chatcrew.analytics._days_sql import narrowed
from chatcrew.analytics._reading_sql import reading
from chatcrew.analytics._scope import Scope
from chatcrew.database import Database


async def export(
    database: Database, kind: str, scope: Scope, *, now: datetime
) -> AsyncIterator[Mapping[str, object]]:
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
