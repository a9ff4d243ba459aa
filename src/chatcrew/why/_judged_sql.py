"""What operators think of replies, on PostgreSQL."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import text

from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.database.transactions import statement
from chatcrew.ids import ConversationId
from chatcrew.why._judged import Judgement

_KEEP = text("""
    insert into reply_judgement (turn_id, user_id, account, bot, number, tenant, good, at)
    values (:turn, :user_id, :account, :bot, :number, :tenant, :good, :at)
    on conflict (turn_id, user_id) do update set good = excluded.good, at = excluded.at
""")

_OF = text("""
    select turn_id, good from reply_judgement
    where bot = :bot and number = :number and account = :account and tenant = :tenant
      and user_id = :user_id
""")

_PURGE = text("delete from reply_judgement where at < :before")


class PostgresJudgements:
    """``Judgements`` on PostgreSQL."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def keep(self, judgement: Judgement) -> None:
        """See ``Judgements.keep``."""
        where = judgement.conversation
        values = {
            "turn": judgement.turn,
            "user_id": judgement.user_id,
            "account": where.account,
            "bot": where.bot,
            "number": where.number,
            "tenant": judgement.tenant,
            "good": judgement.good,
            "at": self._clock.now(),
        }
        async with statement(self._database) as connection:
            await connection.execute(_KEEP, values)

    async def of(
        self, conversation: ConversationId, *, tenant: str, user_id: int
    ) -> Mapping[str, bool]:
        """See ``Judgements.of``."""
        values = {
            "bot": conversation.bot,
            "number": conversation.number,
            "account": conversation.account,
            "tenant": tenant,
            "user_id": user_id,
        }
        async with statement(self._database) as connection:
            found = await connection.execute(_OF, values)
            return {row.turn_id: row.good for row in found}

    async def purge(self, before: datetime) -> int:
        """See ``Judgements.purge``."""
        async with statement(self._database) as connection:
            return (await connection.execute(_PURGE, {"before": before})).rowcount
