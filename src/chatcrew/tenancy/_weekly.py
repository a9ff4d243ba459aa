"""Reads weekly opening times as an admin writes them: ``seg-sex 08:00-12:00, 13:00-18:00``."""

import re
from dataclasses import dataclass

from chatcrew.tenancy._fold import folded

_DAYS = (
    ("mon", "seg"),
    ("tue", "ter"),
    ("wed", "qua"),
    ("thu", "qui"),
    ("fri", "sex"),
    ("sat", "sab"),
    ("sun", "dom"),
)
_POSITION = {word: day for day, words in enumerate(_DAYS) for word in words}
_TIME = re.compile(r"(\d{1,2}):([0-5]\d)")
_LINE = re.compile(r"(?P<days>[^\d:]+?)\s+(?P<times>\d.*)")
DAY = 24 * 60
"""Minutes of a day."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one minute of a day to another; beyond 24:00 it ends on the next day."""

    begin: int
    end: int


Week = tuple[tuple[Span, ...], ...]
"""The spans of each weekday, Monday first."""


def spans(text: str) -> tuple[Span, ...] | None:
    """Return ``08:00-12:00, 13:00-18:00`` as spans, None where it is no such thing.

    ``24:00`` is the end of a day; a time that closes before it opens, such as ``18:00-02:00``,
    closes on the next day.
    """
    found = []
    for part in text.split(","):
        times = [_minute(word) for word in part.strip().split("-")]
        if len(times) != 2 or times[0] is None or times[1] is None or times[0] == DAY:
            return None
        begin, end = times[0], times[1]
        if begin == end:
            return None
        found.append(Span(begin, end if end > begin else end + DAY))
    return tuple(found)


def week(lines: tuple[str, ...]) -> Week:
    """Return the spans of each weekday that any of the lines opens; unreadable lines open none."""
    days: list[list[Span]] = [[] for _ in _DAYS]
    for line in lines:
        named, times = weekly(line) or ((), ())
        for day in named:
            days[day].extend(times)
    return tuple(tuple(sorted(one, key=lambda span: span.begin)) for one in days)


def weekly(line: str) -> tuple[tuple[int, ...], tuple[Span, ...]] | None:
    """Return the weekdays of a line (Monday is 0) and its spans, None where it is no such thing.

    Days are English or Portuguese, one (``sab``), a list (``mon, wed``) or a range, which may go
    over Sunday (``sab-seg``).
    """
    found = _LINE.fullmatch(line.strip())
    times = None if found is None else spans(found["times"])
    if found is None or times is None:
        return None
    days: list[int] = []
    for part in found["days"].split(","):
        ends = [_POSITION.get(folded(word)) for word in part.split("-")]
        if len(ends) > 2 or None in ends:
            return None
        first, last = ends[0] or 0, ends[-1] or 0
        days += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return tuple(dict.fromkeys(days)), times


def _minute(word: str) -> int | None:
    found = _TIME.fullmatch(word.strip())
    if found is None:
        return None
    minute = int(found[1]) * 60 + int(found[2])
    return minute if minute <= DAY else None
