"""Text without accents and capitals that still knows where each letter stood."""

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flat:
    """A text to search in, and the way back to the text as written.

    Attributes:
        text: lower case, no accents, compatibility forms (full-width digits, º) written plainly.
        written: the text as it came.
        places: for each character of ``text`` the one of ``written`` it stands for.
    """

    text: str
    written: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, written: str) -> "Flat":
        """Return ``written`` flattened."""
        if written.isascii():
            return cls(written.lower(), written, tuple(range(len(written))))
        letters: list[str] = []
        places: list[int] = []
        for place, char in enumerate(written):
            for part in unicodedata.normalize("NFKD", char).casefold():
                if not unicodedata.combining(part):
                    letters.append(part)
                    places.append(place)
        return cls("".join(letters), written, tuple(places))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where ``text[start:end]``, which is not empty, stands as written."""
        first, last = self.places[start], self.places[end - 1] + 1
        while last < len(self.written) and unicodedata.combining(self.written[last]):
            last += 1
        return first, last
