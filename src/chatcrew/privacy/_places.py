"""Where a pattern can begin at all: a prompt of many pages is read at a few places of it."""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import Final

_WORD: Final = re.compile(r"[a-z]+")


def vocabulary(words: str) -> frozenset[str]:
    """Return words that are written with blanks between them."""
    return frozenset(words.split())


class Words:
    """The words of a flattened text, and where they stand.

    A word is as many letters in a row as there are: what a pattern begins with that takes no letter
    before and behind its first word.

    Args:
        text: flattened.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._known = frozenset(_WORD.findall(text))

    def starts(self, wanted: frozenset[str]) -> list[int]:
        """Return where one of the wanted words begins, in order."""
        if self._known.isdisjoint(wanted):
            return []
        return [start for start, word in self._places if word in wanted]

    @cached_property
    def _places(self) -> list[tuple[int, str]]:
        return [(match.start(), match.group()) for match in _WORD.finditer(self.text)]


def matches(pattern: re.Pattern[str], text: str, starts: Iterable[int]) -> Iterator[re.Match[str]]:
    """Yield what ``pattern.finditer(text)`` does, where it can begin only at ``starts``.

    Args:
        pattern: matches no empty text.
        text: flattened.
        starts: in order.
    """
    reached = 0
    for start in starts:
        match = pattern.match(text, start) if start >= reached else None
        if match is not None:
            yield match
            reached = match.end()


def holds(text: str, parts: Collection[str]) -> bool:
    """Return whether any of the parts stands anywhere in ``text``."""
    return any(one in text for one in parts)
