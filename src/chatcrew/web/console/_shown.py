"""How times, sums, shares and names are shown in the console; pure."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from typing import Any

from chatcrew.intents import plain
from chatcrew.web.console._marked import marked
from chatcrew.why import channel, engine, function, headline, quiet, reason, rows, stage

_DASH = "–"


def number(value: float | None, language: str, digits: int = 0) -> str:
    """Return a figure with the language's own separators: 12.345,6 or 12,345.6."""
    if value is None:
        return _DASH
    text = f"{round(value, digits) + 0:,.{digits}f}"  # + 0: there is no minus nothing
    text = text.replace("-", "−")
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def money(value: float | None, language: str, currency: str = "USD") -> str:
    """Return a sum with as many digits as it takes to be none of zeros."""
    if value is None:
        return _DASH
    sign = {"USD": "US$", "BRL": "R$"}.get(currency, currency)
    digits = 4 if 0 < abs(value) < 0.1 else 2
    return f"{sign} {number(value, language, digits)}"


def percent(share: float | None, language: str, digits: int = 0) -> str:
    """Return a share of 1 in percent."""
    return _DASH if share is None else f"{number(share * 100, language, digits)} %"


def points(apart: float | None, language: str) -> str:
    """Return how far two shares of 1 are apart: no percent of either, but points."""
    if apart is None:
        return _DASH
    sign = "+" if round(apart * 100, 1) > 0 else ""
    unit = "pp" if language == "en" else "p.p."
    return f"{sign}{number(apart * 100, language, 1)} {unit}"


def span(seconds: float | None, language: str) -> str:
    """Return a length of time as people say it: 850 ms, 1,3 s, 12 min, 3 h 05, 4 d."""
    if seconds is None:
        return _DASH
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{number(seconds, language, 1 if seconds < 10 else 0)} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60:02d}"
    return f"{round(minutes / 1440)} d"


def moment(at: datetime | None, zone: tzinfo, language: str) -> str:
    """Return a date with its time of day."""
    if at is None:
        return _DASH
    form = "%b %d, %H:%M" if language == "en" else "%d/%m %H:%M"
    return at.astimezone(zone).strftime(form)


def clock(at: datetime | None, zone: tzinfo) -> str:
    """Return a time of day with its seconds."""
    return _DASH if at is None else f"{at.astimezone(zone):%H:%M:%S}"


def day(one: date | None, language: str) -> str:
    """Return a date."""
    if one is None:
        return _DASH
    return one.strftime("%b %d, %Y" if language == "en" else "%d/%m/%Y")


def named(name: str | None, words: Mapping[str, str], prefix: str) -> str:
    """Return the word for a short stable name; one that has none is shown readably itself."""
    if not name:
        return _DASH
    return words.get(f"{prefix}.{name}") or name.replace("_", " ").replace(":", ": ")


FILTERS: Mapping[str, Callable[..., Any]] = {
    "channel": channel,
    "clock": clock,
    "day": day,
    "engine": engine,
    "function": function,
    "headline": headline,
    "marked": marked,
    "moment": moment,
    "money": money,
    "named": named,
    "number": number,
    "percent": percent,
    "plain": plain,
    "quiet": quiet,
    "reason": reason,
    "rows": rows,
    "span": span,
    "stage": stage,
}
