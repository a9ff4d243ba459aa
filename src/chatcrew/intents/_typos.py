"""One slip of the thumb: a word that nearly is one we know (S1-19)."""

from collections import defaultdict
from collections.abc import Collection, Iterable

MIN_LETTERS = 6
"""Shorter words are too near to each other to be corrected."""


class Slips:
    """Words we know, found by words that are one slip away.

    Whatever one slip makes of a word, both lose one letter each to become the same (or one of them
    does): so each word is kept under all its forms with a letter less, and a turn looks up a dozen
    of these instead of comparing with hundreds of words.

    Args:
        known: the words.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._by_form: dict[str, set[str]] = defaultdict(set)
        for word in self._known:
            if len(word) >= MIN_LETTERS - 1:
                for form in _forms(word):
                    self._by_form[form].add(word)

    def nearest(self, word: str) -> str | None:
        """Return the one known word that is one slip away, None where none or several are.

        Another ending is another form of a word ("desmaio", "desmaiou") and no slip.
        """
        if len(word) < MIN_LETTERS or word in self._known:
            return None
        by_form = self._by_form
        return _the_one(word, {other for form in _forms(word) for other in by_form.get(form, ())})


def nearest(word: str, known: Collection[str]) -> str | None:
    """Return what ``Slips(known).nearest(word)`` does, for words that are looked at only once."""
    if len(word) < MIN_LETTERS or word in known:
        return None
    return _the_one(word, known)


def _the_one(word: str, among: Iterable[str]) -> str | None:
    near = [
        other
        for other in among
        if -1 <= len(other) - len(word) <= 1
        and len(other) >= MIN_LETTERS - 1
        and one_slip(word, other)
        and not (word.startswith(other) or other.startswith(word))
    ]
    return near[0] if len(near) == 1 else None


def _forms(word: str) -> set[str]:
    """Return a word, and what is left of it without each one of its letters."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def one_slip(one: str, other: str) -> bool:
    """Return whether at most one edit makes ``other`` of ``one``.

    An edit adds, drops or replaces a letter or swaps two neighbours. This looks only at where they
    part, not at all distances.
    """
    if len(one) > len(other):
        one, other = other, one
    at = next((i for i, letter in enumerate(one) if letter != other[i]), len(one))
    if len(one) < len(other):
        return len(other) == len(one) + 1 and one[at:] == other[at + 1 :]
    swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return swapped or one[at + 1 :] == other[at + 1 :]
