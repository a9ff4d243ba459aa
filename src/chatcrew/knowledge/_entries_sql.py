"""Configured questions on PostgreSQL: full text finds them, the common score says which is sure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import orjson
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.intents import Slips
from chatcrew.knowledge._score import Entry, Question, Weighed, ranked, score
from chatcrew.messages import Passage

_CANDIDATES = 32

_ADD = text("""
    insert into knowledge_entry
        (tenant, version, position, source, title, body, wordings, keywords, content, expires,
        document)
    values (:tenant, :version, :position, :source, :title, :body, cast(:wordings as jsonb),
        cast(:keywords as jsonb), cast(:content as jsonb), :expires,
        setweight(to_tsvector('simple', :a), 'A') || setweight(to_tsvector('simple', :b), 'B')
            || setweight(to_tsvector('simple', :c), 'C'))
""")
_FIND = text("""
    select source, title, body, wordings, keywords, content
    from knowledge_entry, cast(:query as tsquery) as query
    where tenant = :tenant and version = :version and document @@ query
        and (expires is null or expires >= :today)
    order by ts_rank(document, query, 1) desc, position limit :limit
""")


async def add_entries(
    connection: AsyncConnection,
    which: Mapping[str, str],
    entries: Sequence[tuple[Entry, date | None]],
) -> None:
    """Write down a version's entries, each with the last day on which it holds."""
    rows = [{**which, **_row(at, *entry)} for at, entry in enumerate(entries)]
    await connection.execute(_ADD, rows)


async def answers_to(
    connection: AsyncConnection,
    which: Mapping[str, str],
    question: str,
    entries: int,
    frequencies: Mapping[str, int],
    *,
    slips: Slips,
    today: date,
    limit: int,
) -> list[Passage]:
    """Return the configured questions that are nearest; the first may be certain."""
    asked = Question.of(question, entries=entries, frequencies=frequencies, slips=slips)
    searched = asked.searched()
    if not entries or not searched:
        return []
    # Stems are word characters only, so quoting needs no escapes
    query = " | ".join(f"'{stem}'" for stem in searched)
    found = await connection.execute(
        _FIND, {**which, "query": query, "today": today, "limit": max(_CANDIDATES, limit)}
    )
    matches = (
        score(asked, Weighed.of(entry_from(row), entries=entries, frequencies=frequencies))
        for row in found.mappings()
    )
    return ranked(matches, limit=limit)


def entry_from(row: RowMapping) -> Entry:
    """Return the entry that a row holds."""
    return Entry(
        source=row["source"],
        title=row["title"],
        body=row["body"],
        wordings=tuple(tuple(wording) for wording in row["wordings"]),
        keywords=tuple(row["keywords"]),
        content=tuple(row["content"]),
    )


def _row(position: int, entry: Entry, expires: date | None) -> dict[str, Any]:
    asked = [stem for wording in entry.wordings for stem in wording]
    return {
        "position": position,
        "source": entry.source,
        "title": entry.title,
        "body": entry.body,
        "wordings": _json(entry.wordings),
        "keywords": _json(entry.keywords),
        "content": _json(entry.content),
        "expires": expires,
        "a": " ".join(asked),
        "b": " ".join(entry.keywords),
        "c": " ".join(entry.content),
    }


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
