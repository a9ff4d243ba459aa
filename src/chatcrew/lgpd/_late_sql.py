"""Erases what a turn that was under way wrote after its person had been erased."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.database.transactions import transaction
from chatcrew.lgpd._blanks_sql import BLANK_LINE

# Everything a turn may still do after its decision: say, remember, count (hub.runner)
_STATEMENTS = (
    f"""
    update message t set {BLANK_LINE}
    from outbox_part p
    where p.turn_id = any(cast(:turns as text[])) and p.bot = t.bot and p.message_id = t.message_id
      and not t.line ? 'erased'
    """,  # noqa: S608 - constants of this house, no values
    """
    update outbox_part set payload = '{}', error = null
    where turn_id = any(cast(:turns as text[]))
    """,
    "delete from feedback_signal where turn_id = any(cast(:turns as text[]))",
    "delete from suggestion where turn_id = any(cast(:turns as text[]))",
    """
    update tool_call set arguments = '{}', result = null, reason = null, digest = ''
    where turn_id = any(cast(:turns as text[]))
    """,
    """
    delete from contact_fact where conversation = any(cast(:places as text[]))
      and created_at between :since and :until
    """,
    """
    delete from contact_consent where source = any(cast(:places as text[]))
      and at between :since and :until
    """,
)


async def erase_late(
    database: Database, *, turns: Sequence[Sequence[Any]], since: datetime, until: datetime
) -> None:
    """Erase it, once those turns must have ended.

    Args:
        database: migrated.
        turns: id, bot and number of each.
        since: when the person was erased.
        until: now; what the customer told again until then is forgotten too.
    """
    async with transaction(database) as connection:
        found = await connection.execute(
            text("""
                select account, bot, number from conversation where (bot, number) in (
                    select * from unnest(cast(:bots as text[]), cast(:numbers as bigint[])))
            """),
            {"bots": [bot for _, bot, _ in turns], "numbers": [one for _, _, one in turns]},
        )
        values = {
            "turns": [turn for turn, _, _ in turns],
            "places": [f"{row.account}/{row.bot}/{row.number}" for row in found],
            "since": since,
            "until": until,
        }
        for query in _STATEMENTS:
            await connection.execute(text(query), values)
