"""One slip of the thumb: a word that nearly is one we know (S1-19)."""

from collections.abc import Collection

MIN_LETTERS = 6
"""Shorter words are too near to each other to be corrected."""


def nearest(word: str, known: Collection[str], *, distance: int = 1) -> str | None:
    """Return the one word of ``known`` within ``distance`` edits, None where none or several are.

    An edit adds, drops or replaces a letter or swaps two neighbours (optimal string alignment).
    Another ending is another form of a word ("desmaio", "desmaiou") and no slip.
    """
    if len(word) < MIN_LETTERS or word in known:
        return None
    near = [
        other
        for other in known
        if abs(len(other) - len(word)) <= distance
        and len(other) >= MIN_LETTERS - 1
        and not (word.startswith(other) or other.startswith(word))
        and within(word, other, distance)
    ]
    return near[0] if len(near) == 1 else None


def within(one: str, other: str, distance: int) -> bool:
    """Return whether ``other`` is at most ``distance`` edits away from ``one``."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, letter2 in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != letter2))
            if last and j > 1 and letter == other[j - 2] and one[i - 2] == letter2:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > distance:
            return False
    return row[-1] <= distance
