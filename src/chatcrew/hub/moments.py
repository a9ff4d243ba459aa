"""When a reminder is meant for: "2h", "amanhã 9h", "25/11 14:30", read from its first words."""

import re
from datetime import datetime, timedelta

_SPAN = re.compile(r"(\d{1,4})(min|m|h|hora|horas|d|dia|dias)")
_CLOCK = re.compile(r"(\d{1,2})(?:h(\d{2})?|:(\d{2}))")
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_LONGEST = timedelta(days=366)
_MORNING = (9, 0)
_SMALL = frozenset({"em", "daqui", "a", "as", "às", "dia", "in", "at", "on"})


def moment(text: str, now: datetime) -> tuple[datetime, int] | None:
    """Return the moment that a text begins with and how many words say it, or None.

    Args:
        text: folded: no accents, lower case.
        now: in the time zone that is meant.
    """
    words = text.split()
    start = 0
    while start < len(words) and words[start] in _SMALL:
        start += 1
    if start == len(words):
        return None
    span = _SPAN.fullmatch(words[start])
    if span is not None:
        at = now + timedelta(**{_UNITS[span[2][0]]: int(span[1])})
        return _if_ahead(at, start + 1, now)
    day = _day(words[start], now)
    used = start + (day is not None)
    while day is not None and used < len(words) and words[used] in _SMALL:
        used += 1
    clock = _CLOCK.fullmatch(words[used]) if used < len(words) else None
    if clock is None and day is None:
        return None
    hour, minute = (int(clock[1]), int(clock[2] or clock[3] or 0)) if clock else _MORNING
    if hour > 23 or minute > 59:
        return None
    at = (day or now).replace(hour=hour, minute=minute, second=0, microsecond=0)
    if day is None and at <= now:
        at += timedelta(days=1)
    return _if_ahead(at, used + (clock is not None), now)


def _day(word: str, now: datetime) -> datetime | None:
    if word in ("hoje", "today"):
        return now
    if word in ("amanha", "tomorrow"):
        return now + timedelta(days=1)
    found = _DAY.fullmatch(word)
    if found is None:
        return None
    try:
        day = now.replace(day=int(found[1]), month=int(found[2]), year=int(found[3] or now.year))
        if found[3] is None and day.date() < now.date():
            day = day.replace(year=day.year + 1)
    except ValueError:
        return None
    return day


def _if_ahead(at: datetime, used: int, now: datetime) -> tuple[datetime, int] | None:
    return (at, used) if now < at <= now + _LONGEST else None
