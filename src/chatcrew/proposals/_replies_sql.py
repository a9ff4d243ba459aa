"""What the bot said and how it came to it, from our own records: outbox, turns and messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.database.transactions import statement
from chatcrew.ids import ConversationId
from chatcrew.privacy import Keyring

_COLUMNS = """
    p.account, p.bot, p.number, p.message_id, p.payload ->> 'content' as content,
    t.tenant, t.reason, t.engine, t.crew,
    (
        select max(e.message_id) from outbox_part e
        where e.bot = p.bot and e.number = p.number and e.kind = 'message' and e.state = 'sent'
          and e.turn_id <> p.turn_id and e.message_id < p.message_id
    ) as earlier
"""
_LAST = text(f"""
    select {_COLUMNS} from outbox_part p join turn t on t.id = p.turn_id
    where p.bot = :bot and p.number = :number and p.kind = 'message' and p.state = 'sent'
      and p.message_id is not null
      and p.turn_id = coalesce(cast(:turn as text), p.turn_id)
    order by p.message_id desc limit 1
""")  # noqa: S608 - only names of our own columns are put in
_DELETED = text(f"""
    select {_COLUMNS} from outbox_part p
    join turn t on t.id = p.turn_id
    join message m on m.bot = p.bot and m.message_id = p.message_id
    where p.sent_at > :since and p.kind = 'message' and p.state = 'sent' and m.deleted
      and t.tenant is not null
      -- what we took back ourselves lost a race with a person; it was not wrong
      and not exists (
          select 1 from outbox_part u
          where u.bot = p.bot and u.number = p.number and u.kind = 'unsend'
            and cast(u.payload ->> 'message_id' as bigint) = p.message_id
      )
      and not exists (
          select 1 from proposal o where o.key = 'reply:' || p.bot || ':' || p.message_id
      )
    order by p.message_id limit :limit
""")  # noqa: S608 - as above


@dataclass(frozen=True, slots=True)
class Said:
    """A public message of the bot's.

    Attributes:
        conversation: where.
        message_id: Chatwoot's.
        text: as it was sent.
        tenant: whose business it was, or None.
        reason: of its turn.
        engine: of its turn, or None.
        channel: crew that spoke, or None.
        earlier: Chatwoot's id of what the bot had said before that turn, 0 if nothing.
    """

    conversation: ConversationId
    message_id: int
    text: str
    tenant: str | None
    reason: str
    engine: str | None
    channel: str | None
    earlier: int = 0

    @property
    def key(self) -> str:
        """Of the proposal about it."""
        return f"reply:{self.conversation.bot}:{self.message_id}"


class PostgresReplies:
    """Reads what was said."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last(self, conversation: ConversationId, *, turn: str | None = None) -> Said | None:
        """Return the bot's newest public message of a conversation, or of one of its turns.

        Raises:
            StoreError: the database is away.
        """
        values = {"bot": conversation.bot, "number": conversation.number, "turn": turn}
        async with statement(self._database) as connection:
            row = (await connection.execute(_LAST, values)).first()
        return None if row is None else _said(row, self._database.keys)

    async def deleted(self, *, since: datetime, limit: int = 50) -> Sequence[Said]:
        """Return replies that were deleted in Chatwoot and that no proposal is about.

        Raises:
            StoreError: the database is away.
        """
        async with statement(self._database) as connection:
            rows = await connection.execute(_DELETED, {"since": since, "limit": limit})
            return [_said(row, self._database.keys) for row in rows]


def _said(row: Any, keys: Keyring) -> Said:
    return Said(
        conversation=ConversationId(row.account, row.bot, row.number),
        message_id=row.message_id,
        text=keys.open(row.content or "", f"part {row.bot}"),
        tenant=row.tenant,
        reason=row.reason or "",
        engine=row.engine,
        channel=row.crew,
        earlier=row.earlier or 0,
    )
