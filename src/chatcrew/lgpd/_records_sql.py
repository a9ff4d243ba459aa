"""What privacy keeps for itself: keys of the house, tombstones with receipts, files with data."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Row, text

from chatcrew.database import Database
from chatcrew.database.transactions import statement, transaction
from chatcrew.ids import new_id
from chatcrew.lgpd._port import PrivateFile, Tombstone

_KEY_BYTES: Final = 32

_MAKE_KEY = text("""
    insert into house_key (name, secret) values (:name, :secret) on conflict do nothing
""")
_KEY = text("select secret from house_key where name = :name")
_BURY = text("""
    insert into erasure (id, tenant, salt, person, at, actor)
    values (:id, :tenant, :salt, :person, :at, :actor)
    on conflict do nothing
""")
_AGAIN = text("""
    update erasure set again_at = :again_at, again = cast(cast(:again as text) as jsonb)
    where id = :id
""")
_RECEIPT = text("""
    update erasure set receipt = cast(cast(:receipt as text) as jsonb) where id = :id
""")
_TOMBSTONES = text("""
    select id, tenant, salt, person, at, actor from erasure
    where cast(:tenant as text) is null or tenant = cast(:tenant as text) order by at, id
""")
_RECEIPTS = text("""
    select id, tenant, at, actor, cast(receipt as text) as receipt from erasure
    where cast(:tenant as text) is null or tenant = cast(:tenant as text) order by at, id
""")
_DUE = text("""
    select id, tenant, at, cast(again as text) as again from erasure
    where again_at <= :now order by again_at
""")
_DONE = text("update erasure set again_at = null, again = '[]' where id = :id")
_NOTE_FILE = text("""
    insert into private_file (id, path, kind, tenant, person, sha256, made_at)
    values (:id, :path, :kind, :tenant, :person, :sha256, :at)
    on conflict (path, sha256) do update set made_at = excluded.made_at, gone_at = null
""")
_FILES = text("""
    select id, path, kind, tenant, person, sha256, made_at from private_file
    where gone_at is null
      and (cast(:kind as text) is null or kind = cast(:kind as text))
      and (cast(:person as text) is null or person = cast(:person as text))
      and (cast(:before as timestamptz) is null or made_at < cast(:before as timestamptz))
    order by made_at, id
""")
_FILE_GONE = text("update private_file set gone_at = :at where id = :id")
_ASKED = text("""
    insert into consent_text (tenant, version, body) values (:tenant, :version, :body)
    on conflict do nothing
""")
_ASKED_OF = text("select body from consent_text where tenant = :tenant and version = :version")


class Records:
    """Keys, tombstones, receipts, files and the texts that consent was asked with.

    Args:
        database: migrated.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def key(self, name: str) -> bytes:
        """Return 32 random bytes that are made once and kept."""
        async with transaction(self._database) as connection:
            fresh = {"name": name, "secret": secrets.token_bytes(_KEY_BYTES)}
            await connection.execute(_MAKE_KEY, fresh)
            found: bytes = (await connection.execute(_KEY, {"name": name})).scalar_one()
            return found

    async def bury(self, stone: Tombstone) -> None:
        """Keep a tombstone; one that is known stays as it is."""
        values = {
            "id": stone.id,
            "tenant": stone.tenant,
            "salt": stone.salt,
            "person": stone.person,
            "at": stone.at,
            "actor": stone.actor,
        }
        async with statement(self._database) as connection:
            await connection.execute(_BURY, values)

    async def again(
        self, erasure: str, turns: Sequence[tuple[str, str, int]], *, at: datetime
    ) -> None:
        """Have an erasure looked at once more, for turns (id, bot, number) that were under way."""
        written = orjson.dumps([list(one) for one in turns]).decode()
        async with statement(self._database) as connection:
            await connection.execute(_AGAIN, {"id": erasure, "again_at": at, "again": written})

    async def keep_receipt(self, erasure: str, document: Mapping[str, Any]) -> None:
        """Keep what an erasure's receipt says, signature included."""
        async with statement(self._database) as connection:
            values = {"id": erasure, "receipt": orjson.dumps(document).decode()}
            await connection.execute(_RECEIPT, values)

    async def tombstones(self, tenant: str | None = None) -> list[Tombstone]:
        """Return all tombstones, or a tenant's, oldest first."""
        async with statement(self._database) as connection:
            found = await connection.execute(_TOMBSTONES, {"tenant": tenant})
            return [Tombstone(*tuple(row)) for row in found]

    async def receipts(self, tenant: str | None = None) -> list[dict[str, Any]]:
        """Return receipts as they were given, oldest first."""
        async with statement(self._database) as connection:
            found = await connection.execute(_RECEIPTS, {"tenant": tenant})
            return [orjson.loads(row.receipt) for row in found if row.receipt]

    async def due(self, now: datetime) -> list[tuple[str, str, datetime, list[list[Any]]]]:
        """Return erasures that are to be looked at once more: id, tenant, when, turns."""
        async with statement(self._database) as connection:
            found = await connection.execute(_DUE, {"now": now})
            return [(row.id, row.tenant, row.at, orjson.loads(row.again)) for row in found]

    async def looked_again(self, erasure: str) -> None:
        """Note that an erasure was looked at once more."""
        async with statement(self._database) as connection:
            await connection.execute(_DONE, {"id": erasure})

    async def note_file(self, file: PrivateFile) -> None:
        """Keep where a file with people's data lies."""
        values = {
            "id": file.id or new_id(),
            "path": file.path,
            "kind": file.kind,
            "tenant": file.tenant,
            "person": file.person,
            "sha256": file.sha256,
            "at": file.made_at,
        }
        async with statement(self._database) as connection:
            await connection.execute(_NOTE_FILE, values)

    async def files(
        self,
        *,
        kind: str | None = None,
        person: str | None = None,
        before: datetime | None = None,
    ) -> list[PrivateFile]:
        """Return files that are still there as far as is known, oldest first."""
        values = {"kind": kind, "person": person, "before": before}
        async with statement(self._database) as connection:
            return [_file(row) for row in await connection.execute(_FILES, values)]

    async def file_gone(self, file: PrivateFile, *, at: datetime) -> None:
        """Note that a file was deleted."""
        async with statement(self._database) as connection:
            await connection.execute(_FILE_GONE, {"id": file.id, "at": at})

    async def asked_with(self, tenant: str, version: str, words: str) -> None:
        """Keep the wording that consent is asked with, under its version."""
        async with statement(self._database) as connection:
            values = {"tenant": tenant, "version": version, "body": words}
            await connection.execute(_ASKED, values)

    async def wording(self, tenant: str, version: str) -> str | None:
        """Return the wording of a version, None where it was never kept."""
        async with statement(self._database) as connection:
            values = {"tenant": tenant, "version": version}
            found: str | None = await connection.scalar(_ASKED_OF, values)
            return found


def _file(row: Row[Any]) -> PrivateFile:
    return PrivateFile(
        path=row.path,
        kind=row.kind,
        sha256=row.sha256,
        made_at=row.made_at,
        tenant=row.tenant,
        person=row.person,
        id=row.id,
    )
