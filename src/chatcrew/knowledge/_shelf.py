"""A small version's knowledge, whole in a process: what never changes is not read each time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chatcrew.intents import Slips
from chatcrew.knowledge._passages import holds
from chatcrew.knowledge._rank import Asked
from chatcrew.knowledge._score import Question, Weighed, ranked, score
from chatcrew.knowledge._search_sql import RANKED, WALKED, Place
from chatcrew.knowledge._together import Found
from chatcrew.messages import Passage

SMALL = RANKED
"""Most entries, and most passages, of a version that is held whole.

As many as the database would rank in earnest, so that either way finds the same.
"""

_MOST = 4_000
"""Entries and passages of all tenants together that a process holds: some 30 MB."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """A passage with what it is found by.

    Attributes:
        said: what it says; of a score it knows nothing.
        counts: how much of each stem and root it holds.
        length: its weighted words.
        expires: the last day on which it holds.
    """

    said: Found
    counts: Mapping[str, float]
    length: float
    expires: date | None


class Shelf:
    """All entries and passages of one version of a tenant's knowledge.

    Args:
        entries: each with the last day on which it holds, in their order.
        passages: by document and position.
        frequencies: in how many entries each stem stands.
        slips: of these stems.
    """

    def __init__(
        self,
        entries: Sequence[tuple[Weighed, date | None]],
        passages: Mapping[Place, Shelved],
        *,
        frequencies: Mapping[str, int],
        slips: Slips,
    ) -> None:
        self._entries = entries
        self._passages = passages
        self._frequencies = frequencies
        self._slips = slips
        places: dict[str, list[Place]] = defaultdict(list)
        for place, one in passages.items():
            for key in one.counts:
                places[key].append(place)
        self._places = dict(places)

    def __len__(self) -> int:
        """Return how many entries and passages it holds."""
        return len(self._entries) + len(self._passages)

    def answers_to(self, question: str, *, today: date, limit: int) -> list[Passage]:
        """Return the configured questions that are nearest; the first may be certain."""
        asked = Question.of(
            question,
            entries=len(self._entries),
            frequencies=self._frequencies,
            slips=self._slips,
        )
        holding = (one for one, expires in self._entries if holds(expires, today))
        return ranked((score(asked, one) for one in holding), limit=limit)

    def by_words(self, asked: Asked, *, today: date) -> dict[Place, float]:
        """Return how well passages answer by their words, those that hold none left out."""
        wanted = asked.rarest(WALKED)
        near = {place: None for key in wanted for place in self._places.get(key, ())}
        scores: dict[Place, float] = {}
        for place in near:
            one = self._passages[place]
            value = asked.score(one.counts, one.length) if holds(one.expires, today) else 0.0
            if value > 0:
                scores[place] = value
        return scores

    def shown(self, scores: Mapping[Place, float]) -> list[Found]:
        """Return passages with what they say, in the order of ``scores``."""
        return [
            self._passages[place].said.scored(value)
            for place, value in scores.items()
            if place in self._passages
        ]


class Shelves:
    """The shelves of a process; those that nobody asked for longest make room.

    Args:
        most: entries and passages of all of them together.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._shelves: dict[tuple[str, str], Shelf] = {}

    def get(self, tenant: str, version: str) -> Shelf | None:
        """Return the shelf of a version of a tenant's knowledge, or None."""
        shelf = self._shelves.pop((tenant, version), None)
        if shelf is not None:
            self._shelves[tenant, version] = shelf
        return shelf

    def put(self, tenant: str, version: str, shelf: Shelf) -> None:
        """Hold it from now on."""
        self._shelves.pop((tenant, version), None)
        self._shelves[tenant, version] = shelf
        while len(self._shelves) > 1 and sum(map(len, self._shelves.values())) > self._most:
            del self._shelves[next(iter(self._shelves))]
