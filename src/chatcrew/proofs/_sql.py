"""Reads the chain of a conversation's records: events, turns, outbox, history."""

from collections import defaultdict

from sqlalchemy import RowMapping, text

from chatcrew.database import Database
from chatcrew.database.transactions import snapshot
from chatcrew.ids import ConversationId
from chatcrew.messages import ActKind, Outcome, PartState, TurnState
from chatcrew.proofs._values import Chain, Input, Sent, Turn

_ROW = text("""
    select account, tenant, status, due_at, lease_until, lease_owner from conversation
    where bot = :bot and number = :number
""")

_TURNS = text("""
    select id, state, worker, attempts, started_at, decided_at, finished_at, outcome, reason
    from turn where bot = :bot and number = :number
    order by started_at desc, id desc limit :limit
""")

_INPUTS = text("""
    select turn_id, kind, name, message_id, delivery_id, received_at from event
    where bot = :bot and number = :number
      and (turn_id is null or turn_id = any(cast(:turns as text[])))
    order by id
""")

_PARTS = text("""
    select part.turn_id, part.position, part.kind, part.state, part.tag, part.attempts,
           part.sending_at, part.sent_at, part.message_id, part.error,
           coalesce(not line.provisional, false) as echoed
    from outbox_part as part
    left join message as line
        on line.bot = part.bot and line.message_id = part.message_id and line.part = 0
    where part.turn_id = any(cast(:turns as text[]))
    order by part.turn_id, part.position
""")

# Whoever is blocked, a mail that a program wrote, a call: they are kept and not answered. What is
# older than the oldest input may have lost its own to the retention.
_UNHEARD = text("""
    select message.message_id from message
    join conversation using (bot, number)
    left join event on event.bot = message.bot and event.message_id = message.message_id
    where message.bot = :bot and message.number = :number and message.part = 0
      and event.id is null and not message.private and not message.deleted
      and message.line -> 'author' ->> 'kind' = 'customer'
      and not coalesce(cast(message.line ->> 'automatic' as boolean), false)
      and message.line ->> 'content_type' <> 'voice_call'
      and not coalesce(cast(conversation.snapshot -> 'contact' ->> 'blocked' as boolean), false)
      and message.message_id > (
          select min(first.message_id) from event as first
          where first.bot = message.bot and first.number = message.number)
    order by message.message_id
""")


class PostgresChains:
    """The chains of all conversations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def chain(self, conversation: ConversationId, *, limit: int) -> Chain | None:
        """Return what the records hold, all of one moment; None for one that was never seen.

        Args:
            conversation: which.
            limit: newest turns that are told.

        Raises:
            StoreError: the records cannot be read.
        """
        place = {"bot": conversation.bot, "number": conversation.number}
        async with snapshot(self._database) as connection:
            row = (await connection.execute(_ROW, place)).mappings().one_or_none()
            if row is None or row["account"] != conversation.account:
                return None
            found = (await connection.execute(_TURNS, place | {"limit": limit})).mappings().all()
            ids = [one["id"] for one in found]
            inputs: dict[str | None, list[Input]] = defaultdict(list)
            for one in (await connection.execute(_INPUTS, place | {"turns": ids})).mappings():
                inputs[one["turn_id"]].append(_input(one))
            parts: dict[str, list[Sent]] = defaultdict(list)
            for one in (await connection.execute(_PARTS, {"turns": ids})).mappings():
                parts[one["turn_id"]].append(_sent(one))
            unheard = (await connection.execute(_UNHEARD, place)).scalars().all()
        return Chain(
            conversation=conversation,
            tenant=row["tenant"],
            status=row["status"],
            due_at=row["due_at"],
            leased_until=row["lease_until"],
            worker=row["lease_owner"],
            turns=[_turn(one, inputs[one["id"]], parts[one["id"]]) for one in reversed(found)],
            waiting=inputs[None],
            unheard=unheard,
        )


def _turn(row: RowMapping, inputs: list[Input], parts: list[Sent]) -> Turn:
    return Turn(
        id=row["id"],
        state=TurnState(row["state"]),
        worker=row["worker"],
        attempts=row["attempts"],
        started_at=row["started_at"],
        decided_at=row["decided_at"],
        finished_at=row["finished_at"],
        outcome=Outcome(row["outcome"]) if row["outcome"] is not None else None,
        reason=row["reason"],
        inputs=inputs,
        parts=parts,
    )


def _input(row: RowMapping) -> Input:
    return Input(
        kind=row["kind"],
        name=row["name"],
        message_id=row["message_id"],
        delivery=row["delivery_id"],
        at=row["received_at"],
    )


def _sent(row: RowMapping) -> Sent:
    return Sent(
        position=row["position"],
        kind=ActKind(row["kind"]),
        state=PartState(row["state"]),
        tag=row["tag"],
        attempts=row["attempts"],
        sending_at=row["sending_at"],
        sent_at=row["sent_at"],
        message_id=row["message_id"],
        error=row["error"],
        echoed=row["echoed"],
    )
