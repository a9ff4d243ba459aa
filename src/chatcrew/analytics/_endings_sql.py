"""How sessions ended, as expressions over ``session_fact``: ``docs/analytics.md`` says the same."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chatcrew.analytics._facts_sql import SPENT
from chatcrew.analytics._measures import Mean, Outcomes, Satisfaction

_NOW = "cast(:now as timestamptz)"
SILENCE = "interval '24 hours'"
_DURABLE = "interval '7 days'"

ATTENDED = "(replied > 0 or handed > 0)"
_OVER = f"(closed_at is not null or last_at <= {_NOW} - {SILENCE})"

ENDING = f"""
    case when handed > 0 then 'handed_off'
         when replied = 0 then null
         when taken_at is not null then 'taken_over'
         when not {_OVER} then 'going_on'
         when waits then 'abandoned'
         else 'contained' end
"""
"""How a session ended; ``:now`` is when this is asked. None: the bot said nothing in it."""

UNHAPPY = "(coalesce(mood <= -300, false) or coalesce(rating <= 2, false))"

_SUMS = {
    "replies": "sum(replied + handed)",
    "rated": "count(rating)",
    "rating_total": "sum(rating)",
    "satisfied": "count(*) filter (where rating >= 4)",
    "answers": "sum(answers)",
    "answered_ms": "sum(answered_ms)",
}
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
    """Return the query of outcomes over ``chosen``, a row for each value of ``by``.

    A session is looked at once: first sessions that are alike are counted, then the few counts are
    added. Sixteen conditions for each of 200,000 sessions would take the better part of a second.

    Args:
        by: expression of what the sessions of a row share.
        where: which sessions.
        spent: also what their model calls used, and ``newest``.
    """
    sums = _SUMS | ({name: f"sum({name})" for name in SPENT} if spent else {})
    columns = [
        f"coalesce(sum(n) filter (where {one}), 0) as {name}" for name, one in _WHERE.items()
    ]
    columns += [f"cast(coalesce(sum({name}), 0) as bigint) as {name}" for name in sums]
    alike = ", ".join(f"{one} as {name}" for name, one in sums.items())
    return f"""
        select name, {", ".join(columns)}, max(newest) as newest from (
            select {by} as name, {ENDING} as ending, closed_at is not null as closed,
                   coalesce(reopened_at - closed_at < {_DURABLE}, false) as back,
                   coalesce(closed_at <= {_NOW} - {_DURABLE}, false) as old,
                   count(*) as n, {alike}, max(last_at) as newest
            from chosen where {where} group by 1, 2, 3, 4, 5
        ) as alike group by name
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
