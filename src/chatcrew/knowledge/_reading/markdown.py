"""Markdown as blocks: its structure by CommonMark, its words as they stand in the file."""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from chatcrew.knowledge._reading.blocks import Block, Kind, Piece, heading, paragraph, row_text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_HASHES = re.compile(r"^ {0,3}#{1,6}[ \t]+|[ \t]+#+[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,}).*$")
_CELL = re.compile(r"(?<!\\)\|")
_INDENT = re.compile(r"^[ \t]*")


@cache
def _parser() -> "MarkdownIt":
    """Return what finds blocks: what stands inside a line is not looked at."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - ingress loads this and reads no document

    parser = MarkdownIt("commonmark").enable("table")
    parser.disable(["inline"])
    return parser


def markdown_blocks(text: str, *, first: int = 1) -> Iterator[Block]:
    r"""Yield the blocks of a Markdown text; every line of it is in one of them.

    Comments of its author (``<!-- … -->``) are left out.

    Args:
        text: with ``\n`` at each line's end.
        first: the line of the file it begins at.
    """
    text = _uncommented(text)
    lines = text.split("\n")
    at = 0
    for group in _top(_parser().parse(text)):
        opening = group[0]
        begin, end = opening.map or (at, at)
        # what no block claims (a reference's definition) is a paragraph
        yield from _plain(lines, at, begin, first)
        yield from _block(group, lines, first)
        at = max(at, end)
    yield from _plain(lines, at, len(lines), first)


def _uncommented(text: str) -> str:
    """Return a text without its author's comments; every line stays where it is."""
    parts: list[str] = []
    at = 0
    while (begin := text.find("<!--", at)) >= 0 and (end := text.find("-->", begin)) >= 0:
        parts += [text[at:begin], "\n" * text.count("\n", begin, end)]
        at = end + 3
    return "".join((*parts, text[at:]))


def _top(tokens: list["Token"]) -> Iterator[list["Token"]]:
    """Yield the tokens of each block that lies in no other."""
    group: list[Token] = []
    for token in tokens:
        group.append(token)
        if token.level == 0 and token.nesting <= 0 and token.type != "inline":
            yield group
            group = []


def _plain(lines: list[str], begin: int, end: int, first: int) -> Iterator[Block]:
    held = [line.strip() for line in lines[begin:end]]
    while held and not held[0]:
        held, begin = held[1:], begin + 1
    said = "\n".join(held).strip()
    if said:
        yield paragraph(said, f"L{begin + first}")


def _block(group: list["Token"], lines: list[str], first: int) -> Iterator[Block]:
    kind, (begin, end) = group[0].type, group[0].map or (0, 0)
    mark = f"L{begin + first}"
    if kind == "heading_open":
        yield from _heading(group[0], lines[begin:end], mark)
    elif kind in ("bullet_list_open", "ordered_list_open"):
        yield Block(Kind.LIST, tuple(_items(group, lines, first)))
    elif kind == "table_open":
        yield from _table(group, lines, first)
    elif kind == "fence":
        inside = [line for line in lines[begin:end] if not _FENCE.match(line)]
        yield from _plain(["", *inside], 0, len(inside) + 1, begin + first)
    elif kind != "hr":
        yield from _plain(lines, begin, end, first)


def _heading(token: "Token", lines: list[str], mark: str) -> Iterator[Block]:
    if token.markup in ("=", "-"):  # underlined
        said = " ".join(line.strip() for line in lines[:-1])
    else:
        said = _HASHES.sub("", " ".join(lines)).strip().strip("#").strip()
    if said:
        yield heading(said, int(token.tag[1:]), mark)


def _items(group: list["Token"], lines: list[str], first: int) -> Iterator[Piece]:
    """Yield the items of a list with all that belongs to each, lists inside it too."""
    for token in group:
        if token.type == "list_item_open" and token.level == 1 and token.map:
            begin, end = token.map
            own = lines[begin:end]
            indent = min((_indent(line) for line in own if line.strip()), default=0)
            said = "\n".join(line[indent:].rstrip() for line in own if line.strip())
            if said:
                yield Piece(said, f"L{begin + first}")


def _indent(line: str) -> int:
    found = _INDENT.match(line)
    return len(found.group()) if found else 0


def _table(group: list["Token"], lines: list[str], first: int) -> Iterator[Block]:
    """Yield a table's rows, each with its columns' names; a table of a header only is a text."""
    rows = [token.map[0] for token in group if token.type == "tr_open" and token.map]
    header, *body = [_cells(lines[row]) for row in rows]
    if not body:
        yield paragraph("; ".join(cell for cell in header if cell), f"L{rows[0] + first}")
        return
    pieces = [
        Piece(row_text(header, cells), f"L{row + first}")
        for row, cells in zip(rows[1:], body, strict=True)
    ]
    yield Block(Kind.TABLE, tuple(piece for piece in pieces if piece.text))


def _cells(line: str) -> list[str]:
    inside = line.strip()
    inside = inside.removeprefix("|")
    if inside.endswith("|") and not inside.endswith("\\|"):
        inside = inside[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _CELL.split(inside)]
