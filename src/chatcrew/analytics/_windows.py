"""Which days of a scope are read added up, and which moments have to be read turn by turn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """How a scope is read for the tenants of one timezone; no moment is read twice.

    Attributes:
        zone: IANA name.
        first: first day that is read added up.
        last: first day that is not any more.
        head: moments before it, from the beginning of the scope, are read turn by turn.
        tail: and those from it to the end of the scope.
    """

    zone: str
    first: date
    last: date
    head: datetime
    tail: datetime


def windows(
    zones: Iterable[str], *, since: datetime, until: datetime, mark: datetime | None
) -> list[Window]:
    """Return a window for each timezone.

    Args:
        zones: IANA names.
        since: first moment of the scope.
        until: first moment after it.
        mark: everything before it is added up; None: nothing is.
    """
    return [_window(zone, since=since, until=until, mark=mark) for zone in zones]


def begins(day: date, zone: str) -> datetime:
    """Return the first moment of a day of a calendar, UTC.

    Where clocks go forward at midnight, the wall time that there is not is the moment they do.
    """
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _window(zone: str, *, since: datetime, until: datetime, mark: datetime | None) -> Window:
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    first = _first_whole(since, zone)
    if mark is None:
        return Window(zone, first, first, until, until)
    last, rest = date.max, mark
    if until < mark:
        last = until.astimezone(ZoneInfo(zone)).date()
        rest = begins(last, zone)
    beginning = begins(first, zone)
    return Window(
        zone,
        first,
        max(first, last),
        head=min(beginning, until),
        tail=min(max(rest, beginning), until),
    )


def _first_whole(since: datetime, zone: str) -> date:
    """Return the first day none of which is before ``since``."""
    day = since.astimezone(ZoneInfo(zone)).date()
    return day if begins(day, zone) >= since else day + _DAY
