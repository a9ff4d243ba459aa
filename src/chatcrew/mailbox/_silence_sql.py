"""Silences on PostgreSQL: begun and ended by order, over by time, and what was said too late."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import text

from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.database.sealing import opened_line
from chatcrew.database.transactions import statement
from chatcrew.ids import ConversationId
from chatcrew.mailbox._held_sql import update_held
from chatcrew.mailbox._rows_sql import COLUMNS, row_from
from chatcrew.messages import (
    ConversationState,
    Silence,
    Talkover,
    TurnKey,
    clean_text,
    line_from_json,
    talkovers,
)

_SILENCE = text("""
    update conversation set silence = :silence, silenced_at = :at, silence_until = :until,
        silence_by = :by, silence_why = :why,
        spoke_id = case when cast(:silence as text) is null then 0 else spoke_id end,
        handed_id = greatest(handed_id, :upto)
    where bot = :bot and number = :number and fence = :fence and lease_owner is not null
""")

_OVER = text(f"""
    select {COLUMNS} from conversation
    where silence_until <= :now
    order by silence_until desc, bot, number limit :limit
""")  # noqa: S608 - constant

_MOST = 50
"""Newest lines looked at."""

_SINCE = text("""
    select conversation.spoke_id, message.line::text as line
    from conversation
    join message on message.bot = conversation.bot and message.number = conversation.number
    where conversation.bot = :bot and conversation.number = :number
      and conversation.spoke_id > 0 and message.message_id >= conversation.spoke_id
      and message.part = 0
    order by message.message_id limit :most
""")

_KNOWN = text("""
    select details -> 'talkover' as known from turn
    where bot = :bot and number = :number and details ? 'talkover'
""")


class PostgresSilences:
    """The silences of ``PostgresMailbox``."""

    _database: Database
    _clock: Clock

    async def set_silence(
        self,
        key: TurnKey,
        silence: Silence | None,
        *,
        until: datetime | None = None,
        by: str = "",
        why: str = "",
        upto: int = 0,
    ) -> None:
        """See ``Mailbox.set_silence``."""
        values = {
            "silence": silence.value if silence is not None else None,
            "at": self._clock.now() if silence is not None else None,
            "until": until,
            "by": clean_text(by),
            "why": clean_text(why),
            "upto": upto,
        }
        async with statement(self._database) as connection:
            await update_held(connection, _SILENCE, key, **values)

    async def silences_over(self, *, limit: int) -> Sequence[ConversationState]:
        """See ``Mailbox.silences_over``."""
        values = {"now": self._clock.now(), "limit": limit}
        async with statement(self._database) as connection:
            return [row_from(row).state for row in await connection.execute(_OVER, values)]

    async def talked_over(self, conversation: ConversationId) -> Sequence[Talkover]:
        """See ``Mailbox.talked_over``."""
        values = {"bot": conversation.bot, "number": conversation.number}
        async with statement(self._database) as connection:
            found = (await connection.execute(_SINCE, values | {"most": _MOST})).all()
            if not found:
                return []
            rows = (await connection.execute(_KNOWN, values)).scalars().all()
        keys, bot = self._database.keys, conversation.bot
        return talkovers(
            [line_from_json(opened_line(keys, bot, orjson.loads(row.line))) for row in found],
            spoke_id=found[0].spoke_id,
            known={int(one["message"]) for row in rows for one in _listed(row)},
        )


def _listed(row: Any) -> list[dict[str, Any]]:
    found = orjson.loads(row) if isinstance(row, str | bytes) else row
    return found if isinstance(found, list) else []
