"""Queries of what turns and calls add up to: thirds of months, days, and what is in neither."""

from functools import cache

from sqlalchemy import TextClause, text

from chatcrew.analytics._facts_sql import CALL, COUNTED, REAL_CALL, SPENT, SUMS, TURN, measured
from chatcrew.analytics._saving_facts_sql import (
    SAVED,
    SAVED_BY,
    SPARED,
    SPARING,
    saving_of_calls,
    saving_of_turns,
)

_WINDOWS = """
    windows as materialized (
        select * from json_to_recordset(cast(cast(:windows as text) as json)) as one (
            zone text, first date, last date, head timestamptz, tail timestamptz,
            third_first date, third_last date
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

_MEASURED = "and measure = any(cast(:measures as text[]))"


def narrowed(wanted: tuple[bool, bool], *, table: str) -> str:
    """Return the conditions for the tenants and the bot of a scope."""
    tenants, bot = wanted
    return "".join(
        (
            f" and {table}.tenant = any(cast(:tenants as text[]))" if tenants else "",
            f" and {table}.bot = :bot" if bot else "",
        )
    )


# Two ranges that an index finds: before the thirds of every calendar, and after them
_RANGES = (
    "day >= :first and day < :last and day < :third_head",
    "day >= :first and day < :last and day >= :third_head and day >= :third_tail",
)
_IN_DAYS = """
    day >= windows.first and day < windows.last
    and not (day >= windows.third_first and day < windows.third_last)
"""
_IN_THIRDS = """
    third >= :third_first and third < :third_last
    and third >= windows.third_first and third < windows.third_last
"""


@cache
def counts(measures: tuple[str, ...], by: tuple[str, ...], wanted: tuple[bool, bool]) -> TextClause:
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
            {_made("fact", "measure, part, step, n, total", wanted, also=_MEASURED)}
            union all
            select tenant, bot, day, measure, part, step, n, total
            from ({measured(measures)}) as raw
        ) as found
        group by {columns}
    """)  # noqa: S608 - constants of this house


@cache
def spends(by: tuple[str, ...], wanted: tuple[bool, bool]) -> TextClause:
    columns = "".join(f"{name}, " for name in by)
    return text(f"""
        with {_WINDOWS}
        select {columns}{SUMS}
        from (
            {_made("spend", f"role, model, {', '.join(SPENT)}", wanted)}
            union all
            select call.tenant, call.bot, {_RAW_DAY.format("call.at")}, role, model,
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
def savings(wanted: tuple[bool, bool]) -> TextClause:
    """Return the query of what was not spent."""
    by = [name for name in SAVED_BY if name != "bot"]
    return text(f"""
        with {_WINDOWS}
        select {", ".join(by)}, {", ".join(f"sum({name}) as {name}" for name in SAVED)}
        from (
            {_made("saving", ", ".join(["source, part, kind", *SAVED]), wanted)}
            union all
            select tenant, bot, day, source, part, kind, {", ".join(SAVED)}
            from (
                {saving_of_turns(_loose(SPARING, "finished_at", wanted))}
                union all
                {saving_of_calls(_loose(SPARED, "at", wanted))}
            ) as raw
        ) as found
        group by {", ".join(by)}
    """)  # noqa: S608 - constants of this house


def _loose(facts: str, at: str, wanted: tuple[bool, bool]) -> str:
    """Return the query of facts that are in no day that was added up, with their day."""
    return f"""
        select fact.*, {_RAW_DAY.format(f"fact.{at}")}
        from (select * from ({facts}) as one where {_LOOSE.format(f"one.{at}")}) as fact
        {_IN_WINDOW.format("fact")}
        where (fact.{at} < windows.head or fact.{at} >= windows.tail)
          {narrowed(wanted, table="fact")}
    """  # noqa: S608 - constants of this house


def _made(name: str, columns: str, wanted: tuple[bool, bool], *, also: str = "") -> str:
    """Return the selects of ``tenant, bot, day`` and columns out of what was added up."""
    day, third = f"day_{name}", f"third_{name}"
    selects = [
        f"""
            select {day}.tenant, {day}.bot, day, {columns}
            from {day} {_IN_WINDOW.format(day)}
            where {range_} and {_IN_DAYS} {also} {narrowed(wanted, table=day)}
        """  # noqa: S608 - constants of this house
        for range_ in _RANGES
    ]
    selects.append(f"""
            select {third}.tenant, {third}.bot, third, {columns}
            from {third} {_IN_WINDOW.format(third)}
            where {_IN_THIRDS} {also} {narrowed(wanted, table=third)}
    """)  # noqa: S608 - constants of this house
    return " union all ".join(selects)
