"""One claim of a text: what must stand in a source for it, and what it backs where it is one."""

import re
import unicodedata
from dataclasses import dataclass

Key = tuple[str, ...]
"""Kind, value and qualifiers of a claim, folded so that equal claims have equal keys."""


@dataclass(frozen=True, slots=True)
class Said:
    """A claim as it was read.

    Attributes:
        kind: ``price``, ``percent``, ``instalments``, ``number``, ``date``, ``hour``, ``link``,
            ``email``, ``phone``, ``code``, ``address`` or ``name``.
        text: as it is written.
        needs: it is founded where a source backs any of these.
        backs: what it backs when it stands in a source.
    """

    kind: str
    text: str
    needs: tuple[Key, ...]
    backs: tuple[Key, ...]


def said(kind: str, text: str, *keys: Key, backs: tuple[Key, ...] | None = None) -> Said:
    """Return a claim that backs what founds it, unless told otherwise."""
    return Said(kind, text.strip(" .,;:"), keys, keys if backs is None else backs)


def fold(text: str) -> str:
    """Return ``text`` without case and accents."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(char for char in plain if not unicodedata.combining(char))


def word_set(listed: str) -> frozenset[str]:
    """Return the words of a list written with spaces, folded."""
    return frozenset(fold(listed).split())


def before(text: str, place: int) -> str:
    """Return the few words before a place: looking at all of them takes time by the square."""
    return text[max(0, place - 40) : place]


def blank(found: re.Match[str]) -> str:
    """Replace a match by as many spaces: later readers see no part of it, places stay."""
    return " " * len(found.group())
