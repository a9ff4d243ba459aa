"""Erases rows that are a person's by nothing but what stands in them."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import orjson
from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.database.transactions import statement, transaction
from chatcrew.lgpd._holding import Holding, Link
from chatcrew.lgpd._needles import Searcher
from chatcrew.lgpd._opening import Reveal, Unreadable
from chatcrew.lgpd._people_sql import leaves
from chatcrew.lgpd._register_sql import REGISTER

_AT_ONCE: Final = 200
_ROUNDS: Final = 3
"""How often rows are looked for that somebody writes again meanwhile."""


async def erase_words(
    database: Database, tenant: str, searcher: Searcher, *, reveal: Reveal
) -> tuple[dict[str, int], list[Unreadable]]:
    """Delete such rows of a tenant, and of none; return how many by table.

    One that somebody changed in the database goes too: it opens for nobody, and nobody can say
    whose it is. Such ones are returned beside the counts.

    Webhooks are written meanwhile: rows are read without a lock, searched beside the loop, and
    only what was found is deleted.

    Raises:
        StoreError: the database is away; what was deleted until then stays deleted.
    """
    gone: dict[str, int] = {}
    unreadable: list[Unreadable] = []
    for one in REGISTER.values():
        if one.link is not Link.WORDS:
            continue
        gone[one.table] = 0
        for _ in range(_ROUNDS):
            places, spoilt = await _holding(database, one, tenant, searcher, reveal)
            unreadable += spoilt
            count = await _delete(database, one.table, places)
            gone[one.table] += count
            if count == len(places):
                break
    return gone, unreadable


async def _holding(
    database: Database, one: Holding, tenant: str, searcher: Searcher, reveal: Reveal
) -> tuple[list[tuple[str, str]], list[Unreadable]]:
    """Return where rows lie that hold the person, and in which version."""
    where = "t.tenant = :tenant" if "tenant" in one.plain else "true"
    query = f"""
        select cast(t.ctid as text), cast(t.xmin as text), cast(to_jsonb(t) as text)
        from {one.table} t where {where}
    """  # noqa: S608 - names of the register, no values
    places: list[tuple[str, str]] = []
    unreadable: list[Unreadable] = []

    def look(some: Sequence[Any]) -> None:
        for place, version, written in some:
            row, closed = reveal(one.table, orjson.loads(written))
            spoilt = [known for known in closed if known.tampered]
            said = "\n".join(leaves([row[name] for name in one.personal]))
            if spoilt or searcher.kinds(said):
                unreadable.extend(spoilt)
                places.append((place, version))

    async with transaction(database) as connection:
        rows = await connection.stream(text(query), {"tenant": tenant})
        async for some in rows.partitions(_AT_ONCE):
            await asyncio.to_thread(look, some)
    return places, unreadable


async def _delete(database: Database, table: str, places: Sequence[tuple[str, str]]) -> int:
    """Delete rows that are still what they were: where one was, another may stand by now."""
    if not places:
        return 0
    query = f"""
        delete from {table} t
        using unnest(cast(:places as text[]), cast(:versions as text[])) as seen (place, version)
        where t.ctid = cast(seen.place as tid) and cast(t.xmin as text) = seen.version
    """  # noqa: S608 - names of the register, no values
    values = {
        "places": [place for place, _ in places],
        "versions": [version for _, version in places],
    }
    async with statement(database) as connection:
        return (await connection.execute(text(query), values)).rowcount
