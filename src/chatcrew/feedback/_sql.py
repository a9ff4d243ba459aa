"""Signals on PostgreSQL; tables ``feedback_signal`` and ``feedback_digest``."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.database.transactions import statement, transaction
from chatcrew.feedback._port import LEASE, Taken
from chatcrew.ids import ConversationId
from chatcrew.messages import Signal, clean_text

_NOTE = text("""
    insert into feedback_signal
        (turn_id, kind, tenant, account, bot, number, at, reason, about, function, mood, said)
    values (:turn_id, :kind, :tenant, :account, :bot, :number, :at, :reason, :about, :function,
            :mood, :said)
    on conflict (turn_id, kind) do nothing
""")
_BETWEEN = text("""
    select turn_id, kind, tenant, account, bot, number, at, reason, about, function, mood, said
    from feedback_signal where tenant = :tenant and at >= :since and at < :until
    order by at, turn_id collate "C", kind collate "C"
""")
_PURGE = text("delete from feedback_signal where tenant = :tenant and at < :before")
_FORGET = text("delete from feedback_signal where bot = :bot and number = :number")
_TAKE = text("""
    insert into feedback_digest as d (tenant, day, taken_at) values (:tenant, :day, :now)
    on conflict (tenant, day) do update set taken_at = excluded.taken_at
    where d.sent_at is null and d.taken_at <= :stale
    returning xmax = 0 as new
""")
_SENT = text("""
    update feedback_digest set sent_at = :now where tenant = :tenant and day = :day
""")
_GIVE_BACK = text("delete from feedback_digest where tenant = :tenant and day = :day")


class PostgresFeedback:
    """Satisfies ``FeedbackStore``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, signals: Sequence[Signal]) -> None:
        """See ``FeedbackStore.note``."""
        rows = [_row(one) for one in signals]
        if rows:
            async with transaction(self._database) as connection:
                await connection.execute(_NOTE, rows)

    async def between(self, tenant: str, since: datetime, until: datetime) -> Sequence[Signal]:
        """See ``FeedbackStore.between``."""
        values = {"tenant": tenant, "since": since, "until": until}
        async with statement(self._database) as connection:
            found = (await connection.execute(_BETWEEN, values)).mappings().all()
        return [
            Signal(
                conversation=ConversationId(row["account"], row["bot"], row["number"]),
                **{key: row[key] for key in _PLAIN},
            )
            for row in found
        ]

    async def purge(self, tenant: str, before: datetime) -> int:
        """See ``FeedbackStore.purge``."""
        async with transaction(self._database) as connection:
            done = await connection.execute(_PURGE, {"tenant": tenant, "before": before})
        return done.rowcount

    async def forget(self, conversation: ConversationId) -> int:
        """See ``FeedbackStore.forget``."""
        values = {"bot": conversation.bot, "number": conversation.number}
        async with transaction(self._database) as connection:
            done = await connection.execute(_FORGET, values)
        return done.rowcount

    async def take_digest(self, tenant: str, day: date, now: datetime) -> Taken | None:
        """See ``FeedbackStore.take_digest``."""
        values = {"tenant": tenant, "day": day, "now": now, "stale": now - LEASE}
        async with transaction(self._database) as connection:
            row = (await connection.execute(_TAKE, values)).first()
        if row is None:
            return None
        return Taken.NEW if row.new else Taken.AGAIN

    async def digest_sent(self, tenant: str, day: date, now: datetime) -> None:
        """See ``FeedbackStore.digest_sent``."""
        async with transaction(self._database) as connection:
            await connection.execute(_SENT, {"tenant": tenant, "day": day, "now": now})

    async def give_back(self, tenant: str, day: date) -> None:
        """See ``FeedbackStore.give_back``."""
        async with transaction(self._database) as connection:
            await connection.execute(_GIVE_BACK, {"tenant": tenant, "day": day})


_PLAIN = ("turn_id", "kind", "tenant", "at", "reason", "about", "function", "mood", "said")


def _row(one: Signal) -> dict[str, object]:
    values: dict[str, object] = {key: getattr(one, key) for key in _PLAIN}
    place = one.conversation
    said = {"said": clean_text(one.said)}
    return values | said | {"account": place.account, "bot": place.bot, "number": place.number}
