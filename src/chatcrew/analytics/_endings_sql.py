"""How sessions ended, as expressions over ``session_fact``: ``docs/analytics.md`` says the same."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chatcrew.analytics._facts_sql import SPENT
from chatcrew.analytics._measures import Mean, Outcomes, Satisfaction

_NOW = "cast(:now as timestamptz)"
SILENCE = "interval '24 hours'"
_DURABLE = "interval '168 hours'"

ATTENDED = "ending is not null"
"""Of ``alike``: the bot said something, or gave the talk to people."""

_ENDING = """
    case when handed > 0 then 'handed_off'
         when replied = 0 then null
         when taken_at is not null then 'taken_over'
         {0}
         when waits then 'abandoned'
         else 'contained' end
"""
ENDING = _ENDING.format(
    f"when not (closed_at is not null or last_at <= {_NOW} - {SILENCE}) then 'going_on'"
)
"""How a session ended; ``:now`` is when this is asked. None: the bot said nothing in it."""

OVER = _ENDING.format("")
"""How it will have ended once it is over, if nothing happens any more."""

BACK = f"coalesce(reopened_at - closed_at < {_DURABLE}, false)"
"""Whether the customer came back before the solution was durable."""

SETTLES = f"""
    case when closed_at is null and handed = 0 and replied > 0 and taken_at is null
             then last_at + {SILENCE}
         when closed_at is not null and not {BACK} then closed_at + {_DURABLE} end
"""
"""From when on it is over by silence, or its solution durable; null where no time changes it."""

UNHAPPY = "(coalesce(mood <= -300, false) or coalesce(rating <= 2, false))"

SUMS = ("replies", "rated", "rating_total", "satisfied", "answers", "answered_ms")
"""What is added up of sessions that are alike, beside what they used."""

_ENDING_NOW = f"case when not closed and settles_at > {_NOW} then 'going_on' else ending end"
_OLD = f"closed and (settles_at is null or settles_at <= {_NOW})"
_CLOSED = "ending is not null and closed"
_MATURED = "ending = 'contained' and closed and (old or back)"
_WHERE = {
    "sessions": "true",
    "attended": "ending is not null",
    **{
        name: f"ending = '{name}'"
        for name in ("contained", "abandoned", "handed_off", "taken_over", "going_on")
    },
    "closed": _CLOSED,
    "reopened": f"{_CLOSED} and back",
    "matured": _MATURED,
    "durable": f"{_MATURED} and not back",
}


def ended(*, by: str = "''", where: str = "true", spent: bool = False) -> str:
    """Return the query of outcomes over ``alike``, a row for each value of ``by``.

    A count is looked at once: first those that ended alike are added up, then the few sums are.
    Sixteen conditions for each of 200,000 sessions would take the better part of a second.

    Args:
        by: expression of what the sessions of a row share.
        where: which sessions.
        spent: also what their model calls used, and ``newest``.
    """
    sums = (*SUMS, *(SPENT if spent else ()))
    columns = [
        f"coalesce(sum(n) filter (where {one}), 0) as {name}" for name, one in _WHERE.items()
    ]
    columns += [f"cast(coalesce(sum({name}), 0) as bigint) as {name}" for name in sums]
    return f"""
        select name, {", ".join(columns)}, max(newest) as newest from (
            select {by} as name, {_ENDING_NOW} as ending, closed, back, {_OLD} as old,
                   sum(n) as n, {", ".join(f"sum({name}) as {name}" for name in sums)},
                   max(newest) as newest
            from alike where {where} group by 1, 2, 3, 4, 5
        ) as ends group by name
    """  # noqa: S608 - constants of this house


def outcomes(row: Any, *, reasons: Mapping[str, int], as_of: datetime) -> Outcomes:
    """Return the outcomes that a row's columns say."""
    counts = {name: int(getattr(row, name)) for name in (*_WHERE, "replies")}
    return Outcomes(**counts, reasons=reasons, as_of=as_of)


def satisfaction(row: Any) -> Satisfaction:
    """Return the satisfaction that a row's columns say."""
    return Satisfaction(row.rated, row.rating_total, row.satisfied)


def mean(row: Any) -> Mean:
    """Return the mean answer time that a row's columns say."""
    return Mean(row.answers, row.answered_ms)
