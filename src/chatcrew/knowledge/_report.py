"""What a business's knowledge says twice, says in two ways, or no longer says."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chatcrew.intents import fold
from chatcrew.knowledge._analysis import ROOT, counted

SOON = timedelta(days=30)
"""What expires within so many days is told ahead."""
_ALIKE = 0.6
"""Likeness of two titles, or of two texts without their figures, that are about the same thing."""
_SAME = 0.85
"""Likeness of two texts that say the same."""
_COMMON = 40
"""A word in so many passages says nothing about what two of them have in common."""
_MOST = 200

_FIGURES: Mapping[str, re.Pattern[str]] = {
    "price": re.compile(r"r\$ ?\d[\d.]*(?:,\d{2})?|\d[\d.]*(?:,\d{2})? ?reais"),
    "percent": re.compile(r"\d+(?:,\d+)? ?(?:%|por cento)"),
    "date": re.compile(r"\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b|\b\d{4}-\d{2}-\d{2}\b"),
    "hours": re.compile(r"\b\d{1,2} ?h(?: ?\d{2})?\b|\b\d{1,2}:\d{2}\b"),
    "days": re.compile(r"\b\d+ ?(?:dias?|semanas?|mes(?:es)?|anos?)\b"),
}
_NOT_DIGITS = re.compile(r"\D+")


class Kind(StrEnum):
    """What is to be looked at."""

    CONTRADICTION = "contradiction"
    """Two places about the same thing have other prices, percentages, dates, hours or days."""
    DUPLICATE = "duplicate"
    """Two places say the same: one of them will be forgotten when it changes."""
    EXPIRED = "expired"
    """It is not given any more."""
    EXPIRES_SOON = "expires_soon"


@dataclass(frozen=True, slots=True)
class Said:
    """One passage or configured answer, as the report reads it.

    Attributes:
        source: where it stands.
        title: its question, or its title with the headings above it.
        text: what it says.
        expires: last day on which it holds, or None.
    """

    source: str
    title: str
    text: str
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that the admin should look at.

    Attributes:
        kind: what it is.
        sources: where it stands, one place or two.
        detail: which figures differ (``price: R$ 10 / R$ 12``), or the day.
    """

    kind: Kind
    sources: tuple[str, ...]
    detail: str = ""


_Side = tuple[Said, frozenset[str], frozenset[str]]
"""A passage with the stems of its title and of its text."""
_ROW = re.compile(r"[^:;\n]{1,60}: ([^;\n]+); [^:;\n]{1,60}: ")
"""A table's row, as it is read; its first cell says what it is about."""


def report(passages: Sequence[Said], *, today: date) -> list[Remark]:
    """Return what is to be looked at in a version's knowledge; CPU time, so call it in a thread.

    Args:
        passages: all of it.
        today: in the tenant's time zone.
    """
    found: list[Remark] = []
    for one in passages:
        if one.expires is not None and one.expires < today:
            found.append(Remark(Kind.EXPIRED, (one.source,), one.expires.isoformat()))
        elif one.expires is not None and one.expires <= today + SOON:
            found.append(Remark(Kind.EXPIRES_SOON, (one.source,), one.expires.isoformat()))
    alive = [one for one in passages if one.expires is None or one.expires >= today]
    titles = [_keys(one.title) for one in alive]
    texts = [_keys(one.text) for one in alive]
    for at, other in _near(titles, texts):
        one, two = alive[at], alive[other]
        pair = (one.source, two.source)
        differing = _differing(one.text, two.text)
        alike = likeness(texts[at], texts[other])
        # one word in common, as the name of a price table has it, makes no subject
        named = min(len(titles[at]), len(titles[other])) > 1
        about = likeness(titles[at], titles[other]) if named else 0.0
        if differing and _apart((one, titles[at], texts[at]), (two, titles[other], texts[other])):
            continue
        if differing and (about >= _ALIKE or alike >= _ALIKE):
            found.append(Remark(Kind.CONTRADICTION, pair, differing))
        elif alike >= _SAME:
            found.append(Remark(Kind.DUPLICATE, pair))
    order = list(Kind)
    return sorted(found, key=lambda one: (order.index(one.kind), one.sources))[:_MOST]


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much two sets of stems have in common, 0..1 (Dice)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def figures(text: str) -> dict[str, frozenset[str]]:
    """Return the figures a text names, by kind, each in one spelling."""
    plain = text.casefold()
    found: dict[str, frozenset[str]] = {}
    for kind, pattern in _FIGURES.items():
        seen = frozenset(_one_spelling(kind, match) for match in pattern.findall(plain))
        if seen:
            found[kind] = seen
    return found


def _one_spelling(kind: str, figure: str) -> str:
    if kind == "price":
        whole, _, cents = figure.partition(",")
        digits = _NOT_DIGITS.sub("", whole)
        cents = _NOT_DIGITS.sub("", cents)
        return f"R$ {digits},{cents}" if cents.strip("0") else f"R$ {digits}"
    if kind == "hours":
        hour, _, minute = figure.replace(" ", "").replace("h", ":").partition(":")
        return f"{int(hour)}h{minute}" if minute not in ("", "00") else f"{int(hour)}h"
    if kind == "percent":
        return f"{figure.removesuffix('por cento').strip(' %')}%"
    return fold(figure) if kind == "days" else figure


def _differing(one: str, other: str) -> str:
    """Return the kinds of figures that both texts name and of which neither's are the other's."""
    mine, yours = figures(one), figures(other)
    return "; ".join(
        f"{kind}: {', '.join(sorted(mine[kind]))} / {', '.join(sorted(yours[kind]))}"
        for kind in mine
        if kind in yours and not (mine[kind] <= yours[kind] or yours[kind] <= mine[kind])
    )


def _apart(one: _Side, two: _Side) -> bool:
    """Say whether two passages are about two things: other rows of a table, other products.

    Each names something in its title that the other says nowhere, or the two titles are the same
    question about two things ("para pele oleosa", "para pele mista").
    """
    rows = _ROW.match(one[0].text), _ROW.match(two[0].text)
    if rows[0] and rows[1]:
        return fold(rows[0][1]) != fold(rows[1][1])
    shared = len(one[1] & two[1])
    if shared > 1 and len(one[1] - two[1]) == len(two[1] - one[1]) == 1:
        return True
    return not one[1] <= two[1] | two[2] and not two[1] <= one[1] | one[2]


def _keys(text: str) -> frozenset[str]:
    return frozenset(
        key for key in counted("", (), text) if not key.startswith(ROOT) and not key.isdigit()
    )


def _near(*sides: Sequence[frozenset[str]]) -> Iterator[tuple[int, int]]:
    """Yield the pairs that have a word in common which few others have."""
    seen: set[tuple[int, int]] = set()
    for side in sides:
        places: dict[str, list[int]] = defaultdict(list)
        for at, keys in enumerate(side):
            for key in keys:
                places[key].append(at)
        for key in sorted(places):
            held = places[key] if len(places[key]) <= _COMMON else ()
            seen.update((at, other) for n, at in enumerate(held) for other in held[n + 1 :])
    yield from sorted(seen)
