"""Knowledge on PostgreSQL: full text over our own stems finds, the common score decides."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial

import orjson

from chatcrew.clock import Clock, SystemClock
from chatcrew.database import Database
from chatcrew.database.transactions import statement, transaction
from chatcrew.knowledge import _sources_sql as sources
from chatcrew.knowledge._asked_before import Answers
from chatcrew.knowledge._documents_sql import PostgresDocuments, put_on_list
from chatcrew.knowledge._entries_sql import add_entries, answers_to
from chatcrew.knowledge._passages import ANALYSIS, Read, entry_of, name_of, of_entries
from chatcrew.knowledge._port import LIMIT, NEWEST, Embedder, Progress
from chatcrew.knowledge._rank import Asked, Vocabulary, by_score, fused
from chatcrew.knowledge._report import Remark, report
from chatcrew.knowledge._score import Entry
from chatcrew.knowledge._search_sql import Place, by_words, everything, shown
from chatcrew.knowledge._shelf import SMALL, Shelf
from chatcrew.knowledge._together import together
from chatcrew.knowledge._vectors_sql import PostgresVectors
from chatcrew.knowledge._versions_sql import Known, Versions
from chatcrew.messages import Passage, clean_text
from chatcrew.tenancy.model import Document, Faq

_AT_ONCE = 8_000
"""Characters of a question, times entries and passages, up to which the loop waits: about 1 ms."""


class PostgresKnowledge:
    """Satisfies ``Knowledge``; tables ``knowledge_source`` and ``knowledge_entry``, and documents'.

    Args:
        database: migrated.
        clock: says what day it is, and waits for other processes.
        embedder: makes vectors of texts; None: words alone find.
        small: entries, and passages, up to which a version is searched in this process; a larger
            one is searched by the database.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock | None = None,
        *,
        embedder: Embedder | None = None,
        small: int = SMALL,
    ) -> None:
        self._database = database
        self._clock = clock or SystemClock()
        self._documents = PostgresDocuments(database, self._clock)
        self._vectors = None if embedder is None else PostgresVectors(database, embedder)
        self.embedder = embedder
        self._versions = Versions(database, small=small)
        self._answers = Answers()

    async def sync(
        self,
        tenant: str,
        entries: Sequence[Faq],
        *,
        version: str,
        documents: Sequence[Document] = (),
        progress: Progress | None = None,
    ) -> bool:
        """Let these be what ``tenant`` knows in ``version``; return whether that was new.

        Of workers that come at once one writes, and the others wait for it.

        Raises:
            StoreError: the database is away.
        """
        which = {"tenant": tenant, "version": _stamp(version)}
        async with transaction(self._database) as connection:
            stale = await connection.scalar(sources.STALE, which)
            if stale is False or (stale and await connection.scalar(sources.TOUCH, which)):
                fresh = False
            else:
                fresh = True
        listed = {one.path: name_of(one) for one in documents}
        if not fresh:
            await self._embed(tenant, which, listed)
            return False
        await self._documents.bring_in(tenant, documents, progress=progress)
        indexed = await asyncio.to_thread(_indexed, entries)
        indexed += await self._answered(tenant, listed)
        frequencies = Counter(stem for entry, _ in indexed for stem in entry.all_stems())
        vocabulary = Vocabulary(0, 0.0, {})
        if documents:
            listed[""] = f"{which['version']}"
            await self._documents.claim(tenant, listed[""])
            found = await asyncio.to_thread(lambda: Read.of(of_entries(entries)))
            await self._documents.keep(tenant, listed[""], found)
            vocabulary = await self._documents.whole(tenant, [*listed.values()])
            await self._embed(tenant, which, listed)
        words = await asyncio.to_thread(_json, vocabulary.frequencies)
        source = {
            **which,
            "entries": len(indexed),
            "frequencies": _json(frequencies),
            "documents": len(documents),
            "passages": vocabulary.passages,
            "length": vocabulary.average,
            "vocabulary": words,
        }
        async with transaction(self._database) as connection:
            if await connection.scalar(sources.CLAIM, source) is None:
                return False
            if indexed:
                await add_entries(connection, which, indexed)
            await put_on_list(connection, which, listed)
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
        """Return passages of this tenant and version, best first; only the first may be certain.

        Raises:
            StoreError: the database is away.
        """
        which = {"tenant": tenant, "version": _stamp(version)}
        day = today or self._clock.now().date()
        question = clean_text(question)
        asked = self._answers.key(*which.values(), question, day, limit)
        found = self._answers.get(asked)
        if found is None:
            found = await self._searched(which, question, day=day, limit=limit, trial=trial)
            # Vectors may come later than their version, and whoever makes the question's be away
            if found and self._vectors is None:
                self._answers.put(asked, found)
        return list(found)

    async def _searched(
        self, which: Mapping[str, str], question: str, *, day: date, limit: int, trial: str | None
    ) -> Sequence[Passage]:
        known = await self._versions.known(which)
        if known is None:
            return []
        vector = None
        if known.vocabulary is not None and self._vectors is not None:
            # with no connection held: it may take its second
            vector = await self._vectors.asked(which["tenant"], question, trial=trial)
        shelf = await self._versions.shelf(which, known)
        if shelf is not None:
            near = None
            if vector is not None and self._vectors is not None:
                async with statement(self._database) as connection:
                    near = await self._vectors.by_meaning(connection, which, vector, today=day)
            look = partial(_on_shelf, shelf, known, question, near=near, day=day, limit=limit)
            at_once = len(question) * len(shelf) <= _AT_ONCE
            return look() if at_once else await asyncio.to_thread(look)
        # A version never changes, so that its statements need no common moment
        async with statement(self._database) as connection:
            answers = await answers_to(
                connection,
                which,
                question,
                known.entries,
                known.frequencies,
                slips=known.slips,
                today=day,
                limit=limit,
            )
            if known.vocabulary is None:
                return answers
            asked = await asyncio.to_thread(Asked.of, question, known.vocabulary)
            scores = await by_words(connection, which, asked, today=day)
            best = by_score(scores)
            if vector is not None and self._vectors is not None:
                near = await self._vectors.by_meaning(connection, which, vector, today=day)
                best = fused(best, near)
            wanted = {place: scores.get(place, 0.0) for place in best[: limit * 2]}
            found = await shown(connection, which, wanted)
        return together(answers, found, asked, limit=limit, sort=vector is None)

    async def report(self, tenant: str, *, version: str, today: date | None = None) -> list[Remark]:
        """Return what the admin should look at: contradictions, duplicates, what has expired.

        Raises:
            StoreError: the database is away.
        """
        async with transaction(self._database) as connection:
            said = await everything(connection, {"tenant": tenant, "version": _stamp(version)})
        return await asyncio.to_thread(report, said, today=today or self._clock.now().date())

    async def forget(self, *, unused: timedelta) -> int:
        """Delete versions that nobody synced for so long; return how many.

        Raises:
            StoreError: the database is away.
        """
        bounds = {"seconds": unused.total_seconds(), "newest": NEWEST}
        async with transaction(self._database) as connection:
            gone = len((await connection.scalars(sources.FORGET, bounds)).all())
        await self._documents.forget(unused=unused)
        if self._vectors is not None:
            await self._vectors.forget()
        return gone

    async def _embed(
        self, tenant: str, which: Mapping[str, str], listed: Mapping[str, str]
    ) -> None:
        """Give what has no vector of this model yet its own, as far as that can be done now."""
        if self._vectors is not None and listed:
            await self._vectors.bring_in(tenant, [*listed.values(), which["version"]])

    async def _answered(
        self, tenant: str, listed: Mapping[str, str]
    ) -> list[tuple[Entry, date | None]]:
        """Return the questions that documents answer word for word, as entries."""
        paths = {name: path for path, name in sorted(listed.items(), reverse=True)}
        if not paths:
            return []
        found = await self._documents.questions(tenant, [*paths])
        return await asyncio.to_thread(
            lambda: [(entry_of(chunk, paths[name]), chunk.expires) for name, chunk in found]
        )


def _on_shelf(
    shelf: Shelf,
    known: Known,
    question: str,
    *,
    near: Sequence[Place] | None,
    day: date,
    limit: int,
) -> Sequence[Passage]:
    """Search what the process holds whole: it finds what the database would find."""
    answers = shelf.answers_to(question, today=day, limit=limit)
    if known.vocabulary is None:
        return answers
    asked = Asked.of(question, known.vocabulary)
    scores = shelf.by_words(asked, today=day)
    best = by_score(scores) if near is None else fused(by_score(scores), near)
    wanted = {place: scores.get(place, 0.0) for place in best[: limit * 2]}
    return together(answers, shelf.shown(wanted), asked, limit=limit, sort=near is None)


def _indexed(entries: Sequence[Faq]) -> list[tuple[Entry, date | None]]:
    return [(Entry.of(faq), None) for faq in entries]


def _stamp(version: str) -> str:
    return f"{ANALYSIS}:{version}"


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
