"""What every format is read into: headings, paragraphs, lists and tables, each with its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a block is, which decides where it may be cut."""

    HEADING = "heading"
    TEXT = "text"
    LIST = "list"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, an item of a list, a row of a table.

    Attributes:
        text: what it says.
        mark: where it begins: ``L12`` or ``p3``.
    """

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a document.

    Attributes:
        kind: see there.
        pieces: of a list its items, of a table its rows, else one.
        level: of a heading, 1 is the outermost.
    """

    kind: Kind
    pieces: tuple[Piece, ...]
    level: int = 0

    @property
    def text(self) -> str:
        """What it says, as one text."""
        return "\n".join(piece.text for piece in self.pieces)


def heading(text: str, level: int, mark: str) -> Block:
    """Return a heading."""
    return Block(Kind.HEADING, (Piece(text, mark),), level)


def paragraph(text: str, mark: str) -> Block:
    """Return a paragraph."""
    return Block(Kind.TEXT, (Piece(text, mark),))


def row_text(header: Sequence[str], cells: Sequence[str]) -> str:
    """Return a table's row as a sentence that says by itself what each cell is.

    A cell whose column has no name stands alone; an empty one says nothing.
    """
    parts: list[str] = []
    for place, cell in enumerate(cells):
        name = header[place] if place < len(header) else ""
        if cell:
            parts.append(f"{name}: {cell}" if name and name != cell else cell)
    return "; ".join(parts)
