"""What a classifier sees of a message: stems, pairs of stems, and pieces of words."""

import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

from chatcrew.intents._fold import fold, words
from chatcrew.intents._language import ENGLISH, PORTUGUESE, detect_language

FAMILIES: Final = 3
"""Words, pairs, pieces: each kind is brought to its own length, so that none drowns another."""

_STEMMERS = {PORTUGUESE: "portuguese", ENGLISH: "english"}
_SHARE = 0.15
"""A language counts where at least this share of the examples is told to be in it."""

_DIGITS = re.compile(r"\d+")
_MOST_WORDS = 60
"""A longer message is no longer about one thing; reading on would only cost time."""

_PIECES = (3, 4)
_LONGEST_WORD = 24

# PyStemmer's objects keep a cache without a lock (its README): one per thread and language.
_local = threading.local()


@dataclass(frozen=True, slots=True)
class Reader:
    """Turns text into terms; the same for examples and for messages.

    Attributes:
        languages: whose endings are cut off; none where the examples are in neither Portuguese nor
            English: then whole words and their pieces count, which works in any language.
    """

    languages: tuple[str, ...]

    @classmethod
    def of(cls, examples: Iterable[str]) -> "Reader":
        """Return a reader for the languages that ``examples`` are written in."""
        votes = [detect_language(text, default="") for text in examples]
        told = len(votes) or 1
        return cls(tuple(name for name in _STEMMERS if votes.count(name) / told >= _SHARE))

    def words(self, text: str) -> list[str]:
        """Return the folded words of ``text``, each number as ``0``, abbreviations written out."""
        folded = words(text) if PORTUGUESE in self.languages else fold(text).split()
        return [_DIGITS.sub("0", word)[:_LONGEST_WORD] for word in folded[:_MOST_WORDS]]

    def terms(self, text: str) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
        """Return the words, pairs and pieces of ``text``, each at most once, in order."""
        said = self.words(text)
        stems = [_stem(word, self.languages) for word in said]
        single = dict.fromkeys(stem for every in stems for stem in every)
        line = ["^", *(every[0] for every in stems), "$"]
        pairs = [f"{one} {other}" for one, other in pairwise(line)]
        pairs += [f"{one} _ {other}" for one, other in zip(line, line[2:], strict=False)]
        pieces = dict.fromkeys(piece for word in said for piece in _pieces(word))
        return list(single), list(dict.fromkeys(pairs)), list(pieces)


def _stem(word: str, languages: tuple[str, ...]) -> list[str]:
    if not languages:
        return [word]
    return list(dict.fromkeys(_stemmer(name).stemWord(word) or word for name in languages))


def _stemmer(language: str) -> Any:
    known: dict[str, Any] = _local.__dict__.setdefault("stemmers", {})
    if language not in known:
        import Stemmer  # noqa: PLC0415 - the web processes import this package and never classify

        known[language] = Stemmer.Stemmer(_STEMMERS[language])
    return known[language]


@lru_cache(maxsize=16_384)
def _pieces(word: str) -> tuple[str, ...]:
    """Return the pieces of 3 and 4 letters of a word and its edges; most outlive a typo."""
    edged = f"<{word}>"
    return tuple(
        edged[at : at + size] for size in _PIECES for at in range(max(1, len(edged) - size + 1))
    )
