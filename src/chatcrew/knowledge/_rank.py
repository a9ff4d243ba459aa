"""How well passages answer a question: BM25 over stems, roots and synonyms, fused with meaning."""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from chatcrew.intents import nearest
from chatcrew.knowledge._analysis import ROOT
from chatcrew.knowledge._question import Term, terms

# Tuned on the questions marked "dev" of benchmarks/data/retrieval_ptbr.json, measured on the rest.
_SATURATED = 1.2
_LENGTH = 0.5
_ALSO = 0.25
"""What further words for the same thing add to the best one."""
_FUSED = 60
"""The k of reciprocal rank fusion, as its authors chose it."""
_HALF = 3
"""A slip leaves either the first letters or the last ones as they were."""

_K = TypeVar("_K", bound=Hashable)
_P = TypeVar("_P", bound=tuple[str, int])


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How often each key stands in a version's passages.

    Attributes:
        passages: how many there are.
        average: mean length of one, in weighted words.
        frequencies: in how many a key stands.
    """

    passages: int
    average: float
    frequencies: Mapping[str, int]
    _ends: Mapping[str, Sequence[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the stems by how they begin and how they end, for slips of the thumb."""
        ends: dict[str, list[str]] = defaultdict(list)
        for key in self.frequencies:
            if not key.startswith(ROOT) and len(key) > _HALF:
                ends[f"{key[:_HALF]}-"].append(key)
                ends[f"-{key[-_HALF:]}"].append(key)
        object.__setattr__(self, "_ends", dict(ends))

    def rarity(self, key: str) -> float:
        """Return the inverse document frequency of a key."""
        count = self.frequencies.get(key, 0)
        return math.log(1 + (self.passages - count + 0.5) / (count + 0.5))

    def nearest(self, stem: str) -> str | None:
        """Return the one stem that is a slip away from ``stem``, or None."""
        ends = (f"{stem[:_HALF]}-", f"-{stem[-_HALF:]}")
        near = {key for end in ends for key in self._ends.get(end, ())}
        return nearest(stem, near)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, weighed against one vocabulary.

    Attributes:
        by_key: terms that a key speaks for, with what that is worth.
        best: what a passage would get that held every word of it once.
    """

    vocabulary: Vocabulary
    by_key: Mapping[str, Sequence[tuple[int, float]]]
    best: float

    @classmethod
    def of(cls, text: str, vocabulary: Vocabulary) -> "Asked":
        """Weigh a customer's words."""
        known = vocabulary.frequencies
        found = terms(text, known=known.__contains__, nearest=vocabulary.nearest)
        by_key: dict[str, list[tuple[int, float]]] = defaultdict(list)
        best = 0.0
        for number, term in enumerate(found):
            worth = _worths(term, vocabulary)
            for key, value in worth.items():
                by_key[key].append((number, value))
            best += max(worth.values(), default=term.weight * vocabulary.rarity(""))
        return cls(vocabulary, dict(by_key), best)

    def rarest(self, bound: int) -> list[str]:
        """Return the keys worth looking for, until they stand in ``bound`` passages together.

        The most telling come first; the first is always among them.
        """
        worth = {key: sum(value for _, value in rows) for key, rows in self.by_key.items()}
        chosen: list[str] = []
        held = 0
        for key in sorted(worth, key=lambda one: (-worth[one], one)):
            held += self.vocabulary.frequencies[key]
            if chosen and held > bound:
                break
            chosen.append(key)
        return chosen

    def score(self, counts: Mapping[str, float], length: float) -> float:
        """Return how well a passage answers, 0 where it holds nothing that is asked."""
        long = 1 - _LENGTH + _LENGTH * length / max(1.0, self.vocabulary.average)
        most: dict[int, float] = {}
        whole: dict[int, float] = {}
        for key in self.by_key.keys() & counts.keys():
            count = counts[key]
            held = count * (_SATURATED + 1) / (count + _SATURATED * long)
            for term, worth in self.by_key[key]:
                value = worth * held
                most[term] = max(most.get(term, 0.0), value)
                whole[term] = whole.get(term, 0.0) + value
        # In one order, so that every engine adds up to the very same number
        return sum(most[term] + _ALSO * (whole[term] - most[term]) for term in sorted(most))

    def share(self, score: float) -> float:
        """Return a score as a share of the best, for people to read."""
        return round(min(1.0, score / self.best), 4) if self.best else 0.0


def _worths(term: Term, vocabulary: Vocabulary) -> dict[str, float]:
    return {
        key: term.weight * likeness * vocabulary.rarity(key)
        for key, likeness in term.variants.items()
        if key in vocabulary.frequencies
    }


def by_score(scores: Mapping[_P, float]) -> list[_P]:
    """Return places, best first; of two that are as good always the same one."""
    return sorted(scores, key=lambda place: (-scores[place], place))


def fused(*rankings: Iterable[_K]) -> list[_K]:
    """Return what several rankings hold, best first (reciprocal rank fusion)."""
    points: dict[_K, float] = {}
    for ranking in rankings:
        for place, one in enumerate(ranking, 1):
            points[one] = points.get(one, 0.0) + 1 / (_FUSED + place)
    return sorted(points, key=lambda one: -points[one])
