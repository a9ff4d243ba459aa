"""A text without marks as blocks: paragraphs, lists and what looks like a heading."""

import re
from collections.abc import Iterator, Sequence

from chatcrew.knowledge._reading.blocks import Block, Kind, Piece, heading, paragraph

Line = tuple[str, str]
"""A line and its mark."""

_ITEM = re.compile(r"(?:[-*•·–▪◦‣]|\d{1,3}[.)]|[a-z]\))\s+\S")
_NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})[.)]?\s+\S")
_ENDS = (".", "!", ";", ",", ":", "…")
_MOST_WORDS = 12


def plain_blocks(text: str, *, first: int = 1) -> Iterator[Block]:
    """Yield the blocks of a text; every line of it is in one of them."""
    lines = [(line.strip(), f"L{number}") for number, line in enumerate(text.split("\n"), first)]
    for group in _paragraphs(lines):
        yield from _grouped(group)


def _paragraphs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in lines:
        if line[0]:
            group.append(line)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _grouped(group: list[Line]) -> Iterator[Block]:
    """Yield what lines without an empty one between them are."""
    text, mark = group[0]
    if len(group) == 1 and titled(text):
        yield heading(text.strip("=-_ ") or text, _level(text), mark)
        return
    if len(group) > 1 and set(group[1][0]) <= {"=", "-", "_"} and len(text) <= 100:
        yield heading(text, 1 if group[1][0][0] == "=" else 2, mark)
        if group[2:]:
            yield from _grouped(group[2:])
        return
    begins = [bool(_ITEM.match(line)) for line, _ in group]
    at = begins.index(True) if True in begins else len(group)
    if at:
        yield paragraph("\n".join(line for line, _ in group[:at]), mark)
    if at < len(group):
        yield Block(Kind.LIST, tuple(_items(group[at:])))


def _items(lines: Sequence[Line]) -> Iterator[Piece]:
    held: list[str] = []
    begun = ""
    for text, mark in lines:
        if _ITEM.match(text) and held:
            yield Piece("\n".join(held), begun)
            held = []
        begun = begun if held else mark
        held.append(text)
    yield Piece("\n".join(held), begun)


def titled(text: str) -> bool:
    """Say whether a line that stands alone is a heading: few words that are no sentence."""
    words = text.split()
    if not 0 < len(words) <= _MOST_WORDS or text.endswith(_ENDS) or len(text) > 100:
        return False
    if text.isupper() or text.endswith("?"):
        return any(sign.isalpha() for sign in text)
    if _NUMBERED.match(text):
        return len(words) > 1
    return False


def _level(text: str) -> int:
    found = _NUMBERED.match(text)
    return 2 + found["number"].count(".") if found else 1 if text.isupper() else 2
