"""Restores a whole house into an empty database, all of it or nothing."""

from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.backups._archive import Reader
from chatcrew.backups._choice import HOUSE
from chatcrew.backups._faults import BackupFault
from chatcrew.backups._keys import check_keys_of
from chatcrew.backups._manifest import newer
from chatcrew.backups._resting_sql import rest
from chatcrew.backups._restorations_sql import begun
from chatcrew.backups._rows_sql import fill, number_on
from chatcrew.backups._take_sql import Progress
from chatcrew.clock import Clock
from chatcrew.database import Database, known_revisions, revision_of, upgrade
from chatcrew.database.transactions import transaction
from chatcrew.lgpd import Tombstone

_LIVED_IN: Final = ("conversation", "event", "turn", "message", "contact_fact", "erasure")
"""Rows in these are somebody's; others come by themselves when a bot starts."""


async def restore_house(
    database: Database,
    archive: Reader,
    *,
    clock: Clock,
    stones: Sequence[Tombstone] = (),
    told: Callable[[Progress], None] = lambda _: None,
) -> int:
    """Fill an empty database from a backup of the whole house; return how many rows it has.

    An older backup is brought to what this version expects.

    Args:
        database: empty, or as a new one is after a first start.
        archive: verified.
        clock: time.
        stones: who was erased since, as far as is known elsewhere; who of them is to be erased
            again stands in the database with the rows (``unfinished``).
        told: hears how far it is.

    Raises:
        BackupFault: the backup is one tenant's, or newer; the database is not empty; a key is
            missing.
        StoreError: the database went away.
    """
    manifest = archive.manifest
    if strange := sorted(set(manifest.tables) - set(HOUSE)):
        raise newer(archive.name, f"{strange}", f"{len(HOUSE)} tabelas / tables")
    if manifest.tenant is not None:
        raise BackupFault(
            f"{archive.name}: é só de {manifest.tenant!r}; use --tenant {manifest.tenant}",
            f"{archive.name}: is of {manifest.tenant!r} alone; use --tenant {manifest.tenant}",
        )
    await check_revision_of(archive)
    check_keys_of(archive, database.keys)
    # Conversations first: what a trigger writes about them goes before its own table is filled
    tables = sorted(manifest.tables, key=lambda name: name != "conversation")
    async with (
        await Database.open(
            database.address, name="chatcrew-restore", pool_size=1, command_seconds=None
        ) as patient,
        transaction(patient) as connection,
    ):
        await _emptied(connection, manifest.revision)
        for name in tables:
            await connection.execute(text(f"delete from {name}"))  # noqa: S608 - our own names
            await fill(connection, archive, name, keys=database.keys, told=told)
        await number_on(connection, manifest.sequences)
        await upgrade(connection)
        await rest(connection, now=clock.now())
        await begun(connection, archive, tenant=None, now=clock.now(), stones=stones)
    return manifest.rows


async def check_revision_of(archive: Reader) -> None:
    """See that this code knows the archive's tables.

    Raises:
        BackupFault: it is too old for them.
    """
    known = await known_revisions()
    revision = archive.manifest.revision
    if revision not in known:
        raise newer(archive.name, f"revisão / revision {revision}", known[-1])


async def _emptied(connection: AsyncConnection, revision: str) -> None:
    """Leave tables of ``revision`` without a row."""
    found = await revision_of(connection)
    if found is None:
        await upgrade(connection, to=revision)
    elif found != revision:
        raise BackupFault(
            f"o banco já tem tabelas da revisão {found}, a cópia é da {revision}; "
            "restaure num banco novo (outra CHATCREW_DATABASE_URL ou CHATCREW_DATA_DIR)",
            f"the database has tables of revision {found} already, the backup is of {revision}; "
            "restore into a new one (another CHATCREW_DATABASE_URL or CHATCREW_DATA_DIR)",
        )
    tables = set(
        await connection.scalars(
            text("select tablename from pg_tables where schemaname = current_schema()")
        )
    )
    for name in _LIVED_IN:
        # an older revision has not all of them
        if name in tables and await connection.scalar(
            text(f"select exists (select from {name})")  # noqa: S608 - our own names
        ):
            raise BackupFault(
                f"o banco não está vazio ({name}); uma casa inteira só volta para um banco novo; "
                "um negócio só: --tenant",
                f"the database is not empty ({name}); a whole house goes into a new one; "
                "one business alone: --tenant",
            )
    names = sorted(tables - {"alembic_version"})
    await connection.execute(text(f"truncate {', '.join(names)}"))
