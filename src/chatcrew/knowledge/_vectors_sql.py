"""Vectors of passages on pgvector, kept by what they say and by the model that made them."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.database import Database
from chatcrew.database.transactions import transaction
from chatcrew.knowledge._documents_sql import chunk_of
from chatcrew.knowledge._passages import embedded
from chatcrew.knowledge._port import Embedder
from chatcrew.knowledge._search_sql import Place
from chatcrew.telemetry import get_logger

_log = get_logger("knowledge")

_BATCH = 256
_NEAREST = 32
_LEAST = 0.2
"""Likeness below which two texts have nothing to do with each other."""

# Not in a migration: a server without pgvector has to do, and may get it later
_HERE = text("select exists (select from pg_type where typname = 'halfvec')")
_LOCK = text("select pg_advisory_xact_lock(hashtext('knowledge_vector'))")
_TABLE = text("""
    create table if not exists knowledge_vector (
        tenant text not null,
        model text not null,
        meaning text not null,
        dimension integer not null,
        vector halfvec not null,
        primary key (tenant, model, meaning)
    ) with (toast_tuple_target = 8160)
""")
# Compared one by one: exact, and within 20,000 quick enough; compressed they would not be
_PLAIN = text("alter table knowledge_vector alter column vector set storage main")
_MISSING = text("""
    select distinct on (p.meaning) p.meaning, p.digest, p.mark, p.title, p.headings, p.body,
        p.question, p.asked, p.expires
    from knowledge_passage as p
    where p.tenant = :tenant and p.digest = any(:digests) and not exists (
        select from knowledge_vector as v
        where v.tenant = p.tenant and v.model = :model and v.meaning = p.meaning
    )
    order by p.meaning limit :limit
""")
_ADD = text("""
    insert into knowledge_vector (tenant, model, meaning, dimension, vector)
    values (:tenant, :model, :meaning, :dimension, cast(cast(:vector as text) as halfvec))
    on conflict do nothing
""")
_FIND = text("""
    select digest, position, 1 - distance as likeness from (
        select p.digest, p.position,
            v.vector <=> cast(cast(:vector as text) as halfvec) as distance
        from knowledge_passage as p
        join knowledge_vector as v
            on v.tenant = p.tenant and v.meaning = p.meaning and v.model = :model
                and v.dimension = :dimension
        where p.tenant = :tenant and (p.expires is null or p.expires >= :today)
            and p.digest in (
                select digest from knowledge_listed where tenant = :tenant and version = :version
            )
    ) as near
    order by distance, digest, position limit :limit
""")
_FORGET = text("""
    delete from knowledge_vector as v where not exists (
        select from knowledge_passage as p where p.tenant = v.tenant and p.meaning = v.meaning
    )
""")


class PostgresVectors:
    """What passages mean; table ``knowledge_vector``, made when it is first wanted."""

    def __init__(self, database: Database, embedder: Embedder) -> None:
        self._database = database
        self._embedder = embedder
        self._here: bool | None = None

    async def bring_in(self, tenant: str, names: Sequence[str]) -> bool:
        """Let each passage of these documents have its vector; return whether all have.

        Batch by batch in transactions of their own: what was paid for is kept. Where the endpoint
        is away words alone find, and the next hour tries again.

        Raises:
            StoreError: the database is away.
        """
        if not names or not await self._ready():
            return False
        which = {"tenant": tenant, "digests": list(names), "model": self._embedder.model}
        while True:
            async with transaction(self._database) as connection:
                found = await connection.execute(_MISSING, {**which, "limit": _BATCH})
                rows = [(row["meaning"], chunk_of(row)) for row in found.mappings()]
            if not rows:
                return True
            made = await self._embedder.embed(tenant, [embedded(chunk) for _, chunk in rows])
            if made is None:
                _log.warning("knowledge.not_embedded", tenant=tenant, passages=len(rows))
                return False
            await self._add(tenant, [meaning for meaning, _ in rows], made)

    async def asked(
        self, tenant: str, question: str, *, trial: str | None = None
    ) -> tuple[float, ...] | None:
        """Return the vector of a question, or None: then words alone find.

        Raises:
            StoreError: the database is away.
        """
        if not await self._ready():
            return None
        return await self._embedder.ask(tenant, question, trial=trial)

    async def by_meaning(
        self,
        connection: AsyncConnection,
        which: Mapping[str, str],
        vector: Sequence[float],
        *,
        today: date,
    ) -> list[Place]:
        """Return the passages nearest in meaning, the nearest first."""
        asked = {
            **which,
            "vector": _written(vector),
            "dimension": len(vector),
            "model": self._embedder.model,
            "today": today,
            "limit": _NEAREST,
        }
        found = await connection.execute(_FIND, asked)
        return [(row.digest, row.position) for row in found if row.likeness >= _LEAST]

    async def forget(self) -> None:
        """Delete vectors of what no passage says any more."""
        if await self._ready():
            async with transaction(self._database) as connection:
                await connection.execute(_FORGET)

    async def _add(
        self, tenant: str, meanings: Sequence[str], vectors: Sequence[Sequence[float]]
    ) -> None:
        rows = await asyncio.to_thread(
            lambda: [
                {
                    "tenant": tenant,
                    "model": self._embedder.model,
                    "meaning": meaning,
                    "dimension": len(vector),
                    "vector": _written(vector),
                }
                for meaning, vector in zip(meanings, vectors, strict=True)
            ]
        )
        async with transaction(self._database) as connection:
            await connection.execute(_ADD, rows)

    async def _ready(self) -> bool:
        if self._here is None:
            async with transaction(self._database) as connection:
                self._here = bool(await connection.scalar(_HERE))
                if self._here:
                    await connection.execute(_LOCK)
                    await connection.execute(_TABLE)
                    await connection.execute(_PLAIN)
            if not self._here:
                _log.error(
                    "knowledge.no_pgvector",
                    hint="install pgvector 0.7 or newer, then: create extension vector",
                )
        return self._here


def _written(vector: Sequence[float]) -> str:
    return f"[{','.join(f'{number:.6g}' for number in vector)}]"
