"""Knowledge in memory: the twin for tests and for trying a business out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from chatcrew.clock import Clock, SystemClock
from chatcrew.knowledge._port import LIMIT, NEWEST
from chatcrew.knowledge._score import Entry, Question, ranked, score
from chatcrew.messages import Passage
from chatcrew.tenancy.model import Faq


@dataclass(slots=True)
class _Shelf:
    entries: tuple[Entry, ...]
    frequencies: Mapping[str, int]
    touched: float


class MemoryKnowledge:
    """Satisfies ``Knowledge``; empty at start.

    Args:
        clock: tells how long a version was not used.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._shelves: dict[str, dict[str, _Shelf]] = {}

    async def sync(self, tenant: str, entries: Sequence[Faq], *, version: str) -> bool:
        """Let ``entries`` be what ``tenant`` knows in ``version``; return whether that was new."""
        shelves = self._shelves.setdefault(tenant, {})
        now = self._clock.monotonic()
        if version in shelves:
            shelves[version].touched = now
            return False
        indexed = tuple(Entry.of(faq) for faq in entries)
        frequencies = Counter(stem for entry in indexed for stem in entry.all_stems())
        shelves[version] = _Shelf(indexed, frequencies, now)
        return True

    async def search(
        self, tenant: str, question: str, *, version: str, limit: int = LIMIT
    ) -> list[Passage]:
        """Return passages of this tenant and version, best first; only the first may be certain."""
        shelf = self._shelves.get(tenant, {}).get(version)
        if shelf is None:
            return []
        count, frequencies = len(shelf.entries), shelf.frequencies
        asked = Question.of(question, entries=count, frequencies=frequencies)
        matches = (
            score(asked, entry, entries=count, frequencies=frequencies) for entry in shelf.entries
        )
        return ranked(matches, limit=limit)

    async def forget(self, *, unused: timedelta) -> int:
        """Delete versions that nobody synced for so long; return how many."""
        since = self._clock.monotonic() - unused.total_seconds()
        gone = 0
        for shelves in self._shelves.values():
            newest = sorted(shelves, key=lambda version: shelves[version].touched, reverse=True)
            for version in newest[NEWEST:]:
                if shelves[version].touched < since:
                    del shelves[version]
                    gone += 1
        return gone
