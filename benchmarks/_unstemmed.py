"""The baseline of retrieval: the same ranking over words as they stand."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from chatcrew.intents import words

_SATURATED = 1.2
_LENGTH = 0.5


class Unstemmed:
    """BM25 over folded words.

    Args:
        passages: their texts by id.
    """

    def __init__(self, passages: Mapping[str, str]) -> None:
        self._counts = {name: Counter(words(text)) for name, text in passages.items()}
        self._frequencies = Counter(word for one in self._counts.values() for word in one)
        lengths = [sum(one.values()) for one in self._counts.values()]
        self._average = sum(lengths) / max(1, len(lengths))

    def search(self, question: str, *, limit: int) -> Sequence[str]:
        """Return ids, best first; none that holds no word of the question."""
        asked = {word: self._rarity(word) for word in words(question)}
        scores = {
            name: sum(
                rarity * self._held(counts[word], sum(counts.values()))
                for word, rarity in asked.items()
                if counts[word]
            )
            for name, counts in self._counts.items()
        }
        found = [name for name, score in scores.items() if score > 0]
        return sorted(found, key=lambda name: (-scores[name], name))[:limit]

    def _held(self, count: int, length: int) -> float:
        long = 1 - _LENGTH + _LENGTH * length / self._average
        return count * (_SATURATED + 1) / (count + _SATURATED * long)

    def _rarity(self, word: str) -> float:
        count = self._frequencies[word]
        return math.log(1 + (len(self._counts) - count + 0.5) / (count + 0.5))
