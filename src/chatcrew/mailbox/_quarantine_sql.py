"""Signed deliveries that could not be used, on PostgreSQL."""

from collections.abc import Mapping
from datetime import datetime

import orjson
from sqlalchemy import RowMapping, text

from chatcrew.database import Database
from chatcrew.database.transactions import transaction
from chatcrew.mailbox._values import Quarantined, QuarantinedBody
from chatcrew.messages import clean_json

_KEEP = text("""
    insert into quarantine (bot, reason, headers, body, at)
    values (:bot, :reason, cast(cast(:headers as text) as jsonb), :body, :at)
""")
_LIST = text("""
    select id, bot, reason, at, octet_length(body) as size from quarantine order by id limit :limit
""")
_READ = text("""
    select id, bot, reason, at, octet_length(body) as size, headers::text as headers, body
    from quarantine where id = :id
""")
_DISCARD = text("delete from quarantine where id = :id")


class PostgresQuarantine:
    """The quarantine of ``PostgresMailbox``."""

    _database: Database

    async def quarantine(
        self, bot: str, *, reason: str, headers: Mapping[str, str], body: bytes, at: datetime
    ) -> None:
        """See ``Mailbox.quarantine``."""
        values = {
            "bot": bot,
            "reason": reason,
            "headers": orjson.dumps(clean_json(dict(headers))).decode(),
            "body": self._database.keys.seal_bytes(body, f"body {bot}"),
            "at": at,
        }
        async with transaction(self._database) as connection:
            await connection.execute(_KEEP, values)

    async def in_quarantine(self, *, limit: int = 100) -> list[Quarantined]:
        """See ``Mailbox.in_quarantine``."""
        async with transaction(self._database) as connection:
            found = await connection.execute(_LIST, {"limit": limit})
            return [_entry(record) for record in found.mappings()]

    async def quarantined_body(self, number: int) -> QuarantinedBody | None:
        """See ``Mailbox.quarantined_body``."""
        async with transaction(self._database) as connection:
            found = (await connection.execute(_READ, {"id": number})).mappings().one_or_none()
        if found is None:
            return None
        body = self._database.keys.open_bytes(found["body"], f"body {found['bot']}")
        return QuarantinedBody(_entry(found), orjson.loads(found["headers"]), body)

    async def discard_quarantined(self, number: int) -> bool:
        """See ``Mailbox.discard_quarantined``."""
        async with transaction(self._database) as connection:
            return bool((await connection.execute(_DISCARD, {"id": number})).rowcount)


def _entry(record: RowMapping) -> Quarantined:
    return Quarantined(
        id=record["id"],
        bot=record["bot"],
        reason=record["reason"],
        at=record["at"],
        size=record["size"],
    )
