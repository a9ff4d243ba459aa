"""How sessions ended, as expressions over ``session_fact``: ``docs/analytics.md`` says the same."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chatcrew.analytics._measures import Mean, Outcomes, Satisfaction

_NOW = "cast(:now as timestamptz)"
SILENCE = "interval '24 hours'"
_DURABLE = "interval '7 days'"

ATTENDED = "(replied > 0 or handed > 0)"
_OVER = f"(closed_at is not null or last_at <= {_NOW} - {SILENCE})"
_ALONE = f"({ATTENDED} and handed = 0 and taken_at is null)"
_BACK = f"(reopened_at is not null and reopened_at - closed_at < {_DURABLE})"
_CONTAINED = f"({_ALONE} and {_OVER} and not waits)"
_MATURED = (
    f"({_CONTAINED} and closed_at is not null and (closed_at <= {_NOW} - {_DURABLE} or {_BACK}))"
)

ENDING = f"""
    case when not {ATTENDED} then null
         when handed > 0 then 'handed_off'
         when taken_at is not null then 'taken_over'
         when not {_OVER} then 'going_on'
         when waits then 'abandoned'
         else 'contained' end
"""
"""How a session ended; ``:now`` is when this is asked."""

UNHAPPY = "(coalesce(mood <= -300, false) or coalesce(rating <= 2, false))"


def _times(condition: str) -> str:
    return f"count(*) filter (where {condition})"


OUTCOMES = f"""
    count(*) as sessions, {_times(ATTENDED)} as attended, {_times(_CONTAINED)} as contained,
    {_times(f"{_ALONE} and {_OVER} and waits")} as abandoned,
    {_times("handed > 0")} as handed_off,
    {_times(f"{ATTENDED} and handed = 0 and taken_at is not null")} as taken_over,
    {_times(f"{_ALONE} and not {_OVER}")} as going_on,
    {_times(f"{ATTENDED} and closed_at is not null")} as closed,
    {_times(f"{ATTENDED} and closed_at is not null and {_BACK}")} as reopened,
    {_times(_MATURED)} as matured, {_times(f"{_MATURED} and not {_BACK}")} as durable,
    cast(coalesce(sum(replied + handed), 0) as bigint) as replies
"""
"""Columns of ``Outcomes``."""

RATED = """
    count(rating) as rated, cast(coalesce(sum(rating), 0) as bigint) as rating_total,
    count(*) filter (where rating >= 4) as satisfied
"""
"""Columns of ``Satisfaction``."""

ANSWERED = """
    cast(coalesce(sum(answers), 0) as bigint) as answers,
    cast(coalesce(sum(answered_ms), 0) as bigint) as answered_ms
"""
"""Columns of the mean answer time."""

_COUNTS = (
    *("sessions", "attended", "contained", "abandoned", "handed_off", "taken_over", "going_on"),
    *("closed", "reopened", "matured", "durable", "replies"),
)


def outcomes(row: Any, *, reasons: Mapping[str, int], as_of: datetime) -> Outcomes:
    """Return the outcomes that a row's columns say."""
    counts = {name: getattr(row, name) for name in _COUNTS}
    return Outcomes(**counts, reasons=reasons, as_of=as_of)


def satisfaction(row: Any) -> Satisfaction:
    """Return the satisfaction that a row's columns say."""
    return Satisfaction(row.rated, row.rating_total, row.satisfied)


def mean(row: Any) -> Mean:
    """Return the mean answer time that a row's columns say."""
    return Mean(row.answers, row.answered_ms)
