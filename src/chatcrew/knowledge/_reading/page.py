"""HTML as blocks: what a reader of the page sees, without its scripts, styles and navigation."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from chatcrew.knowledge._reading.blocks import Block, Kind, Piece, heading, paragraph, row_text
from chatcrew.knowledge._reading.header import EXPIRES, keyed
from chatcrew.knowledge._reading.tags import Tag, Text, tokens


def _names(said: str) -> frozenset[str]:
    return frozenset(said.split())


_DROPPED = _names("""
    script style nav noscript template svg math iframe object canvas video audio map select
    textarea datalist dialog
""")
_VOID = _names("""
    area base br col embed hr img input link meta param source track wbr basefont frame
""")
_BREAKS = _names("""
    p div section article main header footer aside figure figcaption blockquote pre address
    details summary dl dt fieldset hgroup center body html form button
""")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.I)
_BREAK = "\x00"
"""A line's end that is shown; texts that are read hold no such sign."""
_BLANK = f" \t\n{_BREAK}"
_SPACE = re.compile(r"\s+")
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,40})", re.I)


@dataclass(slots=True)
class Page:
    """What a page holds.

    Attributes:
        blocks: in their order.
        title: of its head, or "".
        expires: what its head says about it, and the line, or None.
    """

    blocks: list[Block] = field(default_factory=list)
    title: str = ""
    expires: tuple[str, int] | None = None


def charset(data: bytes) -> str:
    """Return the encoding that a page says it has, or ""."""
    found = _CHARSET.search(data[:4096])
    return found[1].decode() if found else ""


def page(text: str) -> Page:
    """Return what a page shows; nothing it refers to is fetched."""
    reader = _Reader()
    for token in tokens(text):
        if isinstance(token, Text):
            reader.take(token)
        elif token.opens:
            reader.begin(token)
        else:
            reader.end(token.name)
    reader.finish()
    return reader.page


@dataclass(slots=True)
class _Table:
    """A table being read: rows of cells, with whether each is a header cell, and their lines."""

    rows: list[tuple[int, list[tuple[str, bool]]]] = field(default_factory=list)


class _Reader:
    """Walks a page; forgives what browsers forgive."""

    def __init__(self) -> None:
        self.page = Page()
        self._dropped: list[str] = []
        self._text: list[str] = []
        self._line = 1
        self._heading = 0
        self._in_title = False
        self._lists: list[list[Piece]] = []
        self._pre = 0
        self._table: _Table | None = None
        self._header_cell = False
        self._in_cell = False

    def begin(self, token: Tag) -> None:
        """Enter an element."""
        tag, named = token.name, token.attributes
        if self._dropped:
            if tag == self._dropped[0]:
                self._dropped.append(tag)
            return
        if tag == "meta":
            self._meta(token)
        elif tag in _DROPPED or (tag not in _VOID and _unseen(named)):
            self._flush_if_block(tag)
            self._dropped.append(tag)
        elif tag == "title":
            self._in_title, self._text = True, []
        else:
            self._enter(tag, token.line)

    def end(self, tag: str) -> None:
        """Leave an element."""
        if self._dropped:
            if tag == self._dropped[0]:
                self._dropped.pop()
            return
        if tag == "title" and self._in_title:
            self.page.title, self._in_title = self._take(), False
        else:
            self._leave(tag)

    def take(self, token: Text) -> None:
        """Take text."""
        if self._dropped:
            return
        data = token.text
        if data.strip() and not any(part.strip(_BLANK) for part in self._text):
            blank = data[: len(data) - len(data.lstrip())]
            self._line = token.line + blank.count("\n")
            self._text = []
        self._text.append(data.replace("\n", _BREAK) if self._pre else data)

    def finish(self) -> None:
        """Take what was never closed."""
        self._dropped = []
        if self._in_title:
            self._in_title = False
        self._end_table()
        while self._lists:
            self._end_list()
        self._flush()

    def _meta(self, token: Tag) -> None:
        if keyed(token.attributes.get("name", "")) in EXPIRES:
            self.page.expires = (token.attributes.get("content", ""), token.line)

    def _enter(self, tag: str, line: int) -> None:
        if tag in _HEADINGS:
            self._flush()
            self._heading = _HEADINGS[tag] if self._table is None and not self._lists else 0
        elif tag in ("ul", "ol", "menu", "dl"):
            self._start_list()
        elif tag in ("li", "dt"):
            self._flush()
        elif tag == "dd":
            self._text.append(": ")
        elif tag == "table":
            self._flush()
            self._end_table()
            self._table = None if self._lists else _Table()
        elif tag == "tr":
            self._end_cell()
            if self._table is not None:
                self._table.rows.append((line, []))
        elif tag in ("td", "th"):
            self._end_cell()
            self._in_cell, self._header_cell = True, tag == "th"
        else:
            self._flush_if_block(tag)
            self._pre += tag == "pre"

    def _leave(self, tag: str) -> None:
        if tag in _HEADINGS:
            self._flush()
            self._heading = 0
        elif tag in ("ul", "ol", "menu", "dl"):
            self._flush()
            self._end_list()
        elif tag in ("li", "dd"):
            self._flush()
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table":
            self._end_table()
        elif tag != "dt":
            self._flush_if_block(tag)
            self._pre = max(0, self._pre - (tag == "pre"))

    def _flush_if_block(self, tag: str) -> None:
        if tag == "br":
            self._text.append(_BREAK)
        elif tag in _BREAKS or tag == "hr":
            if self._in_cell or self._lists:
                self._text.append(" ")
            else:
                self._flush()

    def _take(self) -> str:
        """Return the text so far, spaces as a browser shows them, and begin anew."""
        lines = "".join(self._text).split(_BREAK)
        self._text = []
        return "\n".join(filter(None, (_SPACE.sub(" ", line).strip() for line in lines)))

    def _flush(self) -> None:
        """End the paragraph, item or heading that is being read."""
        if self._in_cell:
            self._text.append(" ")
            return
        said, mark = self._take(), f"L{self._line}"
        if not said:
            return
        if self._heading:
            self.page.blocks.append(heading(" ".join(said.split()), self._heading, mark))
        elif self._lists:
            deep = "  " * (len(self._lists) - 1)
            self._lists[0].append(Piece(f"{deep}- {said}", mark))
        else:
            self.page.blocks.append(paragraph(said, mark))

    def _start_list(self) -> None:
        self._flush()
        if not self._in_cell:
            self._lists.append([])

    def _end_list(self) -> None:
        if not self._lists:
            return
        items = self._lists.pop()
        if not self._lists:
            self._pre = 0
            if items:
                self.page.blocks.append(Block(Kind.LIST, tuple(items)))

    def _end_cell(self) -> None:
        if not self._in_cell:
            return
        self._in_cell = False
        said = " ".join(self._take().split())
        if self._table is None:
            self._text.append(f"{said} ")
            return
        if not self._table.rows:
            self._table.rows.append((self._line, []))
        self._table.rows[-1][1].append((said, self._header_cell))

    def _end_table(self) -> None:
        self._end_cell()
        table, self._table = self._table, None
        if table is not None:
            self.page.blocks.extend(_rows(table))


def _rows(table: _Table) -> Iterator[Block]:
    """Yield a table's rows with the names of its columns, where its first row gives them."""
    rows = [(line, cells) for line, cells in table.rows if any(said for said, _ in cells)]
    if not rows:
        return
    first = rows[0][1]
    named = len(rows) > 1 and len(first) > 1 and all(head or not said for said, head in first)
    names = [said for said, _ in first] if named else []
    pieces = [
        Piece(row_text(names, [said for said, _ in cells]), f"L{line}")
        for line, cells in rows[1 if named else 0 :]
    ]
    yield Block(Kind.TABLE, tuple(piece for piece in pieces if piece.text))


def _unseen(named: Mapping[str, str]) -> bool:
    """Say whether a page hides an element: text that no reader sees is no knowledge."""
    return (
        "hidden" in named
        or named.get("aria-hidden", "").lower() == "true"
        or named.get("role", "").lower() in ("navigation", "menu", "menubar", "search")
        or bool(_HIDDEN.search(named.get("style", "")))
    )
