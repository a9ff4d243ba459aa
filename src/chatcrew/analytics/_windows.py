"""Which thirds of months and days of a scope are read added up, and what is read one by one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
        third_first: of these days, first one of the thirds of months that are read added up.
        third_last: first one that is read as a day again.
    """

    zone: str
    first: date
    last: date
    head: datetime
    tail: datetime
    third_first: date
    third_last: date

    def by_day(self) -> "Window":
        """Return the same without thirds, for who asks for days."""
        return replace(self, third_last=self.third_first)


@dataclass(frozen=True, slots=True)
class Thirds:
    """How sessions of a scope are read: added up by UTC's thirds of months, or one by one.

    Attributes:
        first: first day of the thirds that are read added up.
        last: first day that is not any more.
        head: sessions before it are read one by one.
        tail: and those from it on.
    """

    first: date
    last: date
    head: datetime
    tail: datetime


def windows(
    zones: Iterable[str],
    *,
    since: datetime,
    until: datetime,
    mark: datetime | None,
    gathered: date | None = None,
) -> list[Window]:
    """Return a window for each timezone.

    Args:
        zones: IANA names.
        since: first moment of the scope.
        until: first moment after it.
        mark: everything before it is added up; None: nothing is.
        gathered: days before it are added up by thirds of months; None: none are.
    """
    found = []
    for zone in zones:
        first, last, head, tail = _days(zone, since=since, until=until, mark=mark)
        begin = next_third(first - _DAY)
        end = begin if gathered is None else max(begin, third_of(min(last, gathered)))
        found.append(Window(zone, first, last, head, tail, begin, end))
    return found


def thirds(
    *, since: datetime, until: datetime, newest: datetime | None, made: bool = True
) -> Thirds:
    """Return how the sessions of a scope are read where all are added up.

    Args:
        since: first moment of the scope.
        until: first moment after it.
        newest: when the youngest session there is began; a third that goes on beyond the scope
            is read added up where nothing began after it.
        made: what is added up may be read.
    """
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    first = next_third(_first_whole(since, "UTC") - _DAY)
    if not made:
        return Thirds(first, first, head=until, tail=until)
    if newest is None or newest < until:
        return Thirds(first, date.max, head=min(begins(first, "UTC"), until), tail=until)
    last = max(first, third_of(until.date()))
    head = min(begins(first, "UTC"), until)
    return Thirds(first, last, head=head, tail=min(max(begins(last, "UTC"), head), until))


def third_of(day: date) -> date:
    """Return the first day of a third of a month: its 1st, 11th or 21st."""
    return day.replace(day=1 + 10 * min((day.day - 1) // 10, 2))


def next_third(day: date) -> date:
    """Return the first day of the third after the one of a day."""
    return third_of(third_of(day) + 11 * _DAY)


def begins(day: date, zone: str) -> datetime:
    """Return the first moment of a day of a calendar, UTC.

    Where clocks go forward at midnight, the wall time that there is not is the moment they do.
    """
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _days(
    zone: str, *, since: datetime, until: datetime, mark: datetime | None
) -> tuple[date, date, datetime, datetime]:
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    first = _first_whole(since, zone)
    if mark is None:
        return first, first, until, until
    last, rest = date.max, mark
    if until < mark:
        last = until.astimezone(ZoneInfo(zone)).date()
        rest = begins(last, zone)
    beginning = begins(first, zone)
    return first, max(first, last), min(beginning, until), min(max(rest, beginning), until)


def _first_whole(since: datetime, zone: str) -> date:
    """Return the first day none of which is before ``since``."""
    day = since.astimezone(ZoneInfo(zone)).date()
    return day if begins(day, zone) >= since else day + _DAY
