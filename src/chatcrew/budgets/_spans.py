"""When hours, days and months begin and end where a business is; pure."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

EVER = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""Beginning and end of what is counted at this very moment."""


def span_of(span: str, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when the span that holds ``now`` began and when it ends, in UTC.

    Days and months are those of the business: midnight is its own, and a day on which clocks are
    changed has 23 or 25 hours.

    Raises:
        KeyError: no such span.
    """
    here = now.astimezone(zone)
    if span == "hour":
        begins = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return begins, begins + timedelta(hours=1)
    day = here.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if span == "day":
        after = (here.date() + timedelta(days=1)).isoformat()
        ends = datetime.fromisoformat(after).replace(tzinfo=zone)
        return day.astimezone(UTC), ends.astimezone(UTC)
    if span == "month":
        first = day.replace(day=1)
        coming = (first + timedelta(days=32)).replace(day=1)
        return first.astimezone(UTC), coming.astimezone(UTC)
    return {"now": (EVER, NEVER)}[span]


def forecast(
    used: float, *, since: datetime, until: datetime, now: datetime, known: datetime | None = None
) -> float:
    """Return what a span will have used at its end, at its present pace.

    The first day says too little about a month to be spread over it by the hour: it counts whole.
    Who began in the middle of a month has used nothing before: what he uses is not spread over it.

    Args:
        used: so far.
        since: when the span began.
        until: when it ends.
        now: this moment.
        known: when counting began; None: before the span did.
    """
    since = since if known is None else max(since, known)
    whole = (until - since).total_seconds()
    gone = (now - since).total_seconds()
    gone = min(whole, max(gone, min(whole, 86_400.0)))
    return used * whole / gone if gone > 0 else used
