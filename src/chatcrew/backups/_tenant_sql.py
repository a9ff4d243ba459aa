"""Restores one tenant into a living database: its rows are replaced, nobody else's are touched."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Executable, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.backups._archive import Reader
from chatcrew.backups._choice import TENANT, rows_of
from chatcrew.backups._faults import BackupFault
from chatcrew.backups._house_sql import check_revision_of
from chatcrew.backups._keys import check_keys_of
from chatcrew.backups._resting_sql import rest
from chatcrew.backups._restorations_sql import begun
from chatcrew.backups._rows_sql import columns_of, fill, number_on
from chatcrew.backups._take_sql import Progress
from chatcrew.clock import Clock
from chatcrew.database import Database, revision_of, schema
from chatcrew.database.transactions import transaction
from chatcrew.lgpd import Tombstone

_BACK: Final = "back_{}"
"""Temporary tables, in which an archive's rows stand until it is known whose they are."""

# A worker that has one of them in hand now finds a higher number than its own
_FENCES = text("""
    update back_conversation as t set fence = greatest(t.fence, c.fence)
    from conversation as c where c.bot = t.bot and c.number = t.number
""")
_KEY = text("""
    insert into sealing_key (name, proof, first_used_at) values (:name, :proof, :now)
    on conflict do nothing
""")
# Days are added up anew from the turns that came back (analytics._keeper_sql)
_HOLD_DAYS = text("select at from fact_mark where name = 'days' for update")
_FORGET_ZONE = text("delete from fact_zone where tenant = :tenant")


@dataclass(frozen=True, slots=True)
class Replaced:
    """What came back.

    Attributes:
        rows: that did.
        left: that did not: their conversation, or what they stand for, is another tenant's now.
    """

    rows: int
    left: int


async def restore_tenant(
    database: Database,
    archive: Reader,
    tenant: str,
    *,
    clock: Clock,
    stones: Sequence[Tombstone] = (),
    told: Callable[[Progress], None] = lambda _: None,
) -> Replaced:
    """Replace a tenant's rows by those of a backup, all of them or none.

    Numbers of rows stay unless another tenant has them by now; then a new one is given.

    Args:
        database: migrated; the bot may run.
        archive: verified; of this tenant, or of the whole house.
        tenant: whose rows.
        clock: time.
        stones: who was erased, as far as is known elsewhere.
        told: hears how far it is.

    Raises:
        BackupFault: the backup is another tenant's, or of another version; a key is missing.
        StoreError: the database went away; nothing was changed.
    """
    manifest = archive.manifest
    if manifest.tenant not in {None, tenant}:
        raise BackupFault(
            f"{archive.name}: é de {manifest.tenant!r}, não de {tenant!r}",
            f"{archive.name}: is of {manifest.tenant!r}, not of {tenant!r}",
        )
    await check_revision_of(archive)
    check_keys_of(archive, database.keys)
    tables = [name for name in TENANT if name in manifest.tables]
    values, now = {"tenant": tenant}, clock.now()
    async with (
        await Database.open(
            database.address, name="chatcrew-restore", pool_size=1, command_seconds=None
        ) as patient,
        transaction(patient) as connection,
    ):
        await _same_revision(connection, archive)
        for name in tables:
            into = _BACK.format(name)
            await connection.execute(text(f"create temp table {into} (like {name}) on commit drop"))
            await fill(connection, archive, name, into=into, keys=database.keys, told=told)
        await connection.execute(_HOLD_DAYS)
        await connection.execute(_FENCES)
        await number_on(connection, manifest.sequences)
        expected = [await _expected(connection, name, values) for name in tables]
        # Conversations last, because others go by them; and first on the way back
        for name in reversed(TENANT):
            await _forget(connection, name, values)
        came = [await _put(connection, name, values) for name in tables]
        await connection.execute(_FORGET_ZONE, values)
        for key, proof in manifest.keys.items():
            await connection.execute(_KEY, {"name": key, "proof": proof, "now": now})
        await rest(connection, now=now, tenant=tenant)
        theirs = [one for one in (*manifest.stones, *stones) if one.tenant == tenant]
        await begun(connection, archive, tenant=tenant, now=now, stones=theirs)
    return Replaced(sum(came), sum(expected) - sum(came))


async def _same_revision(connection: AsyncConnection, archive: Reader) -> None:
    theirs, ours = archive.manifest.revision, await revision_of(connection)
    if theirs != ours:
        raise BackupFault(
            f"{archive.name}: é da revisão {theirs}, o banco é da {ours}; restaure a casa inteira "
            "num banco novo, faça ali `chatcrew backup --tenant` e restaure essa cópia aqui",
            f"{archive.name}: is of revision {theirs}, the database of {ours}; restore the whole "
            "house into a new database, take `chatcrew backup --tenant` there, and restore that",
        )


async def _expected(connection: AsyncConnection, name: str, values: Mapping[str, Any]) -> int:
    where = rows_of(name, conversations=_BACK.format("conversation"))
    query = text(f"select count(*) from {_BACK.format(name)} as t where {where}")  # noqa: S608 - our own names
    return await connection.scalar(query, values) or 0


async def _forget(connection: AsyncConnection, name: str, values: Mapping[str, Any]) -> None:
    query = text(f"delete from {name} as t where {rows_of(name)}")  # noqa: S608 - our own names
    await connection.execute(query, values)


async def _put(connection: AsyncConnection, name: str, values: Mapping[str, Any]) -> int:
    back, where = _BACK.format(name), rows_of(name)
    # What a trigger wrote of the conversations that came back
    if name != "conversation":
        await _forget(connection, name, values)
    columns = ", ".join(await columns_of(connection, name))
    for one in schema.metadata.tables[name].primary_key.columns:
        if one.identity is not None:
            await connection.execute(_numbered(name, one.name, where), values)
    put = text(f"""
        insert into {name} ({columns}) overriding system value
        select {columns} from {back} as t where {where}
        on conflict do nothing
    """)  # noqa: S608 - our own names
    return (await connection.execute(put, values)).rowcount


def _numbered(name: str, column: str, where: str) -> Executable:
    """Return what gives new numbers to rows whose own are taken."""
    return text(f"""
        update {_BACK.format(name)} as t
        set {column} = nextval(pg_get_serial_sequence('{name}', '{column}'))
        where {where} and exists (select from {name} as o where o.{column} = t.{column})
    """)  # noqa: S608 - our own names
