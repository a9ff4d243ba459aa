"""Knowledge in memory: the twin for tests and for trying a business out."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from chatcrew.clock import Clock, SystemClock
from chatcrew.intents import Slips
from chatcrew.knowledge._passages import (
    Held,
    Read,
    entry_of,
    holds,
    name_of,
    of_entries,
    read_document,
    said_in,
    source_of,
)
from chatcrew.knowledge._port import LIMIT, NEWEST, Progress
from chatcrew.knowledge._rank import Asked, Vocabulary
from chatcrew.knowledge._report import Remark, Said, report
from chatcrew.knowledge._score import Entry, Question, Weighed, ranked, score
from chatcrew.knowledge._together import Found, together
from chatcrew.messages import Passage, clean_text
from chatcrew.tenancy.model import Document, Faq


@dataclass(slots=True)
class _Shelf:
    entries: tuple[tuple[Weighed, date | None], ...]
    frequencies: Mapping[str, int]
    slips: Slips
    passages: tuple[tuple[str, Held], ...]
    vocabulary: Vocabulary
    touched: float


class MemoryKnowledge:
    """Satisfies ``Knowledge``; empty at start, and without embeddings.

    Args:
        clock: tells how long a version was not used.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._shelves: dict[str, dict[str, _Shelf]] = {}
        self._read: dict[tuple[str, str], Read] = {}

    async def sync(
        self,
        tenant: str,
        entries: Sequence[Faq],
        *,
        version: str,
        documents: Sequence[Document] = (),
        progress: Progress | None = None,
    ) -> bool:
        """Let these be what ``tenant`` knows in ``version``; return whether that was new."""
        shelves = self._shelves.setdefault(tenant, {})
        now = self._clock.monotonic()
        if version in shelves:
            shelves[version].touched = now
            return False
        passages: list[tuple[str, Held]] = []
        for number, document in enumerate(documents, 1):
            name = (tenant, name_of(document))
            if name not in self._read:
                self._read[name] = await asyncio.to_thread(read_document, document)
            passages += [(document.path, one) for one in self._read[name].passages]
            if progress is not None:
                progress(number, len(documents))
        indexed = [(Entry.of(faq), None) for faq in entries] + [
            (entry_of(one.chunk, path), one.chunk.expires)
            for path, one in passages
            if one.chunk.question is not None
        ]
        if documents:
            passages += [("", one) for one in Read.of(of_entries(entries)).passages]
        frequencies = Counter(stem for entry, _ in indexed for stem in entry.all_stems())
        words = Counter(key for _, one in passages for key in one.counts)
        average = sum(one.length for _, one in passages) / max(1, len(passages))
        vocabulary = Vocabulary(len(passages), average, words)
        weighed = tuple(
            (Weighed.of(entry, entries=len(indexed), frequencies=frequencies), expires)
            for entry, expires in indexed
        )
        shelves[version] = _Shelf(
            weighed, frequencies, Slips(frequencies), tuple(passages), vocabulary, now
        )
        return True

    async def search(
        self,
        tenant: str,
        question: str,
        *,
        version: str,
        limit: int = LIMIT,
        today: date | None = None,
        trial: str | None = None,
    ) -> list[Passage]:
        """Return passages of this tenant and version, best first; only the first may be certain."""
        del trial  # nothing is embedded here
        shelf = self._shelves.get(tenant, {}).get(version)
        if shelf is None:
            return []
        day = today or self._clock.now().date()
        question = clean_text(question)
        count, frequencies = len(shelf.entries), shelf.frequencies
        asked = Question.of(question, entries=count, frequencies=frequencies, slips=shelf.slips)
        matches = (score(asked, one) for one, expires in shelf.entries if holds(expires, day))
        answers = ranked(matches, limit=limit)
        if not shelf.passages:
            return answers
        weighed = Asked.of(question, shelf.vocabulary)
        scored = [
            (weighed.score(one.counts, one.length), path, one)
            for path, one in shelf.passages
            if holds(one.chunk.expires, day)
        ]
        found = [
            Found(
                source_of(one.chunk.source_mark, path),
                one.chunk.question or one.chunk.title,
                one.chunk.headings,
                one.chunk.text,
                value,
            )
            for value, path, one in scored
            if value > 0
        ]
        return together(answers, found, weighed, limit=limit)

    async def report(self, tenant: str, *, version: str, today: date | None = None) -> list[Remark]:
        """Return what the admin should look at: contradictions, duplicates, what has expired."""
        shelf = self._shelves.get(tenant, {}).get(version)
        if shelf is None:
            return []
        said = [
            said_in(one.chunk, source_of(one.chunk.source_mark, path))
            for path, one in shelf.passages
        ] or [Said(one.entry.source, one.entry.title, one.entry.body) for one, _ in shelf.entries]
        return await asyncio.to_thread(report, said, today=today or self._clock.now().date())

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
