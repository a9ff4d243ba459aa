"""What a process keeps in mind of the versions that it searches."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import orjson
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.database import Database
from chatcrew.database.transactions import statement
from chatcrew.intents import Slips
from chatcrew.knowledge import _sources_sql as sources
from chatcrew.knowledge._entries_sql import entry_from
from chatcrew.knowledge._passages import CHANGED, source_of
from chatcrew.knowledge._rank import Vocabulary
from chatcrew.knowledge._score import Weighed
from chatcrew.knowledge._shelf import SMALL, Shelf, Shelved, Shelves
from chatcrew.knowledge._together import Found
from chatcrew.telemetry import get_logger

_log = get_logger("knowledge")

_HELD = 4
"""Versions of a tenant whose words a process keeps in mind: in force, before it, and coming."""

_ENTRIES = text("""
    select source, title, body, wordings, keywords, content, expires from knowledge_entry
    where tenant = :tenant and version = :version order by position
""")
_PASSAGES = text("""
    with paths as materialized (
        select digest, min(path) as path from knowledge_listed
        where tenant = :tenant and version = :version group by digest
    )
    select p.digest, p.position, p.mark, p.title, p.headings, p.body, p.question, p.expires,
        p.length, p.counts::text as counts, paths.path
    from knowledge_passage as p join paths using (digest)
    where p.tenant = :tenant order by p.digest, p.position
""")
# As who reads documents sees it: one that was another by then is read again once it is there
_WANTING = text("""
    select exists (
        select from knowledge_listed as l
        join knowledge_document as d on d.tenant = l.tenant and d.digest = l.digest
        where l.tenant = :tenant and l.version = :version
          and (d.passages is null or d.fault = :changed)
    )
""")


@dataclass(slots=True)
class Known:
    """What is known of a version's words.

    Attributes:
        entries: how many there are.
        frequencies: in how many of them each stem stands.
        slips: of these stems.
        vocabulary: of its passages; None where it has no documents.
        small: it may be held whole.
    """

    entries: int
    frequencies: Mapping[str, int]
    slips: Slips
    vocabulary: Vocabulary | None
    small: bool


class Versions:
    """Knows what never changes of a version, read once: its words, and a small one whole.

    Args:
        database: migrated.
        small: entries, and passages, up to which a version is held whole.
    """

    def __init__(self, database: Database, *, small: int = SMALL) -> None:
        self._database = database
        self._small = small
        self._known: dict[str, dict[str, Known]] = {}
        self._shelves = Shelves()
        self._reading = asyncio.Lock()

    async def known(self, which: Mapping[str, str]) -> Known | None:
        """Return what is known of a version's words, None where there is no such version.

        Raises:
            StoreError: the database is away.
        """
        held = self._known.setdefault(which["tenant"], {})
        known = held.get(which["version"])
        if known is None:
            async with statement(self._database) as connection:
                row = (await connection.execute(sources.FREQUENCIES, which)).one_or_none()
            if row is None:
                _log.error("knowledge.missing", **which)
                return None
            words = None
            if row.documents:
                words = await asyncio.to_thread(
                    lambda: Vocabulary(row.passages, row.length, orjson.loads(row.vocabulary))
                )
            while len(held) >= _HELD:
                del held[next(iter(held))]
            known = held[which["version"]] = Known(
                row.entries,
                row.frequencies,
                Slips(row.frequencies),
                words,
                small=max(row.entries, row.passages) <= self._small,
            )
        return known

    async def shelf(self, which: Mapping[str, str], known: Known) -> Shelf | None:
        """Return all that a small version says, or None where the database has to search.

        Raises:
            StoreError: the database is away.
        """
        shelf = self._shelves.get(**which) if known.small else None
        if shelf is None and known.small:
            # Of turns that come at once, after a start or a reload, one reads
            async with self._reading:
                shelf = self._shelves.get(**which)
                if shelf is None and known.small:
                    shelf = await self._whole(which, known)
        return shelf

    async def _whole(self, which: Mapping[str, str], known: Known) -> Shelf | None:
        async with statement(self._database) as connection:
            # A document that could not be read at first may come later, to a shelf that stays
            if await connection.scalar(_WANTING, {**which, "changed": CHANGED}):
                known.small = False
                return None
            shelf = await _read(connection, which, known)
        # Or it has come already, uncounted
        counted = 0 if known.vocabulary is None else known.vocabulary.passages
        if len(shelf) != known.entries + counted:
            known.small = False
            return None
        self._shelves.put(**which, shelf=shelf)
        return shelf


async def _read(connection: AsyncConnection, which: Mapping[str, str], known: Known) -> Shelf:
    entries = (await connection.execute(_ENTRIES, which)).mappings().all()
    passages: Sequence[RowMapping] = ()
    if known.vocabulary is not None:
        passages = (await connection.execute(_PASSAGES, which)).mappings().all()
    return await asyncio.to_thread(_shelf, entries, passages, known)


def _shelf(entries: Sequence[RowMapping], passages: Sequence[RowMapping], known: Known) -> Shelf:
    weighed: list[tuple[Weighed, date | None]] = [
        (
            Weighed.of(entry_from(row), entries=known.entries, frequencies=known.frequencies),
            row["expires"],
        )
        for row in entries
    ]
    held = {(row["digest"], row["position"]): _shelved(row) for row in passages}
    return Shelf(weighed, held, frequencies=known.frequencies, slips=known.slips)


def _shelved(row: RowMapping) -> Shelved:
    said = Found(
        source_of(row["mark"], row["path"]),
        row["question"] or row["title"],
        tuple(row["headings"]),
        row["body"],
        0.0,
    )
    return Shelved(said, orjson.loads(row["counts"]), row["length"], row["expires"])
