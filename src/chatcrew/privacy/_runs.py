"""Digits as people group them: ``111 444 777 35`` is four groups that belong together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_DIGITS: Final = re.compile(r"\d+")
_BETWEEN: Final = r"(?:[ \t\r\n.\-()/_]{1,5}|, ?)"
_CHAIN: Final = re.compile(rf"\d+(?:{_BETWEEN}\d+)*")
# Letters may stick to digits only where they say what these are: "zap81999991234".
_GLUED: Final = re.compile(r"(?:cpf|cnpj|tel|cel|zap|fone|whats|wpp|pix|ddd|rg|cnh)$")
_FEWEST, _MOST = 8, 20
"""Digits of what is looked for here."""
_MOST_GROUPS: Final = 12


@dataclass(frozen=True, slots=True)
class Window:
    """Some groups of digits that may be one number.

    Attributes:
        text: the flattened text.
        digits: all of them.
        sizes: digits of each group.
        gaps: what stands between the groups.
        start: of the first digit.
        end: of the last.
    """

    text: str
    digits: str
    sizes: tuple[int, ...]
    gaps: tuple[str, ...]
    start: int
    end: int

    @property
    def marked(self) -> bool:
        """Whether dots or dashes stand in it."""
        return any(mark in gap for gap in self.gaps for mark in ".-/")


def chains(text: str) -> Iterator[list[tuple[int, int]]]:
    """Yield where groups of digits stand that belong together and are enough for a number."""
    for match in _CHAIN.finditer(text):
        begin, end = match.span()
        if end - begin < _FEWEST:
            continue
        groups = [group.span() for group in _DIGITS.finditer(text, begin, end)]
        if sum(last - first for first, last in groups) >= _FEWEST:
            yield groups


def windows(text: str) -> Iterator[list[Window]]:
    """Yield, for each place where a number may begin, what may be it, the longest first."""
    for groups in chains(text):
        yield from _windows(text, groups)


def _windows(text: str, groups: list[tuple[int, int]]) -> Iterator[list[Window]]:
    for first, (start, _) in enumerate(groups):
        if not _may_begin(text, start) or _inside_singles(groups, first):
            continue
        found: list[Window] = []
        count = 0
        for last in range(first, min(first + _MOST_GROUPS, len(groups))):
            count += groups[last][1] - groups[last][0]
            if count > _MOST:
                break
            end = groups[last][1]
            if count >= _FEWEST and _may_end(text, end):
                part = groups[first : last + 1]
                digits = "".join(text[a:b] for a, b in part)
                gaps = tuple(text[a[1] : b[0]] for a, b in pairwise(part))
                sizes = tuple(b - a for a, b in part)
                found.append(Window(text, digits, sizes, gaps, start, end))
        if found:
            yield found[::-1]


def _inside_singles(groups: list[tuple[int, int]], first: int) -> bool:
    """Return whether a digit stands between single digits: "1 1 1 4 4 4" begins once, at its first.

    Else a message of nothing but single digits would be read again from each of them.
    """
    around = groups[max(0, first - 1) : first + 2]
    return len(around) == 3 and all(end - start == 1 for start, end in around)


def _may_begin(text: str, start: int) -> bool:
    before = text[start - 1 : start]
    if before.isalpha():
        return _GLUED.search(text, max(0, start - 8), start) is not None
    return not (before in {",", "."} and text[start - 2 : start - 1].isdigit())


def _may_end(text: str, end: int) -> bool:
    after = text[end : end + 2]
    if after[:1].isalpha() or after[:1] in {"@", "%"}:
        return False
    return not (after[:1] == "," and after[1:].isdigit())
