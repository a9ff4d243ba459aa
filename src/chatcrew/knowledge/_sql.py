"""Knowledge on PostgreSQL: full text over our own stems finds, the common score decides."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.database import Database
from chatcrew.database.transactions import transaction
from chatcrew.knowledge._port import LIMIT, NEWEST
from chatcrew.knowledge._score import Entry, Question, ranked, score
from chatcrew.messages import Passage, clean_text
from chatcrew.telemetry import get_logger
from chatcrew.tenancy.model import Faq

_log = get_logger("knowledge")

_ANALYSIS = "1"
"""Grows when stems are made in another way, so that an unchanged file is indexed again."""

_CANDIDATES = 32

_HELD = 4
"""Versions of a tenant whose words a process keeps in mind: in force, before it, and coming."""

# A start of many workers writes nothing: to be known as in use within ten minutes is enough
_STALE = text("""
    select touched_at < now() - interval '10 minutes' from knowledge_source
    where tenant = :tenant and version = :version
""")
_TOUCH = text("""
    update knowledge_source set touched_at = now()
    where tenant = :tenant and version = :version returning version
""")
_CLAIM = text("""
    insert into knowledge_source (tenant, version, entries, frequencies)
    values (:tenant, :version, :entries, cast(:frequencies as jsonb))
    on conflict (tenant, version) do nothing returning version
""")
_ADD = text("""
    insert into knowledge_entry
        (tenant, version, position, source, title, body, wordings, keywords, content, document)
    values (:tenant, :version, :position, :source, :title, :body, cast(:wordings as jsonb),
        cast(:keywords as jsonb), cast(:content as jsonb),
        setweight(to_tsvector('simple', :a), 'A') || setweight(to_tsvector('simple', :b), 'B')
            || setweight(to_tsvector('simple', :c), 'C'))
""")
_FREQUENCIES = text("""
    select entries, frequencies from knowledge_source
    where tenant = :tenant and version = :version
""")
_FIND = text("""
    select source, title, body, wordings, keywords, content
    from knowledge_entry, cast(:query as tsquery) as query
    where tenant = :tenant and version = :version and document @@ query
    order by ts_rank(document, query, 1) desc, position limit :limit
""")


# Who syncs a version at this moment holds its row: it is looked at again, and stays
_FORGET = text("""
    delete from knowledge_source
    where touched_at < now() - make_interval(secs => :seconds)
        and (tenant, version) not in (
            select tenant, version from (
                select tenant, version,
                    row_number() over (partition by tenant order by touched_at desc, version) as nth
                from knowledge_source
            ) as ranked where nth <= :newest
        )
    returning tenant
""")


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    entries: int
    frequencies: Mapping[str, int]


class PostgresKnowledge:
    """Satisfies ``Knowledge``; tables ``knowledge_source`` and ``knowledge_entry``."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vocabularies: dict[str, dict[str, _Vocabulary]] = {}

    async def sync(self, tenant: str, entries: Sequence[Faq], *, version: str) -> bool:
        """Let ``entries`` be what ``tenant`` knows in ``version``; return whether that was new.

        Of workers that come at once one writes, and the others wait for it.

        Raises:
            StoreError: the database is away.
        """
        which = {"tenant": tenant, "version": _stamp(version)}
        async with transaction(self._database) as connection:
            stale = await connection.scalar(_STALE, which)
            if stale is False or (stale and await connection.scalar(_TOUCH, which)):
                return False
        indexed = await asyncio.to_thread(lambda: [Entry.of(faq) for faq in entries])
        frequencies = Counter(stem for entry in indexed for stem in entry.all_stems())
        source = {**which, "entries": len(indexed), "frequencies": _json(frequencies)}
        async with transaction(self._database) as connection:
            if await connection.scalar(_CLAIM, source) is None:
                return False
            if indexed:
                rows = [which | _row(position, entry) for position, entry in enumerate(indexed)]
                await connection.execute(_ADD, rows)
        return True

    async def search(
        self, tenant: str, question: str, *, version: str, limit: int = LIMIT
    ) -> list[Passage]:
        """Return passages of this tenant and version, best first; only the first may be certain.

        Raises:
            StoreError: the database is away.
        """
        which = {"tenant": tenant, "version": _stamp(version)}
        async with transaction(self._database) as connection:
            known = await self._vocabulary(connection, which)
            if known is None or not known.entries:
                return []
            asked = Question.of(
                clean_text(question), entries=known.entries, frequencies=known.frequencies
            )
            searched = asked.searched()
            if not searched:
                return []
            # Stems are word characters only, so quoting needs no escapes
            query = " | ".join(f"'{stem}'" for stem in searched)
            found = await connection.execute(
                _FIND, {**which, "query": query, "limit": max(_CANDIDATES, limit)}
            )
            entries = [_entry(row) for row in found.mappings()]
        matches = (
            score(asked, entry, entries=known.entries, frequencies=known.frequencies)
            for entry in entries
        )
        return ranked(matches, limit=limit)

    async def forget(self, *, unused: timedelta) -> int:
        """Delete versions that nobody synced for so long; return how many.

        Raises:
            StoreError: the database is away.
        """
        bounds = {"seconds": unused.total_seconds(), "newest": NEWEST}
        async with transaction(self._database) as connection:
            return len((await connection.scalars(_FORGET, bounds)).all())

    async def _vocabulary(
        self, connection: AsyncConnection, which: Mapping[str, str]
    ) -> _Vocabulary | None:
        """Return how often each stem stands in the entries; a version is read once."""
        held = self._vocabularies.setdefault(which["tenant"], {})
        known = held.get(which["version"])
        if known is None:
            row = (await connection.execute(_FREQUENCIES, which)).one_or_none()
            if row is None:
                _log.error("knowledge.missing", **which)
                return None
            while len(held) >= _HELD:
                del held[next(iter(held))]
            known = held[which["version"]] = _Vocabulary(row.entries, row.frequencies)
        return known


def _stamp(version: str) -> str:
    return f"{_ANALYSIS}:{version}"


def _row(position: int, entry: Entry) -> dict[str, Any]:
    asked = [stem for wording in entry.wordings for stem in wording]
    return {
        "position": position,
        "source": entry.source,
        "title": entry.title,
        "body": entry.body,
        "wordings": _json(entry.wordings),
        "keywords": _json(entry.keywords),
        "content": _json(entry.content),
        "a": " ".join(asked),
        "b": " ".join(entry.keywords),
        "c": " ".join(entry.content),
    }


def _entry(row: RowMapping) -> Entry:
    return Entry(
        source=row["source"],
        title=row["title"],
        body=row["body"],
        wordings=tuple(tuple(wording) for wording in row["wordings"]),
        keywords=tuple(row["keywords"]),
        content=tuple(row["content"]),
    )


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
