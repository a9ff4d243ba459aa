"""The timers on PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import orjson
from sqlalchemy import RowMapping, text

from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.database.transactions import statement, transaction
from chatcrew.ids import ConversationId
from chatcrew.messages import clean_json, clean_text
from chatcrew.points import Step
from chatcrew.timers._port import FIRED, LEASE_SECONDS, Timer

_COLUMNS = "key, account, bot, number, kind, due_at, payload::text as payload, ending"

_SET = text("""
    insert into timer (key, account, bot, number, kind, due_at, payload, made_at)
    values (:key, :account, :bot, :number, :kind, :due_at, cast(cast(:payload as text) as jsonb),
            :now)
    on conflict (key) do nothing
""")

_REPLACE = text("""
    update timer set ended_at = :now, ending = 'replaced'
    where bot = :bot and number = :number and kind = :kind and key <> :key and ended_at is null
""")

_END = text("""
    update timer set ended_at = :now, ending = :ending where key = :key and ended_at is null
""")

_CANCEL_ALL = text("""
    update timer set ended_at = :now, ending = :reason
    where bot = :bot and number = :number and kind = :kind and ended_at is null
""")

# skip locked: two workers that look at the same moment share what is due
_CLAIM = text(f"""
    update timer set lease_owner = :worker, lease_until = :until
    where key in (
        select key from timer
        where ended_at is null and due_at <= :now and (lease_until is null or lease_until <= :now)
        order by due_at, key limit :limit
        for update skip locked
    )
    returning {_COLUMNS}
""")  # noqa: S608 - constant

_OF = text(f"""
    select {_COLUMNS} from timer where bot = :bot and number = :number and ended_at is null
    order by due_at, key
""")  # noqa: S608 - constant

_PURGE = text("delete from timer where ended_at < :before")


class PostgresTimers:
    """``Timers`` on PostgreSQL."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def set(self, timer: Timer, *, alone: bool = False) -> bool:
        """See ``Timers.set``."""
        place = {"bot": timer.conversation.bot, "number": timer.conversation.number}
        values = {
            **place,
            "key": clean_text(timer.key),
            "account": timer.conversation.account,
            "kind": timer.kind,
            "due_at": timer.due_at,
            "payload": orjson.dumps(clean_json(dict(timer.payload))).decode(),
            "now": self._clock.now(),
        }
        async with transaction(self._database, step=Step.TIMER_SET) as connection:
            made = (await connection.execute(_SET, values)).rowcount == 1
            if made and alone:
                names = ("bot", "number", "kind", "key", "now")
                await connection.execute(_REPLACE, {name: values[name] for name in names})
        return made

    async def cancel(self, key: str, *, reason: str) -> bool:
        """See ``Timers.cancel``."""
        return await self.end(key, ending=reason)

    async def cancel_all(self, conversation: ConversationId, kind: str, *, reason: str) -> int:
        """See ``Timers.cancel_all``."""
        values = {"bot": conversation.bot, "number": conversation.number, "kind": kind}
        values |= {"reason": reason, "now": self._clock.now()}
        async with transaction(self._database) as connection:
            return (await connection.execute(_CANCEL_ALL, values)).rowcount

    async def claim(self, worker: str, *, limit: int) -> Sequence[Timer]:
        """See ``Timers.claim``."""
        now = self._clock.now()
        until = now + timedelta(seconds=LEASE_SECONDS)
        values = {"worker": worker, "now": now, "until": until, "limit": limit}
        async with transaction(self._database, step=Step.TIMER_CLAIM) as connection:
            found = (await connection.execute(_CLAIM, values)).mappings().all()
        return sorted(map(_timer, found), key=lambda one: (one.due_at, one.key))

    async def end(self, key: str, *, ending: str = FIRED) -> bool:
        """See ``Timers.end``."""
        values = {"key": key, "ending": ending, "now": self._clock.now()}
        async with transaction(self._database, step=Step.TIMER_END) as connection:
            return (await connection.execute(_END, values)).rowcount == 1

    async def of(self, conversation: ConversationId) -> Sequence[Timer]:
        """See ``Timers.of``."""
        values = {"bot": conversation.bot, "number": conversation.number}
        async with statement(self._database) as connection:
            return [_timer(row) for row in (await connection.execute(_OF, values)).mappings()]

    async def purge(self, before: datetime) -> int:
        """See ``Timers.purge``."""
        async with transaction(self._database) as connection:
            return (await connection.execute(_PURGE, {"before": before})).rowcount


def _timer(row: RowMapping) -> Timer:
    return Timer(
        key=row["key"],
        conversation=ConversationId(row["account"], row["bot"], row["number"]),
        kind=row["kind"],
        due_at=row["due_at"],
        payload=orjson.loads(row["payload"]),
        ending=row["ending"],
    )
