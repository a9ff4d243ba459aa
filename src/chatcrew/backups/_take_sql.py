"""Writes a consistent snapshot of the database into an archive, while everything goes on."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.backups._archive import Writer
from chatcrew.backups._choice import HOUSE, TENANT, rows_of
from chatcrew.backups._hiding import hidden
from chatcrew.backups._manifest import Content, Manifest
from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.database.transactions import snapshot
from chatcrew.lgpd import Tombstone
from chatcrew.version import VERSION

_BATCH: Final = 1000

_REVISION = text("select version_num from alembic_version")
_KEYS = text("select name, proof from sealing_key order by name")
_SEQUENCES = text("""
    select sequencename as name, last_value from pg_sequences
    where schemaname = current_schema() and last_value is not null order by 1
""")
_STONES = text("""
    select id, tenant, salt, person, at, actor from erasure
    where cast(:tenant as text) is null or tenant = cast(:tenant as text) order by at, id
""")
_KNOWN = text("select exists (select from conversation where tenant = :tenant)")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a table is."""

    table: str
    rows: int
    total: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that was written.

    Attributes:
        path: where it is.
        sha256: of the file.
        size: bytes.
        manifest: what is in it.
    """

    path: Path
    sha256: str
    size: int
    manifest: Manifest


async def take(
    database: Database,
    path: Path,
    *,
    clock: Clock,
    tenant: str | None = None,
    files: Mapping[str, Path] | None = None,
    told: Callable[[Progress], None] = lambda _: None,
) -> Taken:
    """Write a backup; nothing is left behind where that fails.

    Everything is of one moment: one transaction reads it all, and nobody waits for it.

    Args:
        database: migrated; sealed values are written as they are, sealed.
        path: of the archive.
        clock: time.
        tenant: whose rows alone; None: everything.
        files: configuration files to put into it, by path.
        told: hears how far it is.

    Raises:
        BackupFault: there is something at ``path`` already.
        StoreError: the database went away.
        OSError: it cannot be written.
    """
    writer = await asyncio.to_thread(Writer, path)
    try:
        # One that is asked for minutes, apart from those that customers wait for
        async with (
            await Database.open(
                database.address, name="chatcrew-backup", pool_size=1, command_seconds=None
            ) as patient,
            snapshot(patient) as connection,
        ):
            made_at = clock.now()
            tables = {
                name: await _table(connection, name, writer, database, tenant, told)
                for name in (HOUSE if tenant is None else TENANT)
            }
            manifest = Manifest(
                chatcrew=VERSION,
                revision=str(await connection.scalar(_REVISION)),
                made_at=made_at,
                tenant=tenant,
                tables=tables,
                files={
                    name: await asyncio.to_thread(writer.file, name, source)
                    for name, source in sorted((files or {}).items())
                },
                sequences={
                    row.name: row.last_value for row in await connection.execute(_SEQUENCES)
                },
                keys={row.name: row.proof for row in await connection.execute(_KEYS)},
                stones=[
                    Tombstone(*tuple(row))
                    for row in await connection.execute(_STONES, {"tenant": tenant})
                ],
            )
        digest = await asyncio.to_thread(writer.finish, manifest)
    except BaseException:  # whatever it was, half an archive is none
        await asyncio.to_thread(writer.drop)
        raise
    size = (await asyncio.to_thread(path.stat)).st_size
    return Taken(path, digest, size, manifest)


async def _table(
    connection: AsyncConnection,
    name: str,
    writer: Writer,
    database: Database,
    tenant: str | None,
    told: Callable[[Progress], None],
) -> Content:
    where = "true" if tenant is None else rows_of(name)
    values = {} if tenant is None else {"tenant": tenant}
    count = text(f"select count(*) from {name} as t where {where}")  # noqa: S608 - our own names
    total = await connection.scalar(count, values) or 0
    await asyncio.to_thread(writer.begin, name)
    told(Progress(name, 0, total))
    done = 0
    async for some in _rows(connection, name, where, values):
        lines = hidden(name, some, database.keys)
        await asyncio.to_thread(writer.lines, lines)
        done += len(some)
        told(Progress(name, done, total))
    return await asyncio.to_thread(writer.end)


async def _rows(
    connection: AsyncConnection, name: str, where: str, values: Mapping[str, str]
) -> AsyncIterator[list[str]]:
    query = text(f"select cast(row_to_json(t) as text) from {name} as t where {where}")  # noqa: S608 - our own names
    result = await connection.stream(query, dict(values), execution_options={"yield_per": _BATCH})
    async for some in result.scalars().partitions(_BATCH):
        yield list(some)
