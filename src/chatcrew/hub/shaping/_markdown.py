"""Reads the CommonMark of a reply and writes it in the marks that a channel shows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from chatcrew.hub.shaping import _spans
from chatcrew.hub.shaping._marks import MARKS, Marks

_DEEPEST = 20
"""Levels of nesting that are read; markdown-it would drop the words that stand deeper."""

_WRAPS = re.compile(r"[*_`]+$")


def for_channel(text: str, markup: str) -> str:
    """Return a CommonMark text as the channel's ``markup`` shows it; no word gets lost.

    ``markdown`` shows all of it. What is too deeply nested to be read stays as it is, as does a
    text that holds nothing but marks.
    """
    text = text.strip()
    marks = MARKS.get(markup)
    if marks is None or not text:
        return text
    shield = _Shield.over(text)
    tokens = _parser().parse(shield.text)
    if _depth(tokens) >= _DEEPEST - 1:
        return text
    written = _Writer(marks, shield).blocks(tokens)
    # A text of nothing but marks stays: a reply is never silent.
    return shield.lifted(re.sub(r"\n{3,}", "\n\n", written)).strip() or text


class _Reader(MarkdownIt):
    """Leaves addresses as they were written."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - markdown-it's name
        return url


@cache
def _parser() -> MarkdownIt:
    """Return the reader: CommonMark with tables and strikethrough, HTML as plain text.

    Off are rules that swallow words (link definitions) or see more than a chat means (indented
    code, a heading because of a rule drawn below it).
    """
    parser = _Reader("commonmark", {"html": False, "maxNesting": _DEEPEST})
    parser.enable(["table", "strikethrough"])
    parser.disable(["reference", "code", "lheading", "text_join"])
    return parser


def _depth(tokens: Sequence[Token]) -> int:
    return max((max(one.level, _depth(one.children or ())) for one in tokens), default=0)


@dataclass(frozen=True, slots=True)
class _Shield:
    """Links and codes, taken out while the text is read: an underscore in them is no mark."""

    text: str
    mark: str
    hidden: tuple[str, ...]

    @classmethod
    def over(cls, text: str) -> "_Shield":
        """Hide them behind a private character that the text does not have."""
        mark = next(chr(code) for code in range(0xE000, 0xF8FF) if chr(code) not in text)
        copied = [one for one in _spans.copied(text) if "`" not in text[slice(*one)][:1]]
        copied = [one for one in copied if not text.startswith("~~~", one[0])]
        code = set(copied)
        parts: list[str] = []
        hidden: list[str] = []
        at = 0
        for start, end in _apart([*copied, *_spans.links(text)]):
            first, last = start, end
            if (start, end) in code:
                first, last = _bare(text, start, end)
            elif text[start - 1 : start] == "<" and text[end : end + 1] == ">":
                first, last = start - 1, end + 1
            if first < at:
                continue
            parts += [text[at:first], f"{mark}{len(hidden)}{mark}"]
            hidden.append(text[start:end])
            at = last
        return cls("".join([*parts, text[at:]]), mark, tuple(hidden))

    def lifted(self, text: str) -> str:
        """Return the text with what was hidden."""
        if not self.hidden:
            return text
        return re.sub(
            rf"{self.mark}(\d+){self.mark}", lambda one: self.hidden[int(one.group(1))], text
        )


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans in order; of two that overlap the one that begins first."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda one: (one[0], -one[1])):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a code's place with the marks around it and the full stop behind it.

    Whoever copies the bubble must not copy those.
    """
    wrap = _WRAPS.search(text[max(0, start - 3) : start])
    marks = wrap.group() if wrap else ""
    if marks and text.startswith(marks[::-1], end):
        start, end = start - len(marks), end + len(marks)
    while end < len(text) and text[end] in ".,;" and not text[end + 1 : end + 2].strip():
        end += 1
    return start, end


class _Writer:
    """Writes the tokens of one text."""

    def __init__(self, marks: Marks, shield: _Shield) -> None:
        self._marks = marks
        self._lifted = shield.lifted
        self._lines = shield.text.split("\n")

    def blocks(self, tokens: Sequence[Token]) -> str:
        """Write blocks one below the other, as far apart as they stood."""
        written = ""
        for opening, inside in _siblings(tokens):
            block = self._block(opening, inside)
            if not block.strip():
                continue
            gap = "\n\n" if self._stood_apart(opening) else "\n"
            written = f"{written}{gap}{block}" if written else block
        return written

    def _stood_apart(self, opening: Token) -> bool:
        above = opening.map[0] - 1 if opening.map else -1
        return above < 0 or not self._lines[above].strip(" \t>")

    def _block(self, opening: Token, inside: Sequence[Token]) -> str:
        kind, marks = opening.type, self._marks
        written = ""
        if kind == "inline":
            written = self._inline(opening.children or ())
        elif kind == "heading_open":
            words = self._inline(inside[0].children or (), bold=False).strip()
            written = f"{marks.strong}{words}{marks.strong}" if words else ""
        elif kind == "fence":
            code = opening.content.rstrip("\n")
            fenced = marks.fenced and code.strip()
            written = f"{opening.markup}\n{code}\n{opening.markup}" if fenced else code
        elif kind in ("bullet_list_open", "ordered_list_open"):
            written = self._list(inside)
        elif kind == "blockquote_open":
            quoted = self.blocks(inside).split("\n")
            written = "\n".join(f"{marks.quote}{line}".rstrip() for line in quoted)
        elif kind == "table_open":
            written = "\n".join(self._rows(inside))
        else:
            written = self.blocks(inside)
        return written

    def _list(self, items: Sequence[Token]) -> str:
        """Write a list; its numbers stay as they are, unless all are the same."""
        found = _siblings(items)
        numbers = [opening.info for opening, _ in found]
        same = len(numbers) > 1 and len(set(numbers)) == 1 and numbers[0].isdigit()
        rows: list[str] = []
        for place, (opening, inside) in enumerate(found):
            number = str(int(opening.info) + place) if same else opening.info
            head = f"{number}{opening.markup} " if number else "- "
            body = self.blocks(inside).split("\n")
            hang = "\n" + " " * len(head)
            gap = "\n" if place and self._stood_apart(opening) else ""
            rows.append(gap + head + hang.join(body).replace(hang + "\n", "\n\n"))
        return "\n".join(rows)

    def _rows(self, inside: Sequence[Token]) -> Iterator[str]:
        """Write each row of a table as a line: nothing but Markdown shows columns."""
        cells: list[str] = []
        for token in inside:
            if token.type == "inline":
                cells.append(" ".join(self._inline(token.children or ()).split()))
            elif token.type == "tr_close":
                yield " · ".join(cell for cell in cells if cell)
                cells = []

    def _inline(self, tokens: Sequence[Token], *, bold: bool = True) -> str:
        """Write the words of a block; ``bold`` False leaves out marks that stand around it all."""
        marks = self._marks if bold else replace(self._marks, strong="")
        written: list[str] = []
        links: list[tuple[int, str]] = []
        for token in tokens:
            kind = token.type
            if kind == "link_open":
                links.append((len(written), str(token.attrs.get("href", ""))))
            elif kind == "link_close":
                start, url = links.pop()
                words = self._lifted("".join(written[start:]))
                written[start:] = [marks.link(words, self._lifted(url))]
            elif kind == "image":
                words = self._lifted(self._inline(token.children or ()))
                url = self._lifted(str(token.attrs.get("src", "")))
                written.append(replace(marks, links=False).link(words, url))
            else:
                written.append(_word(token, marks))
        return "".join(written)


def _word(token: Token, marks: Marks) -> str:
    """Write one token of a line."""
    kind, written = token.type, token.content
    if kind == "text":
        written = marks.words(token.content)
    elif kind == "text_special" and marks.converted:
        written = token.markup  # an escape or an entity: Chatwoot reads the Markdown again
    elif kind in ("softbreak", "hardbreak"):
        written = "\n"
    elif kind == "code_inline" and marks.converted:
        edge = " " if "`" in (token.content[:1], token.content[-1:]) else ""
        written = f"{token.markup}{edge}{token.content}{edge}{token.markup}"
    elif kind in ("strong_open", "strong_close"):
        written = marks.strong
    elif kind in ("em_open", "em_close"):
        written = token.markup if marks.converted else ""
    elif kind in ("s_open", "s_close"):
        written = marks.struck
    return written


def _siblings(tokens: Sequence[Token]) -> list[tuple[Token, Sequence[Token]]]:
    """Return the outermost tokens with what stands between each and its end."""
    found: list[tuple[Token, Sequence[Token]]] = []
    place = 0
    while place < len(tokens):
        opening, end = tokens[place], place
        depth: int = opening.nesting
        while depth > 0:
            end += 1
            depth += tokens[end].nesting
        found.append((opening, tokens[place + 1 : end]))
        place = end + 1
    return found
