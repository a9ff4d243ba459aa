"""How a cell of figures is read by people, and by charts and tests; pure."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from chatcrew.intents import plain
from chatcrew.web.console._shown import day, moment, money, named, number, percent, points, span
from chatcrew.why import channel, engine, function, reason, stage

Cell = str | int | float | date | datetime | None

NAMES = (
    "text",
    "name",
    "tenant",
    "reason",
    "stage",
    "engine",
    "function",
    "intent",
    "channel",
    "end",
    "day",
    "at",
)
"""Kinds of cells that say what a row is; all others are figures."""

_FIGURES: Mapping[str, Callable[[float, str], str]] = {
    "money": money,
    # What was measured took some time, be it less than can be shown
    "ms": lambda value, lang: span(value / 1000, lang) if value >= 1 else "< 1 ms",
    "points": points,
    "share": lambda value, lang: percent(value, lang, 0 if value in (0, 1) else 1),
    "score": lambda value, lang: number(value, lang, 2),
}
_WORDS: Mapping[str, Callable[[str, str], str]] = {
    "reason": reason,
    "stage": stage,
    "engine": engine,
    "function": function,
    "intent": plain,
    "channel": channel,
}


def raw(value: Cell) -> str | int | float:
    """Return a cell as charts and tests read it; days are seconds since 1970, "" is a gap."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, date):
        return datetime.combine(value, time.min, UTC).timestamp()
    return value


def cell(
    value: Cell,
    kind: str,
    t: Mapping[str, str],
    *,
    lang: str,
    names: Mapping[str, str],
    zone: ZoneInfo,
) -> str:
    """Return a cell as people read it.

    Args:
        value: of the cell.
        kind: ``count``, ``money`` (US dollars), ``ms``, ``share`` (of 1), ``points`` (of two
            shares), ``score``, or one of
            ``NAMES``; ``name:<prefix>`` takes the word ``<prefix>.<cell>``.
        t: words of the language.
        lang: ``pt-BR`` or ``en``.
        names: of the tenants, by key.
        zone: in which moments are told.
    """
    kind, _, prefix = kind.partition(":")
    if isinstance(value, date):
        return moment(value, zone, lang) if isinstance(value, datetime) else day(value, lang)
    if isinstance(value, int | float):
        return _FIGURES.get(kind, number)(value, lang)
    if kind not in NAMES:
        return "–" if value is None else value
    return _name(value, kind, prefix, t=t, lang=lang, names=names)


def _name(
    value: str | None,
    kind: str,
    prefix: str,
    *,
    t: Mapping[str, str],
    lang: str,
    names: Mapping[str, str],
) -> str:
    if not value:
        return t["figures.unnamed"]
    if kind == "name":
        return named(value, t, prefix)
    if kind == "end":
        return t["end.answered"] if value == "answered" else reason(value, lang)
    if kind == "tenant":
        return names.get(value, value)
    return _WORDS[kind](value, lang) if kind in _WORDS else value
