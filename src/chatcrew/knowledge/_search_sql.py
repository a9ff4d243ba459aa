"""Search among a version's passages: few candidates by their most telling words, then ranked."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.knowledge._documents_sql import chunk_of, prefix
from chatcrew.knowledge._passages import said_in, source_of
from chatcrew.knowledge._rank import Asked
from chatcrew.knowledge._report import Said
from chatcrew.knowledge._together import Found

WALKED = 900
"""Passages that the words looked for may stand in together: what the database sorts roughly."""
RANKED = 200
"""Passages that are ranked in earnest."""

Place = tuple[str, int]

# The rough order counts words; a passage with more of the telling ones comes earlier. By words
# first, then by version: of a version that is just listed the planner knows nothing, and would
# look through all its documents.
_CANDIDATES = text("""
    with matched as materialized (
        select digest, position, length, counts,
            ts_rank(keys, cast(:query as tsquery)) as rank
        from knowledge_passage
        where tenant = :tenant and keys @@ cast(:query as tsquery)
            and (expires is null or expires >= :today)
    )
    select digest, position, length, counts::text as counts from matched
    where digest in (
        select digest from knowledge_listed where tenant = :tenant and version = :version
    )
    order by rank desc, length, digest, position
    limit :limit
""")
# Asked for by two lists instead of by pairs: the primary key finds them at once
_SHOWN = text("""
    with paths as materialized (
        select digest, min(path) as path from knowledge_listed
        where tenant = :tenant and version = :version and digest = any(:digests) group by digest
    )
    select digest, position, mark, title, headings, body, question, path
    from knowledge_passage join paths using (digest)
    where tenant = :tenant and digest = any(:digests) and position = any(:positions)
""")
_EVERYTHING = text("""
    select p.mark, p.title, p.headings, p.body, p.question, p.asked, p.expires, l.path
    from knowledge_listed as l
    join knowledge_passage as p on p.tenant = l.tenant and p.digest = l.digest
    where l.tenant = :tenant and l.version = :version order by l.path, p.position
""")
_ENTRIES = text("""
    select source, title, body from knowledge_entry
    where tenant = :tenant and version = :version order by position
""")


async def everything(connection: AsyncConnection, which: Mapping[str, str]) -> list[Said]:
    """Return all that a version says."""
    found = await connection.execute(_EVERYTHING, which)
    said = [said_in(chunk_of(row), source_of(row["mark"], row["path"])) for row in found.mappings()]
    if said:
        return said
    return [
        Said(row.source, row.title, row.body) for row in await connection.execute(_ENTRIES, which)
    ]


async def by_words(
    connection: AsyncConnection, which: Mapping[str, str], asked: Asked, *, today: date
) -> dict[Place, float]:
    """Return how well passages answer by their words, those that hold none left out."""
    wanted = asked.rarest(WALKED)
    if not wanted:
        return {}
    before = prefix(which["tenant"])
    # Quotes and backslashes stand in no key; a tenant's name has neither
    query = " | ".join(f"'{before}{key}'" for key in wanted)
    found = await connection.execute(
        _CANDIDATES, {**which, "query": query, "today": today, "limit": RANKED}
    )
    rows = [tuple(row) for row in found]
    return await asyncio.to_thread(_scored, asked, rows)


async def shown(
    connection: AsyncConnection, which: Mapping[str, str], scores: Mapping[Place, float]
) -> list[Found]:
    """Return passages with what they say, in the order of ``scores``."""
    places = list(scores)
    asked = {
        **which,
        "digests": [digest for digest, _ in places],
        "positions": [position for _, position in places],
    }
    if not places:
        return []
    rows = {
        (row.digest, row.position): Found(
            source_of(row.mark, row.path),
            row.question or row.title,
            tuple(row.headings),
            row.body,
            scores[row.digest, row.position],
        )
        for row in await connection.execute(_SHOWN, asked)
        if (row.digest, row.position) in scores
    }
    return [rows[place] for place in places if place in rows]


def _scored(asked: Asked, rows: Sequence[tuple[str, int, float, str]]) -> dict[Place, float]:
    scores = {
        (digest, position): asked.score(orjson.loads(counts), length)
        for digest, position, length, counts in rows
    }
    return {place: score for place, score in scores.items() if score > 0}
