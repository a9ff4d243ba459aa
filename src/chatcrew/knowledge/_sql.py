"""Knowledge on PostgreSQL: full text over our own stems finds, the common score decides."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.database import Database
from chatcrew.database.transactions import transaction
from chatcrew.knowledge._port import LIMIT
from chatcrew.knowledge._score import Entry, Question, ranked, score
from chatcrew.messages import Passage, clean_text
from chatcrew.tenancy.model import Faq

_ANALYSIS = "1"
"""Grows when stems are made in another way, so that an unchanged file is indexed again."""

_CANDIDATES = 32

_CLAIM = text("""
    insert into knowledge_source (tenant, version, entries, frequencies)
    values (:tenant, '', 0, '{}') on conflict (tenant) do nothing
""")
_LOCK = text("select version from knowledge_source where tenant = :tenant for update")
_CLEAR = text("delete from knowledge_entry where tenant = :tenant")
_ADD = text("""
    insert into knowledge_entry
        (tenant, position, source, title, body, wordings, keywords, content, document)
    values (:tenant, :position, :source, :title, :body, cast(:wordings as jsonb),
        cast(:keywords as jsonb), cast(:content as jsonb),
        setweight(to_tsvector('simple', :a), 'A') || setweight(to_tsvector('simple', :b), 'B')
            || setweight(to_tsvector('simple', :c), 'C'))
""")
_DONE = text("""
    update knowledge_source
    set version = :version, entries = :entries, frequencies = cast(:frequencies as jsonb)
    where tenant = :tenant
""")
_VERSION = text("select version, entries from knowledge_source where tenant = :tenant")
_FREQUENCIES = text("""
    select version, entries, frequencies from knowledge_source where tenant = :tenant
""")
_FIND = text("""
    select source, title, body, wordings, keywords, content
    from knowledge_entry, cast(:query as tsquery) as query
    where tenant = :tenant and document @@ query
    order by ts_rank(document, query, 1) desc, position limit :limit
""")


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    version: str
    entries: int
    frequencies: Mapping[str, int]


class PostgresKnowledge:
    """Satisfies ``Knowledge``; tables ``knowledge_source`` and ``knowledge_entry``."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vocabularies: dict[str, _Vocabulary] = {}

    async def sync(self, tenant: str, entries: Sequence[Faq], *, version: str) -> bool:
        """Make ``entries`` all that ``tenant`` knows; return whether anything was written.

        Workers that come at once take turns on the tenant's row.

        Raises:
            StoreError: the database is away.
        """
        stamp = f"{_ANALYSIS}:{version}"
        async with transaction(self._database) as connection:
            known = await connection.scalar(_VERSION, {"tenant": tenant})
            if known == stamp:
                return False
        indexed = await asyncio.to_thread(lambda: [Entry.of(faq) for faq in entries])
        frequencies = Counter(stem for entry in indexed for stem in entry.all_stems())
        async with transaction(self._database) as connection:
            await connection.execute(_CLAIM, {"tenant": tenant})
            if await connection.scalar(_LOCK, {"tenant": tenant}) == stamp:
                return False
            await connection.execute(_CLEAR, {"tenant": tenant})
            if indexed:
                rows = [_row(tenant, position, entry) for position, entry in enumerate(indexed)]
                await connection.execute(_ADD, rows)
            done = {
                "tenant": tenant,
                "version": stamp,
                "entries": len(indexed),
                "frequencies": _json(frequencies),
            }
            await connection.execute(_DONE, done)
        return True

    async def search(self, tenant: str, question: str, *, limit: int = LIMIT) -> list[Passage]:
        """Return passages of this tenant only, best first; only the first may be ``certain``.

        Raises:
            StoreError: the database is away.
        """
        async with transaction(self._database) as connection:
            known = await self._vocabulary(connection, tenant)
            if known is None:
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
                _FIND, {"tenant": tenant, "query": query, "limit": max(_CANDIDATES, limit)}
            )
            entries = [_entry(row) for row in found.mappings()]
        matches = (
            score(asked, entry, entries=known.entries, frequencies=known.frequencies)
            for entry in entries
        )
        return ranked(matches, limit=limit)

    async def _vocabulary(self, connection: AsyncConnection, tenant: str) -> _Vocabulary | None:
        """Return how often each stem stands in the tenant's entries; read once per version."""
        row = (await connection.execute(_VERSION, {"tenant": tenant})).one_or_none()
        if row is None or not row.entries:
            return None
        known = self._vocabularies.get(tenant)
        if known is None or known.version != row.version:
            full = (await connection.execute(_FREQUENCIES, {"tenant": tenant})).one()
            known = _Vocabulary(full.version, full.entries, full.frequencies)
            self._vocabularies[tenant] = known
        return known


def _row(tenant: str, position: int, entry: Entry) -> dict[str, Any]:
    asked = [stem for wording in entry.wordings for stem in wording]
    return {
        "tenant": tenant,
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
