"""PDFs as blocks: what stands on the pages in reading order, larger lines as headings."""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import orjson

from chatcrew.errors import DocumentError
from chatcrew.knowledge._reading.blocks import Block, heading, paragraph
from chatcrew.knowledge._reading.plain import titled
from chatcrew.knowledge._reading.text import tidy

MOST_PAGES = 2_000
_SECONDS = 180.0
_READER = Path(__file__).with_name("pdf_lines.py")

_LARGER = 1.15
"""Times the body's height, from which on a line is a heading."""
_GAP = 0.75
"""Heights between two lines, from which on a paragraph ends."""
_SHORT = 0.8
"""A line that ends before this share of the page's width was ended on purpose."""
_HYPHEN = "\x02\ufffe\xad"
"""What PDFium puts where a word was divided at a line's end, and goes on in the same line."""
_DIVIDED = re.compile(f"[{_HYPHEN}](?=feira|[^\\W\\d_](?<=[A-ZÀ-Þ])|\\d)")
"""A hyphen that belongs to the word: segunda-feira, Wi-Fi, FPS-50."""
_NUMBER = re.compile(r"(?:p[áa]g(?:ina|\.)?|page)?\s*\d{1,4}(?:\s*(?:/|de|of)\s*\d{1,4})?", re.I)
_LEADERS = re.compile(r"\s*(?:\.\s?){5,}")
_DIGITS = re.compile(r"\d+")
_MOST_HEADING_WORDS = 14
_EDGE = 2
"""Lines at a page's top and bottom among which running titles are looked for."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page; lengths in points.

    Attributes:
        text: what it says.
        height: of its signs.
        top: above the page's bottom.
        right: where it ends.
        page: from 1.
    """

    text: str
    height: float
    top: float
    right: float
    page: int


def pdf_lines(data: bytes) -> tuple[str, int, list[Line]]:
    """Return a PDF's own title, how many pages it has, and its lines in reading order.

    Raises:
        DocumentError: ``encrypted``, ``broken`` or ``too_long``.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own file, by the interpreter that runs us
            [sys.executable, "-I", str(_READER), str(MOST_PAGES)],
            input=data,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env={},
        )
        head, *pages = [orjson.loads(line) for line in done.stdout.splitlines()]
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise DocumentError("broken", word="PDF") from error
    if done.returncode or "fault" in head:
        fault = head.get("fault", "broken")
        raise DocumentError(fault, word="PDF", number=MOST_PAGES)
    lines = [
        Line(_whole(text), round(height * 2) / 2, top, right, number)
        for number, page in enumerate(pages, 1)
        for text, height, top, right in page
    ]
    return tidy(head["title"]).strip(), head["pages"], lines


def _whole(text: str) -> str:
    """Return a line without dots that only lead the eye, its divided words made whole."""
    return _LEADERS.sub(" … ", _DIVIDED.sub("-", text))


def pdf_blocks(lines: Sequence[Line]) -> Iterator[Block]:
    """Yield the blocks of a PDF's lines; a paragraph may go on over a page's end."""
    kept = _without_edges(lines)
    if not kept:
        return
    body = _body_height(kept)
    larger = Counter(one.height for one in kept if one.height >= body * _LARGER)
    levels = {height: min(place, 3) for place, height in enumerate(sorted(larger, reverse=True), 1)}
    width = max(one.right for one in kept)
    held: list[Line] = []
    for line in kept:
        level = _level(line, levels, held)
        headed = bool(held) and _level(held[0], levels, ()) > 0
        if level and headed and held[0].height == line.height and not _breaks(held[-1], line):
            held.append(line)  # a heading of two lines
            continue
        if held and (level or headed or _breaks(held[-1], line)):
            yield from _said(held, levels, width)
            held = []
        held.append(line)
    yield from _said(held, levels, width)


def _level(line: Line, levels: dict[float, int], before: Sequence[Line]) -> int:
    """Return which heading a line is, 0 for none."""
    words = len(line.text.split())
    if line.height in levels and words <= _MOST_HEADING_WORDS:
        return levels[line.height]
    alone = not before or _breaks(before[-1], line)
    return 3 if alone and line.text.isupper() and titled(line.text) else 0


def _breaks(before: Line, line: Line) -> bool:
    """Say whether a paragraph ends between two lines."""
    ended = before.text.rstrip().endswith((".", "!", "?", ":", ";"))
    if before.page != line.page or line.top > before.top:  # the next page, the next column
        return ended or before.height != line.height
    gap = before.top - before.height - line.top
    return gap > _GAP * min(before.height, line.height)


def _said(held: Sequence[Line], levels: dict[float, int], width: float) -> Iterator[Block]:
    mark = f"p{held[0].page}"
    level = _level(held[0], levels, ())
    if level:
        said = tidy(" ".join(one.text for one in held)).strip()
        if said:
            yield heading(said, level, mark)
        return
    text = ""
    for place, line in enumerate(held):
        text += line.text
        if place + 1 == len(held):
            break
        if text[-1] in _HYPHEN:
            text = text[:-1]
        elif text[-1] != "-" or not held[place + 1].text[:1].islower():
            text += "\n" if line.right < _SHORT * width else " "
    said = tidy(text).strip()
    if said:
        yield paragraph(said, mark)


def _body_height(lines: Sequence[Line]) -> float:
    heights: Counter[float] = Counter()
    for line in lines:
        heights[line.height] += len(line.text)
    return heights.most_common(1)[0][0]


def _without_edges(lines: Sequence[Line]) -> list[Line]:
    """Return lines without page numbers and without what runs along the pages' edges."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    edges = {page: {*held[:_EDGE], *held[-_EDGE:]} for page, held in pages.items()}
    seen = Counter(chain.from_iterable({_bare(one) for one in edge} for edge in edges.values()))
    often = max(3, len(pages) * 0.6)
    return [
        line
        for line in lines
        if line not in edges[line.page]
        or not (_NUMBER.fullmatch(line.text.strip(" -–—")) or seen[_bare(line)] >= often)
    ]


def _bare(line: Line) -> str:
    return _DIGITS.sub("0", line.text)
