"""Advice about what an author left behind: an example's addresses, curly quotes, odd hours."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from chatcrew.tenancy._domains.rules import DomainFile
from chatcrew.tenancy._faults.fault import Fault, YamlPath
from chatcrew.tenancy._reading.document import Document

EXAMPLES = frozenset({"cosmetics/bella", "health/varizemed", "jobs/sophie", "sales/timmy"})
"""Tenants that come with the product: in their files made-up addresses are at home."""

_OPENING, _CLOSING, _CURLY = "“‘«", "”’»", "“”‘’«»"
_MADE_UP = re.compile(
    # RFC 2606: nobody can own such a name; 5555 01xx: kept free for stories
    r"(?P<host>(?:[a-z0-9-]+\.)+example)\b|(?P<phone>\(\d\d\)\s?9?5555-01\d\d)",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?<![\d:,.])(?P<hour>\d{1,2})(?:\s?h(?:oras?)?(?P<past>\d{2})?(?!\w)|:(?P<minute>\d{2})h?)"
    r"(?!\s?[ap]\.?m\b)",
    re.IGNORECASE,
)
_TO = re.compile(r"\s*(?:até\s+)?(?:às|as|à|a|o|to|until|-|–|—)?\s*", re.IGNORECASE)
_NIGHT = re.compile(r"madrugada|dia seguinte|noite toda|overnight|next day", re.IGNORECASE)
_EARLY = 6 * 60
"""Minutes of the day up to which a bar or a bakery may close, having opened the evening before."""


def leftover_warnings(key: str, files: Sequence[DomainFile]) -> Iterator[Fault]:
    """Tell what customers should not read: addresses of an example, quotes meant for YAML.

    Args:
        key: whose files they are: ``domain/name``.
        files: its own first.
    """
    for file in files:
        texts = list(_texts(file.document.data))
        if key not in EXAMPLES:
            yield from _example_left(file.document, texts)
        for path, text in texts:
            if _curly(text):
                yield file.document.fault("curly_quotes", path, word=text[:40])
        hours = file.document.data.get("hours")
        if isinstance(hours, str):
            yield from _hours(file.document, hours)


def _texts(value: Any, path: YamlPath = ()) -> Iterator[tuple[YamlPath, str]]:
    """Yield every text of a file with its place."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _texts(one, (*path, key))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _texts(one, (*path, place))


def _example_left(document: Document, texts: Sequence[tuple[YamlPath, str]]) -> Iterator[Fault]:
    """Name each made-up address once, with all its lines."""
    places: dict[str, list[YamlPath]] = defaultdict(list)
    for path, text in texts:
        for found in _MADE_UP.finditer(text):
            places[found.group().lower()].append(path)
    for contact, paths in places.items():
        lines = sorted({document.line(path) for path in paths})
        said = ", ".join(map(str, lines))
        yield document.fault("example_left", paths[0], word=contact, lines=said)


def _curly(text: str) -> bool:
    """Say whether curly quotes stand around a text, as a word processor puts them for straight."""
    signs = [sign for sign in text if sign in _CURLY]
    opened, closed = text[:1] in _OPENING, text[-1:] in _CLOSING
    whole = opened and closed and len(signs) == 2
    # A list of quoted texts is cut at their commas
    return bool(text) and (whole or (len(signs) == 1 and (opened or closed) and len(text) > 1))


def _hours(document: Document, text: str) -> Iterator[Fault]:
    """Tell times that no clock shows, and a closing time before the opening one."""
    times = list(_CLOCK.finditer(text))
    odd = [found.group().strip() for found in times if not _shown(found)]
    for word in odd:
        yield document.fault("odd_time", ("hours",), word=word)
    if odd or _NIGHT.search(text):
        return
    for opens, closes in pairwise(times):
        between = text[opens.end() : closes.start()]
        if between.strip() and _TO.fullmatch(between) and _EARLY < _at(closes) <= _at(opens):
            word = text[opens.start() : closes.end()]
            yield document.fault("closes_first", ("hours",), word=word)


def _shown(time: re.Match[str]) -> bool:
    """Say whether a clock shows it; 24h is midnight, or all day long."""
    hour, minute = int(time["hour"]), int(time["past"] or time["minute"] or 0)
    return minute < 60 and (hour < 24 or (hour == 24 and not minute))


def _at(time: re.Match[str]) -> int:
    return int(time["hour"]) * 60 + int(time["past"] or time["minute"] or 0)
