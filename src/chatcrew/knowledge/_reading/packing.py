"""From a document's blocks to passages of a size that is found well and read quickly."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from chatcrew.knowledge._reading.blocks import Block, Kind, Piece
from chatcrew.knowledge._reading.chunk import Chunk

LEAST, ENOUGH, MOST = 40, 120, 220
"""Words: a rest below the least joins what is before it; from enough on a passage ends at the next
block; with most it ends in any case."""
MOST_CHARS = 2_000
"""Characters of one passage, for text that has few spaces."""

_SENTENCE = re.compile(r"(?<=[.!?…:;])\s+|\n+")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is never cut.

    Attributes:
        text: what it says.
        mark: where it begins.
        joint: what stands between it and what is before it.
        starts: it begins a block.
        lead: the sentence that leads in the list it is in the middle of, or "".
        leads: it leads in what comes next, and stays with it.
    """

    text: str
    mark: str
    joint: str
    starts: bool = False
    lead: str = ""
    leads: bool = False

    @property
    def words(self) -> int:
        return _words(self.text)


def packed(blocks: Iterable[Block], *, title: str, expires: date | None = None) -> list[Chunk]:
    """Return passages: each lies under one heading, and every word stands in one of them.

    Words of headings stand in ``headings`` of what lies under them; a heading with nothing under
    it is a passage of its own.
    """
    chunks: list[Chunk] = []
    path: list[Block] = []
    section: list[Block] = []
    bare = False
    """The last heading has nothing under it yet."""

    def close(*, below: bool) -> None:
        nonlocal bare
        names = tuple(one.text for one in path)
        if section:
            chunks.extend(_section(section, names, title=title, expires=expires))
        elif bare and not below and names[-1:] != (title,):
            chunks.append(_bare(path[-1], names[:-1], title=title, expires=expires))
        section.clear()
        bare = False

    for block in blocks:
        if block.kind is not Kind.HEADING:
            section.append(block)
            continue
        close(below=bool(path) and block.level > path[-1].level)
        while path and path[-1].level >= block.level:
            path.pop()
        path.append(block)
        bare = True
    close(below=False)
    if path and not chunks:  # a document that is its title
        names = tuple(one.text for one in path)
        chunks.append(_bare(path[-1], names[:-1], title=title, expires=expires))
    return chunks


def _bare(block: Block, above: tuple[str, ...], *, title: str, expires: date | None) -> Chunk:
    mark = block.pieces[0].mark
    return Chunk(block.text, title, mark, _without(above, title), expires)


def _without(names: tuple[str, ...], title: str) -> tuple[str, ...]:
    """Return headings without one that is the title again."""
    return names[1:] if names[:1] == (title,) else names


def _section(
    blocks: Sequence[Block], names: tuple[str, ...], *, title: str, expires: date | None
) -> Iterator[Chunk]:
    groups = _groups(list(_units(blocks)))
    asked = names[-1] if names and names[-1].endswith("?") and len(groups) == 1 else None
    for group in groups:
        first = group[0]
        headings = _without(names, title)
        yield Chunk(
            text=_joined(group),
            title=title,
            source_mark=first.mark,
            headings=(*headings, first.lead) if first.lead else headings,
            expires=expires,
            question=asked,
        )


def _joined(group: Sequence[_Unit]) -> str:
    return group[0].text.lstrip() + "".join(one.joint + one.text for one in group[1:])


def _groups(units: Sequence[_Unit]) -> list[list[_Unit]]:
    """Return the units as passages."""
    groups: list[list[_Unit]] = []
    count = length = 0
    for place, unit in enumerate(units):
        words, chars = unit.words, len(unit.text)
        if unit.leads and place + 1 < len(units):
            words += units[place + 1].words
            chars += len(units[place + 1].text)
        full = count + words > MOST or length + chars > MOST_CHARS
        led = bool(groups) and groups[-1][-1].leads
        if not groups or ((full or (unit.starts and count >= ENOUGH)) and not led):
            groups.append([])
            count = length = 0
        groups[-1].append(unit)
        count, length = count + unit.words, length + len(unit.text)
    if len(groups) > 1 and count < LEAST:
        before = groups[-2]
        rest = sum(one.words for one in before) + count
        chars = sum(len(one.text) for one in before) + length
        if rest <= MOST + LEAST and chars <= MOST_CHARS:
            before.extend(groups.pop())
    return groups


def _units(blocks: Sequence[Block]) -> Iterator[_Unit]:
    before = ""
    for place, block in enumerate(blocks):
        coming = blocks[place + 1].kind if place + 1 < len(blocks) else None
        leads = block.kind is Kind.TEXT and coming in (Kind.LIST, Kind.TABLE) and _leads(block.text)
        lead = before if block.kind in (Kind.LIST, Kind.TABLE) else ""
        first = True
        for piece in block.pieces:
            for unit in _cut(piece):
                inner = unit.joint or ("\n\n" if first else "\n")
                held = "" if first else lead
                yield replace(unit, joint=inner, starts=first, lead=held, leads=leads)
                first = False
        before = block.text if leads else ""


def _leads(text: str) -> bool:
    return text.rstrip().endswith(":") and _words(text) <= LEAST


def _cut(piece: Piece) -> Iterator[_Unit]:
    """Yield a piece whole where it is not too long, else sentence by sentence, else by words."""
    text = piece.text.strip("\n").rstrip()  # what an item is indented by says what it belongs to
    if not text:
        return
    if _fits(text):
        yield _Unit(text, piece.mark, "")
        return
    joint = ""
    for part in _parts(text):
        yield _Unit(part, piece.mark, joint)
        joint = " "


def _fits(text: str) -> bool:
    return len(text) <= MOST_CHARS and _words(text) <= MOST


def _parts(text: str) -> Iterator[str]:
    """Yield sentences, as many together as make half a passage."""
    held = ""
    for sentence in _SENTENCE.split(text):
        for part in (sentence,) if _fits(sentence) else _by_words(sentence):
            both = f"{held} {part}" if held else part
            if held and (_words(both) > ENOUGH or len(both) > MOST_CHARS // 2):
                yield held
                both = part
            held = both
    if held:
        yield held


def _by_words(text: str) -> Iterator[str]:
    held: list[str] = []
    length = 0
    for found in _WORD.finditer(text):
        word = found.group()
        for part in (word[at : at + MOST_CHARS] for at in range(0, len(word), MOST_CHARS)):
            if held and (len(held) >= ENOUGH or length + len(part) > MOST_CHARS // 2):
                yield " ".join(held)
                held, length = [], 0
            held.append(part)
            length += len(part) + 1
    if held:
        yield " ".join(held)


def _words(text: str) -> int:
    return len(text.split())
