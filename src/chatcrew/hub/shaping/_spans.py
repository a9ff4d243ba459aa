"""What a bubble may not cut: codes to copy, links, prices, telephones, names after a title, lists.

Spans are places in one text, ``(start, end)``. Nothing here changes a text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from chatcrew.intents import pix_codes

Span = tuple[int, int]

URL = re.compile(r"(?:https?://|www\.)[^\s<>\"`|\\\[\]]+", re.IGNORECASE)
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}")
_LAST = ".,;:!?*_~'\"”’…"
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
# FEBRABAN: the line of a boleto is typed in, 47 digits, or 48 where it is a bill of utilities.
_BOLETO = r"\d{5}\.?\d{5} ?\d{5}\.?\d{6} ?\d{5}\.?\d{6} ?\d ?\d{14}|\d{11}-?\d(?: ?\d{11}-?\d){3}"
_COPIED = re.compile(rf"(?<![\w-])(?:{_UUID}|{_BOLETO})(?![\w-])")
_FENCE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n(?:.*\n)*?\1[`~]*[ ]*$", re.MULTILINE)
_CODE = re.compile(r"(?<!`)(`{1,2})(?!`)[^`\n]{1,400}\1(?!`)")
_LONG_CODE = 20
"""An inline code of as many characters and no white space is there to be copied."""

_TITLES = (
    "dr|dra|drs|sr|sra|srs|srta|prof|profa|profª|eng|av|rua|trav|pça|jd|tel|cel|ramal|ex|obs|pág|"
    "art|vol|núm|num|nro|cód|ltda|cia|apto|ap|bl|mr|mrs|ms|st|no|vs|min|máx|aprox"
)
ABBREVIATION = re.compile(rf"(?:\b(?:{_TITLES}|\w)|\bn[º°ª])\.$", re.IGNORECASE)
"""A full stop behind one of these ends no sentence; a single letter is an initial."""

_WHOLE = (
    # Markdown links and marked words: half of a mark is a stray asterisk
    re.compile(r"!?\[[^\]\n]{0,300}\]\([^)\s]{0,800}\)"),
    re.compile(r"\*\*[^*\n]{1,300}\*\*|(?<![\w*])\*[^*\n]{1,300}\*(?![\w*])"),
    re.compile(r"(?<![\w_])_{1,2}[^_\n]{1,300}_{1,2}(?![\w_])|~{1,2}[^~\n]{1,300}~{1,2}"),
    # amounts, with how often they are paid and for what
    re.compile(
        r"(?:\b\d{1,3}\s?x\s+(?:de\s+)?)?(?:R\$|US\$|\$|€|£)\s?\d[\d.,]{0,20}(?:\s+(?:mil|reais)\b)?",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b\d[\d.,]{0,20}\s(?:mil|reais|real|%|h|hs|horas?|min|minutos?|dias?|meses|m[eê]s|anos?|km|kg|"
        r"g|ml|cm|hours?|days?|weeks?|months?|years?|minutes?)\b",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![\w])\+?\(?\d[\d ().-]{6,24}\d(?!\w)"),
    re.compile(r"\bn(?:[º°ª]|\.[º°ª]?|o\.|ro\.?)\s?\d[\w./-]*", re.IGNORECASE),
    re.compile(rf"\b(?:(?:{_TITLES})\.\s+)+\w+", re.IGNORECASE),
)
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+\S")
_ROW = re.compile(r"[^\n]* · [^\n]*|\|.*\|\s*$")
_INTRODUCTION = 160
"""Longest line with a colon at its end that stays with the list it introduces."""


def copied(text: str) -> list[Span]:
    """Return the codes that a customer copies: Pix, random keys, boletos, blocks of code."""
    found = [(one.start, one.end) for one in pix_codes(text)]
    found += [one.span() for one in _COPIED.finditer(text)]
    found += [one.span() for one in _FENCE.finditer(text)]
    for one in _CODE.finditer(text):
        inside = one.group().strip("`").strip()
        if len(inside) >= _LONG_CODE and not re.search(r"\s", inside):
            found.append(one.span())
    return merged(found)


def links(text: str) -> Iterator[Span]:
    """Yield addresses of pages and of mailboxes, without the punctuation behind them."""
    for one in URL.finditer(text):
        start, end = one.span()
        while end > start and (text[end - 1] in _LAST or _unopened(text[start:end])):
            end -= 1
        yield start, end
    for one in EMAIL.finditer(text):
        yield one.span()


def _unopened(url: str) -> bool:
    return url.endswith(")") and url.count(")") > url.count("(")


def firm(text: str, *, limit: int) -> list[Span]:
    """Return what is cut only where it is longer than ``limit``, a whole message."""

    def fits(one: Span) -> bool:
        return one[1] - one[0] <= limit

    own = list(filter(fits, merged([*copied(text), *links(text)])))
    found = [*own]
    for pattern in (*_WHOLE, _CODE):
        spans = filter(fits, (one.span() for one in pattern.finditer(text)))
        # a mark that begins or ends inside of an address or a code is none
        found += [one for one in spans if not any(_tears(one, kept) for kept in own)]
    whole = list(filter(fits, merged(found)))
    return merged([*whole, *own])


def _tears(one: Span, kept: Span) -> bool:
    """Return whether one of the ends of a span lies inside of what is kept, and not both."""
    inside = [kept[0] < end < kept[1] for end in one]
    return any(inside) and not (kept[0] <= one[0] and one[1] <= kept[1])


def lists(text: str) -> list[Span]:
    """Return lists and tables with the line that introduces them."""
    found: list[Span] = []
    lines: list[tuple[int, str]] = []
    at = 0
    for line in text.split("\n"):
        lines.append((at, line))
        at += len(line) + 1
    start: int | None = None
    for number, (place, line) in enumerate(lines):
        if _ITEM.match(line) or _ROW.fullmatch(line):
            if start is None:
                start = _introduced(lines, number)
            continue
        indented = line[:1] in (" ", "\t") and line.strip()
        if start is not None and not indented:
            found.append((start, place - 1))
            start = None
    if start is not None:
        found.append((start, len(text)))
    return found


def _introduced(lines: Sequence[tuple[int, str]], number: int) -> int:
    """Return where a list begins: at the line above it if that one ends with a colon."""
    above = number - 1
    if above >= 0 and not lines[above][1].strip():
        above -= 1
    if above >= 0:
        line = lines[above][1].rstrip(" *_")
        if line.endswith(":") and len(line) <= _INTRODUCTION:
            return lines[above][0]
    return lines[number][0]


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order, those that overlap as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif end > start:
            found.append((start, end))
    return found
