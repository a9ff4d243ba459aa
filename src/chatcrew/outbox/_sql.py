"""The outbox on PostgreSQL."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import RowMapping, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.database.rows import turn_facts
from chatcrew.database.sealing import sealed_line, sealed_payload
from chatcrew.database.transactions import statement, transaction
from chatcrew.errors import LeaseLost, StoreError
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    PartState,
    PlannedPart,
    Silence,
    Standing,
    StoredPart,
    TurnKey,
    TurnRecord,
    TurnState,
    clean_json,
    clean_text,
    line_to_json,
    snapshot_from_json,
    topic_to_json,
)
from chatcrew.outbox._plan import new_tag, sent_line
from chatcrew.outbox._port import Begun, Said
from chatcrew.outbox._rows_sql import COLUMNS, part_from
from chatcrew.outbox._sending_sql import BEGIN, HOLDING, SAID, SENT
from chatcrew.points import Step

_HOLD = text(HOLDING)

_ADDED = f"""
    insert into outbox_part (turn_id, bot, number, account, position, kind, payload, gated, tag,
                             state, planned_at)
    select :turn, :bot, :number, :account,
           place - 1 + (select count(*) from outbox_part where turn_id = :turn),
           kind, payload, gated, tag, 'planned', cast(:now as timestamptz)
    from rows from (jsonb_to_recordset(cast(cast(:parts as text) as jsonb))
        as (kind text, payload jsonb, gated boolean, tag text))
        with ordinality as fresh (kind, payload, gated, tag, place)
    where %s
    order by place
    returning {COLUMNS}
"""  # noqa: S608 - constant
_ADD = text(_ADDED % "true")

# One statement, and so one trip where there were five: the lock comes first because the update
# asks for what it held. The turn's own row says who was first: what ``held`` read of it may be from
# before the lock was ours, the update looks at it again.
_DECIDE = text(f"""
    with held as materialized ({HOLDING}),
    decided as (
        update turn set state = 'decided', decided_at = :now, outcome = :outcome,
            reason = :reason, tenant = :tenant, crew = :crew, function = :function,
            engine = :engine, config = :config,
            stage_ms = cast(cast(:stage_ms as text) as jsonb),
            details = cast(cast(:details as text) as jsonb)
        where id = :turn and turn.state = 'open' and exists (select from held)
        returning id
    ),
    kept as (
        update conversation set topic = cast(cast(:topic as text) as jsonb)
        where bot = :bot and number = :number and cast(:keep_topic as boolean)
          and exists (select from decided)
    ),
    added as ({_ADDED % "exists (select from decided)"})
    select exists (select from held) as held, exists (select from decided) as decided, added.*
    from (select) as always left join added on true
""")  # noqa: S608 - constant

_PARTS = text(f"select {COLUMNS} from outbox_part where turn_id = :turn order by position")  # noqa: S608 - constant
_PART = text(f"select {COLUMNS} from outbox_part where id = :id")  # noqa: S608 - constant
_BY_TAG = text(f"select {COLUMNS} from outbox_part where tag = :tag")  # noqa: S608 - constant

_END = text("""
    update outbox_part set state = :state, error = :error
    where id = :id and state = 'sending' and attempts = :attempts
""")

_SKIP = text("""
    update outbox_part set state = 'skipped', error = :reason
    where turn_id = :turn and position >= :position and state = 'planned'
""")

_UNDELIVERED = text("""
    select state, count(*) as parts from outbox_part
    where state in ('planned', 'sending', 'unknown') group by state
""")


# As the mailbox counts an echo: who spoke last follows the greatest id
class PostgresOutbox:
    """``Outbox`` on PostgreSQL; a conversation's row is locked before its parts, everywhere."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def decide(
        self, key: TurnKey, parts: Sequence[PlannedPart], record: TurnRecord
    ) -> tuple[StoredPart, ...]:
        """See ``Outbox.decide``."""
        values = self._adding(key, parts) | turn_facts(record) | _topic(record)
        values |= {"fence": key.fence}
        async with statement(self._database, step=Step.DECIDE) as connection:
            found = (await connection.execute(_DECIDE, values)).all()
            if not found[0].held:
                raise _lost(key)
            if not found[0].decided:
                return await self._read(connection, _PARTS, turn=key.turn_id)
        return self._in_order(record for record in found if record.id is not None)

    async def append(self, key: TurnKey, parts: Sequence[PlannedPart]) -> tuple[StoredPart, ...]:
        """See ``Outbox.append``."""
        async with transaction(self._database, step=Step.APPEND) as connection:
            if await _hold(connection, key) is not TurnState.DECIDED:
                raise LeaseLost(f"turn {key.turn_id!r} is not decided")
            return await self._add(connection, key, parts)

    async def parts(self, turn_id: str) -> tuple[StoredPart, ...]:
        """See ``Outbox.parts``."""
        async with statement(self._database) as connection:
            return await self._read(connection, _PARTS, turn=turn_id)

    async def begin(self, part: StoredPart, key: TurnKey) -> Begun | None:
        """See ``Outbox.begin``."""
        async with statement(self._database, step=Step.BEGIN) as connection:
            values = _holding(key) | {"id": part.id, "now": self._clock.now()}
            found = (await connection.execute(BEGIN, values)).mappings().one_or_none()
        if found is None:
            raise _lost(key)
        if found["id"] is None:
            return None
        return Begun(part_from(found, self._database.keys), _standing(found))

    async def sent(self, part: StoredPart, *, message_id: int | None = None) -> Said:
        """See ``Outbox.sent``."""
        now = self._clock.now()
        async with statement(self._database, step=Step.SENT) as connection:
            values: dict[str, Any] = {"id": part.id, "now": now, "message_id": message_id}
            line = None if message_id is None else sent_line(part, message_id, now)
            how = SENT
            if line is not None:
                how = SAID
                bot = part.conversation.bot
                sealed = sealed_line(self._database.keys, bot, line_to_json(line))
                values |= _place(part.conversation) | {"public": not line.private}
                values |= {"line": orjson.dumps(sealed).decode()}
            found = (await connection.execute(how, values)).mappings().first()
            spoke_id = 0 if found is None or line is None else found["spoke_id"] or 0
            if found is None or found["id"] is None:
                return Said(await self._one(connection, part), spoke_id)
        return Said(part_from(found, self._database.keys), spoke_id)

    async def back_to_planned(self, part: StoredPart, *, error: str) -> StoredPart:
        """See ``Outbox.back_to_planned``."""
        return await self._end(part, PartState.PLANNED, error)

    async def failed(self, part: StoredPart, *, error: str) -> StoredPart:
        """See ``Outbox.failed``."""
        return await self._end(part, PartState.FAILED, error)

    async def unknown(self, part: StoredPart, *, error: str) -> StoredPart:
        """See ``Outbox.unknown``."""
        return await self._end(part, PartState.UNKNOWN, error)

    async def skip(self, key: TurnKey, *, position: int, reason: str) -> int:
        """See ``Outbox.skip``."""
        values = {"turn": key.turn_id, "position": position, "reason": clean_text(reason)}
        async with transaction(self._database, step=Step.SKIP) as connection:
            await _hold(connection, key)
            return (await connection.execute(_SKIP, values)).rowcount

    async def by_tag(self, tag: str) -> StoredPart | None:
        """See ``Outbox.by_tag``."""
        async with statement(self._database) as connection:
            found = await self._read(connection, _BY_TAG, tag=clean_text(tag))
        return found[0] if found else None

    async def undelivered(self) -> Mapping[PartState, int]:
        """See ``Outbox.undelivered``."""
        counts = dict.fromkeys((PartState.PLANNED, PartState.SENDING, PartState.UNKNOWN), 0)
        async with statement(self._database) as connection:
            for record in await connection.execute(_UNDELIVERED):
                counts[PartState(record.state)] = record.parts
        return counts

    async def _add(
        self, connection: AsyncConnection, key: TurnKey, parts: Sequence[PlannedPart]
    ) -> tuple[StoredPart, ...]:
        return self._in_order(await connection.execute(_ADD, self._adding(key, parts)))

    def _adding(self, key: TurnKey, parts: Sequence[PlannedPart]) -> dict[str, Any]:
        rows = [
            {
                "kind": part.kind.value,
                "payload": sealed_payload(
                    self._database.keys, key.conversation.bot, clean_json(dict(part.payload))
                ),
                "gated": part.gated,
                "tag": new_tag(),
            }
            for part in parts
        ]
        return _place(key.conversation) | {
            "turn": key.turn_id,
            "account": key.conversation.account,
            "parts": orjson.dumps(rows).decode(),
            "now": self._clock.now(),
        }

    def _in_order(self, records: Iterable[Any]) -> tuple[StoredPart, ...]:
        added = (part_from(record, self._database.keys) for record in records)
        return tuple(sorted(added, key=lambda part: part.position))

    async def _end(self, part: StoredPart, state: PartState, error: str) -> StoredPart:
        values = {
            "id": part.id,
            "attempts": part.attempts,
            "state": state.value,
            "error": clean_text(error),
        }
        async with transaction(self._database, step=Step.END) as connection:
            await connection.execute(_END, values)
            return await self._one(connection, part)

    async def _one(self, connection: AsyncConnection, part: StoredPart) -> StoredPart:
        found = await self._read(connection, _PART, id=part.id)
        if not found:
            raise StoreError(f"there is no outbox part {part.id!r}")
        return found[0]

    async def _read(
        self, connection: AsyncConnection, statement: TextClause, **values: object
    ) -> tuple[StoredPart, ...]:
        found = await connection.execute(statement, values)
        return tuple(part_from(record, self._database.keys) for record in found.mappings())


def _standing(found: RowMapping) -> Standing:
    silence = None if found["silence"] is None else Silence(found["silence"])
    snapshot = snapshot_from_json(orjson.loads(found["snapshot"]))
    return Standing(snapshot, silence, found["spoke_id"])


def _topic(record: TurnRecord) -> dict[str, Any]:
    value = None if record.topic is None else topic_to_json(record.topic)
    return {
        "keep_topic": record.topic is not None,
        "topic": None if value is None else orjson.dumps(value).decode(),
    }


async def _hold(connection: AsyncConnection, key: TurnKey) -> TurnState:
    """Lock the conversation and return the turn's state, if both are still the caller's."""
    state = await connection.scalar(_HOLD, _holding(key))
    if state is None:
        raise _lost(key)
    return TurnState(state)


def _holding(key: TurnKey) -> dict[str, Any]:
    return _place(key.conversation) | {"fence": key.fence, "turn": key.turn_id}


def _lost(key: TurnKey) -> LeaseLost:
    return LeaseLost(f"conversation {str(key.conversation)!r} was claimed again or given back")


def _place(conversation: ConversationId) -> dict[str, Any]:
    return {"bot": conversation.bot, "number": conversation.number}
