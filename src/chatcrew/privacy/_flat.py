"""Text without accents and capitals that still knows where each letter stood."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_UNSEEN: Final = frozenset({"Cf", "Mn", "Me"})
"""Categories of what shows nothing by itself: zero-width spaces, accents, the frames of emoji."""

_DOTS: Final = frozenset("\N{MIDDLE DOT}\N{BULLET OPERATOR}\N{DOT OPERATOR}")
"""What a keyboard's long press gives in the place of a full stop."""


@dataclass(frozen=True, slots=True)
class Flat:
    """A text to search in, and the way back to the text as written.

    Attributes:
        text: lower case, no accents; compatibility forms (full-width digits, º), digits of other
            scripts and all kinds of dashes written plainly, and nothing that cannot be seen.
        written: the text as it came.
        places: for each character of ``text`` the one of ``written`` it stands for.
    """

    text: str
    written: str
    places: Sequence[int]

    @classmethod
    def of(cls, written: str) -> "Flat":
        """Return ``written`` flattened."""
        if written.isascii():
            return cls(written.lower(), written, range(len(written)))
        plain = {char: _plain(char) for char in set(written)}
        if all(len(one) == 1 for one in plain.values()):
            # As good as every text in Portuguese; a prompt of many pages is read ten times as fast
            return cls(_translated(written, plain), written, range(len(written)))
        letters: list[str] = []
        places: list[int] = []
        for place, char in enumerate(written):
            for part in plain[char]:
                letters.append(part)
                places.append(place)
        return cls("".join(letters), written, tuple(places))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where ``text[start:end]``, which is not empty, stands as written."""
        first, last = self.places[start], self.places[end - 1] + 1
        while last < len(self.written) and unicodedata.combining(self.written[last]):
            last += 1
        return first, last


def _translated(written: str, plain: Mapping[str, str]) -> str:
    """Return ``written`` with what ``plain`` has for each of its characters."""
    changed = {one: put for one, put in plain.items() if one != put}
    if not all(put.isascii() for put in changed.values()):
        return written.translate({ord(one): put for one, put in changed.items()})
    # Some capitals and letters with accents: one by one they are replaced three times as fast, and
    # what is put for one of them is never another
    for one, put in changed.items():
        written = written.replace(one, put)
    return written


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    if char.isascii():
        return char.lower()
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    if char == "\N{MINUS SIGN}" or unicodedata.category(char) == "Pd":
        return "-"
    if char in _DOTS:
        return "."
    parts = unicodedata.normalize("NFKD", char).casefold()
    return "".join(part for part in parts if unicodedata.category(part) not in _UNSEEN)
