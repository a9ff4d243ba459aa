"""Queries over the sessions of a scope: one by one, or added up by thirds of months."""

from functools import cache

from sqlalchemy import TextClause, text

from chatcrew.analytics import _cells_sql as cells
from chatcrew.analytics._days_sql import narrowed


@cache
def chosen(query: str, wanted: tuple[bool, bool]) -> TextClause:
    """Return a query over ``chosen``: the sessions that began in the time."""
    return text(f"""
        with chosen as not materialized (
            select * from session_fact
            where began_at >= :since and began_at < :until {narrowed(wanted, table="session_fact")}
        )
        {query}
    """)  # noqa: S608 - constants of this house


@cache
def added(query: str, wanted: tuple[bool, bool]) -> TextClause:
    """Return a query over ``alike``, ``pace`` and ``sets``: the same sessions, added up."""
    mine = narrowed(wanted, table="one")
    loose = "began_at >= :since and began_at < :head", "began_at >= :tail and began_at < :until"
    sets = " union all ".join(
        f"""
            select tenant, bot, {cells.bits(what)} from loose
            where {what[2]} is not null group by 1, 2, 3, 4, 5
        """  # noqa: S608 - constants of this house
        for what in (cells.USERS, cells.CONVERSATIONS)
    )
    return text(f"""
        with touched as materialized (
            select distinct tenant, third from session_touched
            where third >= :third_first and third < :third_last
        ), loose as not materialized (
            select * from session_fact as one where {loose[0]} {mine}
            union all
            select * from session_fact as one where {loose[1]} {mine}
            union all
            select one.* from touched join session_fact as one on one.tenant = touched.tenant
                and {cells.IN_THIRD.format("one", "touched")}
            where true {mine}
        ), alike as not materialized (
            select {cells.CELL} from ({_held("session_third", mine)}) as made
            union all
            select {cells.EACH} from loose
        ), pace as not materialized (
            select tenant, bot, step, n, total from ({_held("session_pace", mine)}) as made
            union all
            select tenant, bot, {cells.PACE} from loose
            where first_reply_ms is not null group by 1, 2, 3
        ), sets as not materialized (
            select tenant, bot, kind, account, chunk, members
            from ({_held("session_set", mine)}) as made
            union all {sets}
        )
        {query}
    """)  # noqa: S608 - constants of this house


def _held(table: str, mine: str) -> str:
    """Return the rows of the thirds of the time that hold."""
    return f"""
        select one.* from {table} as one
        where third >= :third_first and third < :third_last {mine}
          and not exists (
              select from touched where touched.tenant = one.tenant and touched.third = one.third
          )
    """  # noqa: S608 - constants of this house
