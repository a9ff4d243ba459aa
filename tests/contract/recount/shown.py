"""How a figure stands on a page, written down once more: of the standard library alone."""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

DASH = "–"


def number(value: float, lang: str, digits: int = 0) -> str:
    """Return a figure with the separators of a language."""
    text = f"{abs(value):.{digits}f}"
    whole, _, rest = text.partition(".")
    groups = []
    while whole:
        whole, group = whole[:-3], whole[-3:]
        groups.insert(0, group)
    thousand, point = (",", ".") if lang == "en" else (".", ",")
    sign = "−" if round(value, digits) < 0 else ""
    return sign + thousand.join(groups) + (point + rest if rest else "")


def span(seconds: float, lang: str) -> str:
    """Return a length of time."""
    if seconds < 1:
        return f"{number(seconds * 1000, lang).replace('.', '').replace(',', '')} ms"
    if seconds < 10:
        return f"{number(seconds, lang, 1)} s"
    if seconds < 60:
        return f"{number(seconds, lang)} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return "{} h {:02}".format(*divmod(minutes, 60))
    return f"{round(minutes / 60 / 24)} d"


def money(value: float, lang: str, sign: str) -> str:
    """Return a sum; small ones have two digits more."""
    return f"{sign} {number(value, lang, 4 if 0 < abs(value) < 0.1 else 2)}"


def points(apart: float, lang: str) -> str:
    """Return how far two shares are apart."""
    sign = "+" if round(apart * 100, 1) > 0 else ""
    return f"{sign}{number(apart * 100, lang, 1)} {'pp' if lang == 'en' else 'p.p.'}"


KINDS: Mapping[str, Callable[[float, str], str]] = {
    "count": number,
    "times": lambda value, lang: f"{number(value, lang)}×",
    "ms": lambda value, lang: span(value / 1000, lang) if value >= 1 else "< 1 ms",
    "s": span,
    "blank": span,
    "percent": lambda value, lang: f"{number(value * 100, lang)} %",
    "share": lambda value, lang: f"{number(value * 100, lang, int(value not in (0, 1)))} %",
    "points": points,
    "score": lambda value, lang: number(value, lang, 2),
    "tenth": lambda value, lang: number(value, lang, 1),
    "money": lambda value, lang: money(value, lang, "US$"),
    "brl": lambda value, lang: money(value, lang, "R$"),
}
"""How figures of each kind are read; ``blank`` ones leave their place empty without a value."""


def shown(value: object, kind: str, *, lang: str, zone: str) -> str | None:
    """Return how a figure of a kind is read; None: it is a name, which other tests look at."""
    if kind in ("name", "text", "state") or (value is None and kind in ("next", "last")):
        return None
    if value is None:
        return "" if kind == "blank" else DASH
    if isinstance(value, date):
        return when(value, kind, lang=lang, zone=zone)
    assert isinstance(value, int | float), (value, kind)
    return KINDS[kind](value, lang)


def when(value: date, kind: str, *, lang: str, zone: str) -> str:
    """Return how a day or a moment is read."""
    if not isinstance(value, datetime):
        return f"{value:%b %d, %Y}" if lang == "en" else f"{value:%d/%m/%Y}"
    local = value.astimezone(ZoneInfo(zone))
    if kind == "clock":
        return f"{local:%H:%M:%S}"
    return f"{local:%b %d, %H:%M}" if lang == "en" else f"{local:%d/%m %H:%M}"


def same(told: str, wanted: object) -> bool:
    """Return whether the value that a page bears is the one that was recomputed."""
    if wanted is None:
        return told == ""
    if isinstance(wanted, datetime):
        return told != "" and float(told) == wanted.timestamp()
    if isinstance(wanted, date):
        return told != "" and float(told) == (wanted - date(1970, 1, 1)).days * 86400
    if isinstance(wanted, int):
        return told != "" and float(told) == wanted
    if isinstance(wanted, float):
        return told != "" and math.isclose(float(told), wanted, rel_tol=1e-12, abs_tol=1e-12)
    return told == wanted
