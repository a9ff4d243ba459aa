"""One slip of the thumb: a word that nearly is one we know (S1-19)."""

from collections.abc import Collection

MIN_LETTERS = 6
"""Shorter words are too near to each other to be corrected."""


def nearest(word: str, known: Collection[str]) -> str | None:
    """Return the one word of ``known`` that is one slip away, None where none or several are.

    Another ending is another form of a word ("desmaio", "desmaiou") and no slip.
    """
    if len(word) < MIN_LETTERS or word in known:
        return None
    near = [
        other
        for other in known
        if -1 <= len(other) - len(word) <= 1
        and len(other) >= MIN_LETTERS - 1
        and one_slip(word, other)
        and not (word.startswith(other) or other.startswith(word))
    ]
    return near[0] if len(near) == 1 else None


def one_slip(one: str, other: str) -> bool:
    """Return whether at most one edit makes ``other`` of ``one``.

    An edit adds, drops or replaces a letter or swaps two neighbours. Each turn compares its words
    with hundreds of others, so this looks only at where they part, not at all distances.
    """
    if len(one) > len(other):
        one, other = other, one
    at = next((i for i, letter in enumerate(one) if letter != other[i]), len(one))
    if len(one) < len(other):
        return len(other) == len(one) + 1 and one[at:] == other[at + 1 :]
    swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return swapped or one[at + 1 :] == other[at + 1 :]
