"""Documents on PostgreSQL: each is read once, by whoever claims it, and kept by its content."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.database.transactions import transaction
from chatcrew.errors import StoreError
from chatcrew.knowledge._passages import CHANGED, Held, Read, name_of, read_document
from chatcrew.knowledge._port import Progress
from chatcrew.knowledge._rank import Vocabulary
from chatcrew.knowledge._reading import Chunk
from chatcrew.telemetry import get_logger
from chatcrew.tenancy.model import Document

_log = get_logger("knowledge")

_CLAIMED = 15.0
"""Seconds after which a document that somebody began to read is read by somebody else.

Who was interrupted waits no longer than that; one that takes longer is at worst read twice.
"""
_LOOK = 0.25
_ROWS = 500
_MANY = 500
"""New passages from which the database is told at once, instead of when it looks by itself."""

# Without them it walks through what it has not sorted in yet, and plans for an empty table
_SETTLE = text("select gin_clean_pending_list(cast('knowledge_passage_keys' as regclass))")
_STATISTICS = text("analyze knowledge_passage, knowledge_listed, knowledge_document")
_WANTING = text("""
    select digest from knowledge_document
    where tenant = :tenant and digest = any(:digests) and passages is not null
        and fault is distinct from :changed
""")
_CLAIM = text("""
    insert into knowledge_document (tenant, digest, claimed_until)
    values (:tenant, :digest, now() + make_interval(secs => :seconds))
    on conflict (tenant, digest) do update
    set claimed_until = excluded.claimed_until, touched_at = now()
    where (knowledge_document.passages is null or knowledge_document.fault = :changed)
        and knowledge_document.claimed_until < now()
    returning digest
""")
_TOUCH = text("""
    update knowledge_document set touched_at = now()
    where tenant = :tenant and digest = any(:digests)
        and touched_at < now() - interval '10 minutes'
""")
_HOLD = text("""
    select from knowledge_document where tenant = :tenant and digest = :digest for update
""")
_CLEAR = text("delete from knowledge_passage where tenant = :tenant and digest = :digest")
_ADD = text("""
    insert into knowledge_passage (tenant, digest, position, mark, title, headings, body, question,
        asked, expires, length, counts, keys, meaning)
    values (:tenant, :digest, :position, :mark, :title, cast(:headings as jsonb), :body, :question,
        cast(:asked as jsonb), :expires, :length, cast(:counts as jsonb),
        array_to_tsvector(cast(:keys as text[])), :meaning)
""")
_DONE = text("""
    update knowledge_document set passages = :passages, length = :length,
        frequencies = cast(:frequencies as jsonb), fault = :fault, claimed_until = now()
    where tenant = :tenant and digest = :digest
""")
_WHOLE = text("""
    select passages, length, frequencies::text as frequencies from knowledge_document
    where tenant = :tenant and digest = any(:digests)
""")
_LIST = text("""
    insert into knowledge_listed (tenant, version, path, digest)
    values (:tenant, :version, :path, :digest)
    on conflict do nothing
""")
_ASKED = text("""
    select digest, mark, title, headings, body, question, asked, expires from knowledge_passage
    where tenant = :tenant and digest = any(:digests) and question is not null
    order by digest, position
""")
# One that a version is just being made of is young, or was touched by who makes it
_FORGET = text("""
    delete from knowledge_document as d
    where touched_at < now() - make_interval(secs => :seconds)
        and not exists (
            select from knowledge_listed as l where l.tenant = d.tenant and l.digest = d.digest
        )
    returning digest
""")


class PostgresDocuments:
    """What is kept of documents; tables ``knowledge_document``, ``_passage`` and ``_listed``."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def bring_in(
        self, tenant: str, documents: Sequence[Document], *, progress: Progress | None = None
    ) -> None:
        """Let each document be there: in transactions of their own, so that nothing is done twice.

        Of processes that come at once each document is read by one; the others go on to the next,
        and wait at the end.

        Raises:
            StoreError: the database is away.
        """
        wanting = {name_of(one): one for one in documents}
        every = len(wanting)
        written = 0
        while wanting:
            await self._drop_known(tenant, wanting)
            if progress is not None:
                progress(every - len(wanting), every)
            read = 0
            for name in list(wanting):
                if not await self._claimed(tenant, name):
                    continue
                document = wanting.pop(name)
                found = await asyncio.to_thread(read_document, document)
                if found.fault is not None:
                    _log.error(
                        "knowledge.document_left_out",
                        tenant=tenant,
                        document=document.path,
                        fault=found.fault,
                    )
                await self.keep(tenant, name, found)
                read, written = read + 1, written + len(found.passages)
                if progress is not None:
                    progress(every - len(wanting), every)
            if wanting and not read:
                await self._clock.sleep(_LOOK)
        if written >= _MANY:
            await self._settle()

    async def _settle(self) -> None:
        """Tell the database what it holds now, else it guesses until it looks by itself."""
        try:
            async with transaction(self._database) as connection:
                await connection.execute(_SETTLE)
                await connection.execute(_STATISTICS)
        except StoreError as error:
            # The first searches are slower, no more
            _log.warning("knowledge.not_settled", error=type(error).__name__)

    async def keep(self, tenant: str, name: str, found: Read) -> None:
        """Write a document down, whole."""
        rows = await asyncio.to_thread(_rows, tenant, name, found.passages)
        about = {
            "tenant": tenant,
            "digest": name,
            "passages": len(found.passages),
            "length": found.length,
            "frequencies": _json(found.frequencies or {}),
            "fault": found.fault,
        }
        async with transaction(self._database) as connection:
            # Two who read the same write one after the other, and the second the same again
            await connection.execute(_HOLD, {"tenant": tenant, "digest": name})
            await connection.execute(_CLEAR, {"tenant": tenant, "digest": name})
            for at in range(0, len(rows), _ROWS):
                await connection.execute(_ADD, rows[at : at + _ROWS])
            await connection.execute(_DONE, about)

    async def claim(self, tenant: str, name: str) -> None:
        """Make room for what is no file: the configured entries of one version."""
        await self._claimed(tenant, name)

    async def whole(self, tenant: str, names: Sequence[str]) -> Vocabulary:
        """Return how often each key stands in all of these documents."""
        async with transaction(self._database) as connection:
            found = await connection.execute(_WHOLE, {"tenant": tenant, "digests": list(names)})
            rows = [(row.passages or 0, row.length, row.frequencies) for row in found]
        return await asyncio.to_thread(_added, rows)

    async def questions(self, tenant: str, names: Sequence[str]) -> list[tuple[str, Chunk]]:
        """Return the questions that documents answer word for word, with their document."""
        async with transaction(self._database) as connection:
            found = await connection.execute(_ASKED, {"tenant": tenant, "digests": list(names)})
            return [(row["digest"], chunk_of(row)) for row in found.mappings()]

    async def touch(self, tenant: str, documents: Sequence[Document]) -> None:
        """Say that documents are in use."""
        names = {"tenant": tenant, "digests": [name_of(one) for one in documents]}
        async with transaction(self._database) as connection:
            await connection.execute(_TOUCH, names)

    async def forget(self, *, unused: timedelta) -> int:
        """Delete documents that no version lists, if nobody touched them for so long."""
        async with transaction(self._database) as connection:
            gone = await connection.scalars(_FORGET, {"seconds": unused.total_seconds()})
            return len(gone.all())

    async def _drop_known(self, tenant: str, wanting: dict[str, Document]) -> None:
        names = {"tenant": tenant, "digests": list(wanting)}
        async with transaction(self._database) as connection:
            await connection.execute(_TOUCH, names)
            for name in await connection.scalars(_WANTING, {**names, "changed": CHANGED}):
                del wanting[name]

    async def _claimed(self, tenant: str, name: str) -> bool:
        claim = {"tenant": tenant, "digest": name, "seconds": _CLAIMED, "changed": CHANGED}
        async with transaction(self._database) as connection:
            return await connection.scalar(_CLAIM, claim) is not None


async def put_on_list(
    connection: AsyncConnection, which: Mapping[str, str], listed: Mapping[str, str]
) -> None:
    """Say which documents a version has: their names by path."""
    if listed:
        rows = [{**which, "path": path, "digest": name} for path, name in listed.items()]
        await connection.execute(_LIST, rows)


def prefix(tenant: str) -> str:
    """Return what stands before each key of a tenant in the common index.

    Short, for each key is compared many times; whose two tenants have in common costs a look more.
    """
    return f"{hashlib.sha256(tenant.encode()).hexdigest()[:5]}:"


def chunk_of(row: RowMapping) -> Chunk:
    """Return the chunk that a row holds."""
    return Chunk(
        text=row["body"],
        title=row["title"],
        source_mark=row["mark"],
        headings=tuple(row["headings"]),
        expires=row["expires"],
        question=row["question"],
        also=tuple(row["asked"].get("also", ())),
        keywords=tuple(row["asked"].get("keywords", ())),
    )


def _rows(tenant: str, name: str, passages: Sequence[Held]) -> list[dict[str, Any]]:
    before = prefix(tenant)
    return [
        {
            "tenant": tenant,
            "digest": name,
            "position": position,
            "mark": one.chunk.source_mark,
            "title": one.chunk.title,
            "headings": _json(one.chunk.headings),
            "body": one.chunk.text,
            "question": one.chunk.question,
            "asked": _json({"also": one.chunk.also, "keywords": one.chunk.keywords}),
            "expires": one.chunk.expires,
            "length": one.length,
            "counts": _json(one.counts),
            "keys": [f"{before}{key}" for key in one.counts],
            "meaning": one.meaning,
        }
        for position, one in enumerate(passages)
    ]


def _added(rows: Sequence[tuple[int, float, str]]) -> Vocabulary:
    passages = sum(count for count, _, _ in rows)
    words: Counter[str] = Counter()
    for _, _, frequencies in rows:
        words.update(orjson.loads(frequencies))
    return Vocabulary(passages, sum(length for _, length, _ in rows) / max(1, passages), words)


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
