"""``Records`` on PostgreSQL: read only, so that looking changes nothing."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import text

from chatcrew.chatwoot import webhook
from chatcrew.database import Database
from chatcrew.database.transactions import statement
from chatcrew.errors import WebhookError
from chatcrew.tenancy.model import Bot

_LAST = text("select max(at) from seen where bot = :bot")
_REFUSED = text(
    "select body from quarantine where bot = :bot and reason = 'unmapped_inbox' "
    "order by at desc limit 200"
)


class PostgresRecords:
    """Satisfies ``Records``.

    Args:
        database: open; its schema is as it is.
        bots: by label, to read what is in quarantine.
    """

    def __init__(self, database: Database, bots: Mapping[str, Bot]) -> None:
        self._database = database
        self._bots = bots

    async def last_delivery(self, bot: str) -> datetime | None:
        """See ``Records.last_delivery``."""
        async with statement(self._database) as connection:
            found = (await connection.execute(_LAST, {"bot": bot})).scalar_one()
        return found if isinstance(found, datetime) else None

    async def refused_inboxes(self, bot: str) -> tuple[int, ...]:
        """See ``Records.refused_inboxes``."""
        known = self._bots.get(bot)
        if known is None:
            return ()
        async with statement(self._database) as connection:
            bodies = (await connection.execute(_REFUSED, {"bot": bot})).scalars().all()
        found: set[int] = set()
        for body in bodies:
            try:
                inbox = webhook.classify(webhook.parse(bytes(body)), bot=known).inbox_id
            except WebhookError:
                continue
            if inbox is not None:
                found.add(inbox)
        return tuple(sorted(found))
