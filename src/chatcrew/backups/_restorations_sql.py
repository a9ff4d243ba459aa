"""Notes with the rows of a restored backup that people are to be erased again, until they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.backups._archive import Reader
from chatcrew.database import Database
from chatcrew.database.transactions import statement
from chatcrew.ids import new_id
from chatcrew.lgpd import Tombstone

_BEGIN = text("""
    insert into restoration (id, archive, tenant, made_at, at)
    values (:id, :archive, :tenant, :made_at, :now)
""")
_BURY = text("""
    insert into erasure (id, tenant, salt, person, at, actor)
    values (:id, :tenant, :salt, :person, :at, :actor)
    on conflict do nothing
""")
_UNFINISHED = text("""
    select id, archive, tenant, made_at from restoration where ended_at is null order by at, id
""")
_END = text("update restoration set ended_at = :now where id = :id")


@dataclass(frozen=True, slots=True)
class Restoration:
    """A backup that was restored, of which nobody knows yet that the erased are erased again.

    Attributes:
        id: of it.
        archive: name of the file.
        tenant: whose rows came back; None: everybody's.
        made_at: when the backup was taken: whoever was erased since is to be erased again.
    """

    id: str
    archive: str
    tenant: str | None
    made_at: datetime


async def begun(
    connection: AsyncConnection,
    archive: Reader,
    *,
    tenant: str | None,
    now: datetime,
    stones: Sequence[Tombstone],
) -> None:
    """Note a restoration and who was erased, in the transaction that brings the rows back."""
    values = {"id": new_id(), "archive": archive.name, "tenant": tenant, "now": now}
    await connection.execute(_BEGIN, {**values, "made_at": archive.manifest.made_at})
    for one in stones:
        buried = {
            "id": one.id,
            "tenant": one.tenant,
            "salt": one.salt,
            "person": one.person,
            "at": one.at,
            "actor": one.actor,
        }
        await connection.execute(_BURY, buried)


async def unfinished(database: Database) -> list[Restoration]:
    """Return the restorations after which people are to be erased again, oldest first."""
    async with statement(database) as connection:
        return [Restoration(*tuple(row)) for row in await connection.execute(_UNFINISHED)]


async def ended(database: Database, restoration: Restoration, *, now: datetime) -> None:
    """Note that everybody was erased again."""
    async with statement(database) as connection:
        await connection.execute(_END, {"id": restoration.id, "now": now})
