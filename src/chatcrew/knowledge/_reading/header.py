"""What a document says about itself: its title, and until when it holds."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from chatcrew.errors import DocumentError

EXPIRES = frozenset(
    {
        "expires",
        "expires_on",
        "valid_until",
        "validade",
        "valido_ate",
        "vence",
        "vence_em",
        "expira",
    }
)
TITLE = frozenset({"title", "titulo"})
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_LINE = re.compile(r"([\w -]{1,40}?)\s*:\s*(.*)")
_FENCE = re.compile(r"---[ \t]*")
_END = re.compile(r"(?:---|\.\.\.)[ \t]*")
_MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before a document's text.

    Attributes:
        title: or "" where it gives none.
        expires: last day on which it holds, or None.
        lines: so many of the file's lines it takes up.
    """

    title: str = ""
    expires: date | None = None
    lines: int = 0


def keyed(name: str) -> str:
    """Return a name as ours are written: ``Válido até`` is ``valido_ate``."""
    bare = unicodedata.normalize("NFKD", name.lower().replace("-", " ").replace("_", " "))
    return "_".join("".join(sign for sign in bare if not unicodedata.combining(sign)).split())


def day(text: str, *, line: int | None = None) -> date | None:
    """Return the day a text says, None where it says nothing.

    Args:
        text: ``2026-12-31`` or ``31/12/2026``.
        line: where it stands.

    Raises:
        DocumentError: ``day``: it says something else; a price would be told for ever.
    """
    said = text.strip().strip("\"'").strip()
    if not said:
        return None
    found = _DAY.fullmatch(said)
    try:
        if found is None:
            raise ValueError
        year, month, of_month = (
            (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
        )
        return date(int(year), int(month), int(of_month))
    except ValueError:
        raise DocumentError("day", line=line, word=said[:60]) from None


def header(lines: list[str]) -> Header:
    """Return what a Markdown or text file says between two lines of ``---`` at its beginning.

    Other names are an editor's own and left out. Where no line says ``name: value``, the file
    begins with a rule and is all text.

    Raises:
        DocumentError: ``day``.
    """
    if not lines or not _FENCE.fullmatch(lines[0]):
        return Header()
    end = next(
        (at for at, line in enumerate(lines[:_MOST_LINES]) if at and _END.fullmatch(line)), 0
    )
    said = [_LINE.fullmatch(line.strip()) for line in lines[1:end]]
    if not end or not any(said):
        return Header()
    title, expires = "", None
    for number, found in enumerate(said, 2):
        name = keyed(found[1]) if found else ""
        if found and name in TITLE:
            title = found[2].strip().strip("\"'").strip()
        elif found and name in EXPIRES:
            expires = day(found[2], line=number)
    return Header(title, expires, end + 1)
