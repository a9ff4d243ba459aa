"""Knowledge in memory: the twin for tests and for trying a business out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatcrew.knowledge._port import LIMIT
from chatcrew.knowledge._score import Entry, Question, ranked, score
from chatcrew.messages import Passage
from chatcrew.tenancy.model import Faq


@dataclass(frozen=True, slots=True)
class _Shelf:
    version: str
    entries: tuple[Entry, ...]
    frequencies: Mapping[str, int]


class MemoryKnowledge:
    """Satisfies ``Knowledge``; empty at start."""

    def __init__(self) -> None:
        self._shelves: dict[str, _Shelf] = {}

    async def sync(self, tenant: str, entries: Sequence[Faq], *, version: str) -> bool:
        """Make ``entries`` all that ``tenant`` knows; return whether anything was written."""
        shelf = self._shelves.get(tenant)
        if shelf is not None and shelf.version == version:
            return False
        indexed = tuple(Entry.of(faq) for faq in entries)
        frequencies = Counter(stem for entry in indexed for stem in entry.all_stems())
        self._shelves[tenant] = _Shelf(version, indexed, frequencies)
        return True

    async def search(self, tenant: str, question: str, *, limit: int = LIMIT) -> list[Passage]:
        """Return passages of this tenant only, best first; only the first may be ``certain``."""
        shelf = self._shelves.get(tenant)
        if shelf is None:
            return []
        count, frequencies = len(shelf.entries), shelf.frequencies
        asked = Question.of(question, entries=count, frequencies=frequencies)
        matches = (
            score(asked, entry, entries=count, frequencies=frequencies) for entry in shelf.entries
        )
        return ranked(matches, limit=limit)
