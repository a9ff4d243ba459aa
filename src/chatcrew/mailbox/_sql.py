"""The mailbox on PostgreSQL."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.database.rows import ConversationRow
from chatcrew.database.transactions import statement, transaction
from chatcrew.ids import ConversationId
from chatcrew.mailbox import _rules
from chatcrew.mailbox._held_sql import STATE, lock_held
from chatcrew.mailbox._quarantine_sql import PostgresQuarantine
from chatcrew.mailbox._queue_sql import PostgresQueue
from chatcrew.mailbox._rows_sql import COLUMNS, lock, row_from, save
from chatcrew.mailbox._silence_sql import PostgresSilences
from chatcrew.mailbox._tenants import moved
from chatcrew.mailbox._values import Depth, Parked
from chatcrew.mailbox._write_sql import CHANNEL, NOTIFY
from chatcrew.messages import (
    ConversationState,
    InputKind,
    Snapshot,
    TurnKey,
    clean_json,
    clean_text,
)
from chatcrew.points import Step

_FREE = text("""
    update conversation set lease_owner = null, lease_until = null where lease_owner = :worker
""")

_PARKED = text("""
    select account, bot, number, tenant, parked_turn, parked_reason, parked_at from conversation
    where parked_at is not null order by parked_at limit :limit
""")

_FREE_EVENTS = text("update event set turn_id = null where turn_id = :turn")

_DISCARD = text("""
    update turn set details = coalesce(details, '{}') || jsonb_build_object('discarded',
        cast(:reason as text))
    where id = :turn
""")

# Two on: the one between is empty, and a turn reads no further back than the one before its own
_START_OVER = text("""
    update conversation set episode = episode + 2, function = null, topic = null
    where bot = :bot and number = :number and fence = :fence and lease_owner is not null
""")

_ADD_INPUT = text("""
    insert into event (bot, number, account, kind, name, received_at)
    values (:bot, :number, :account, :kind, :kind, :at)
""")

# Only once for each key: who fires a timer may die before it is noted as fired
_ADD_TIMER = text("""
    with fresh as (
        insert into seen (bot, key, at) values (:bot, :seen, :at) on conflict do nothing returning 1
    )
    insert into event (bot, number, account, kind, name, received_at, body)
    select :bot, :number, :account, cast(:kind as text), cast(:name as text),
           cast(:at as timestamptz), cast(:body as bytea)
    from fresh
""")

_UNANSWERED = text(f"""
    select {COLUMNS} from conversation
    where not starts_with(bot, 'sim:') and last_customer_id > 0
      and last_customer_id >= last_answer_id and last_customer_id > swept_id
      and customer_at <= :before
      and (status = 'pending' or (status = 'open' and owner_kind is distinct from 'person'))
      and due_at is null and (lease_until is null or lease_until <= :now)
    order by customer_at limit :limit
""")  # noqa: S608 - constant

_TOLD = text("""
    select exists(
        select from conversation
        join turn on turn.bot = conversation.bot and turn.number = conversation.number
        where conversation.bot = :bot and conversation.number = :number
          and cast(turn.details ->> 'announced' as bigint) > conversation.last_answer_id
          and cast(turn.details ->> 'episode' as integer) = conversation.episode
    )
""")

_NEXT_DUE = text("""
    select min(greatest(due_at, coalesce(lease_until, due_at))) from conversation
    where due_at is not null
""")

_DEPTH = text("""
    select
        (select count(*) from conversation where due_at is not null) as waiting,
        (select min(waiting_since) from conversation where due_at is not null) as since,
        (select count(*) from conversation where parked_at is not null) as parked
""")

_PURGE_SEEN = text("delete from seen where at < :before")
_PURGE_QUARANTINE = text("delete from quarantine where at < :before")
_PURGE_BODIES = text("""
    update event set body = null
    from turn
    where turn.id = event.turn_id and turn.state = 'finished'
      and event.received_at < :before and event.body is not null
""")


class PostgresMailbox(PostgresQueue, PostgresSilences, PostgresQuarantine):
    """``Mailbox`` on PostgreSQL (design §3: a conversation row is the queue entry)."""

    async def parked(self, *, limit: int = 100) -> list[Parked]:
        """See ``Mailbox.parked``."""
        async with transaction(self._database) as connection:
            found = await connection.execute(_PARKED, {"limit": limit})
            return [_parked(record) for record in found.mappings()]

    async def retry_parked(self, conversation: ConversationId) -> bool:
        """See ``Mailbox.retry_parked``."""
        async with transaction(self._database) as connection:
            row = (await lock(connection, [_key(conversation)])).get(_key(conversation))
            if row is None or row.state.parked_at is None:
                return False
            await connection.execute(_FREE_EVENTS, {"turn": row.parked_turn})
            await save(connection, [_rules.retry(row, self._clock.now())])
            await connection.execute(NOTIFY)
        return True

    async def discard_parked(self, conversation: ConversationId, *, reason: str) -> bool:
        """See ``Mailbox.discard_parked``."""
        async with transaction(self._database) as connection:
            row = (await lock(connection, [_key(conversation)])).get(_key(conversation))
            if row is None or row.state.parked_at is None:
                return False
            values = {"turn": row.parked_turn, "reason": clean_text(reason)}
            await connection.execute(_DISCARD, values)
            await save(connection, [_rules.unpark(row)])
        return True

    async def enqueue(self, conversation: ConversationId, *, kind: InputKind) -> bool:
        """See ``Mailbox.enqueue``."""
        now = self._clock.now()
        async with transaction(self._database, step=Step.ENQUEUE) as connection:
            row = (await lock(connection, [_key(conversation)])).get(_key(conversation))
            if row is None or not _rules.may_enqueue(row, kind):
                return False
            await _add_inputs(connection, row, (kind,), now)
            await save(connection, [_rules.enqueue(row, kind, now)])
        return True

    async def start_over(self, key: TurnKey) -> None:
        """See ``Mailbox.start_over``."""
        await self._update_held(_START_OVER, key)

    async def give(self, key: TurnKey, tenant: str) -> None:
        """See ``Mailbox.give``."""
        async with transaction(self._database) as connection:
            row = await lock_held(connection, key)
            await save(connection, [moved(row, tenant)])

    async def observe(self, conversation: ConversationId, snapshot: Snapshot) -> None:
        """See ``Mailbox.observe``."""
        now = self._clock.now()
        async with transaction(self._database, step=Step.OBSERVE) as connection:
            row = (await lock(connection, [_key(conversation)])).get(_key(conversation))
            if row is None:
                return
            applied = _rules.observe(row, snapshot, now)
            await _add_inputs(connection, row, applied.kinds, now)
            await save(connection, [applied.row])

    async def wake(
        self,
        conversation: ConversationId,
        *,
        key: str,
        payload: Mapping[str, Any],
        kind: InputKind = InputKind.TIMER,
    ) -> bool:
        """See ``Mailbox.wake``."""
        now = self._clock.now()
        async with transaction(self._database, step=Step.WAKE) as connection:
            row = (await lock(connection, [_key(conversation)])).get(_key(conversation))
            if row is None:
                return False
            values = {"bot": conversation.bot, "number": conversation.number, "at": now}
            values |= {"account": row.state.id.account, "name": clean_text(key)}
            values |= {"kind": kind.value}
            values |= {"seen": f"t:{clean_text(key)}", "body": self._sealed(conversation, payload)}
            if (await connection.execute(_ADD_TIMER, values)).rowcount:
                await save(connection, [_rules.enqueue(row, kind, now)])
                await connection.execute(NOTIFY)
        return True

    def _sealed(self, conversation: ConversationId, payload: Mapping[str, Any]) -> bytes:
        """Return what a timer or a button carries, as it is stored."""
        raw = orjson.dumps(clean_json(payload))
        return self._database.keys.seal_bytes(raw, f"body {conversation.bot}")

    async def unanswered(self, *, before: datetime, limit: int = 100) -> list[ConversationState]:
        """See ``Mailbox.unanswered``."""
        values = {"before": before, "now": self._clock.now(), "limit": limit}
        async with transaction(self._database) as connection:
            found = await connection.execute(_UNANSWERED, values)
            return [row_from(record).state for record in found]

    async def told(self, conversation: ConversationId) -> bool:
        """See ``Mailbox.told``."""
        values = {"bot": conversation.bot, "number": conversation.number}
        async with statement(self._database) as connection:
            return bool(await connection.scalar(_TOLD, values))

    async def free(self, worker: str) -> int:
        """See ``Mailbox.free``."""
        async with transaction(self._database) as connection:
            freed = (await connection.execute(_FREE, {"worker": worker})).rowcount
            if freed:
                await connection.execute(NOTIFY)
        return freed

    async def state(self, conversation: ConversationId) -> ConversationState | None:
        """See ``Mailbox.state``."""
        row = await self._row(conversation)
        return row.state if row is not None else None

    async def next_due(self) -> datetime | None:
        """See ``Mailbox.next_due``."""
        async with statement(self._database) as connection:
            due: datetime | None = await connection.scalar(_NEXT_DUE)
        return due

    async def depth(self) -> Depth:
        """See ``Mailbox.depth``."""
        async with statement(self._database) as connection:
            found = (await connection.execute(_DEPTH)).mappings().one()
        since = found["since"]
        oldest = (self._clock.now() - since).total_seconds() if since is not None else 0.0
        return Depth(waiting=found["waiting"], oldest=max(0.0, oldest), parked=found["parked"])

    async def wakes(self) -> AsyncIterator[None]:
        """See ``Mailbox.wakes``."""
        async with self._database.listen(CHANNEL) as notes:
            async for _ in notes:
                yield None

    async def purge_seen(self, before: datetime) -> int:
        """See ``Mailbox.purge_seen``."""
        async with transaction(self._database) as connection:
            return (await connection.execute(_PURGE_SEEN, {"before": before})).rowcount

    async def purge_bodies(self, before: datetime) -> int:
        """See ``Mailbox.purge_bodies``."""
        async with transaction(self._database) as connection:
            gone = (await connection.execute(_PURGE_QUARANTINE, {"before": before})).rowcount
            return gone + (await connection.execute(_PURGE_BODIES, {"before": before})).rowcount

    async def _row(self, conversation: ConversationId) -> ConversationRow | None:
        values = {"bot": conversation.bot, "number": conversation.number}
        async with statement(self._database) as connection:
            found = (await connection.execute(STATE, values)).one_or_none()
        return row_from(found) if found is not None else None


async def _add_inputs(
    connection: AsyncConnection, row: ConversationRow, kinds: Sequence[InputKind], now: datetime
) -> None:
    """Add inputs that no delivery brought."""
    place = {"bot": row.state.id.bot, "number": row.state.id.number, "at": now}
    for kind in kinds:
        values = {**place, "account": row.state.id.account, "kind": kind.value}
        await connection.execute(_ADD_INPUT, values)
        await connection.execute(NOTIFY)


def _parked(record: RowMapping) -> Parked:
    return Parked(
        conversation=ConversationId(record["account"], record["bot"], record["number"]),
        tenant=record["tenant"],
        turn_id=record["parked_turn"],
        reason=record["parked_reason"],
        at=record["parked_at"],
    )


def _key(conversation: ConversationId) -> tuple[str, int]:
    return conversation.bot, conversation.number
