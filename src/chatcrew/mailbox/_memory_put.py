"""What one delivery writes into the tables in memory."""

from dataclasses import replace
from datetime import datetime

from chatcrew.database.rows import EventRow, MemoryTables, MessageRow, RatingRow
from chatcrew.mailbox import _rules
from chatcrew.mailbox._receipts import later
from chatcrew.messages import (
    Delivery,
    Effect,
    InputKind,
    Line,
    PartState,
    line_from_json,
    line_to_json,
    snapshot_from_json,
    snapshot_to_json,
)


def store(tables: MemoryTables, delivery: Delivery, now: datetime) -> bool:
    """Store one delivery; return whether its inputs made a conversation due."""
    conversation = delivery.conversation
    if conversation is None:
        return False
    delivery = _as_read_back(delivery)
    key = (conversation.bot, conversation.number)
    row = tables.conversations.get(key) or _rules.new_row(conversation)
    applied = _rules.apply(row, delivery, now)
    tables.conversations[key] = applied.row
    part = int(_rules.chose(delivery))
    if delivery.change.line is not None:
        _keep_line(tables, delivery, delivery.change.line, part, applied.row.state.episode)
    for kind in applied.kinds:
        _add_event(tables, delivery, kind, part)
    _effects(tables, delivery, now)
    return bool(applied.kinds)


def forget(row: MessageRow) -> MessageRow:
    """Forget the words and files of a deleted message; that there was one stays."""
    line = replace(row.line, text="", attachments=(), deleted=True)
    return replace(row, line=line)


def _as_read_back(delivery: Delivery) -> Delivery:
    """Clean every text as the way into PostgreSQL and back would."""
    change = delivery.change
    line, snapshot = change.line, change.snapshot
    if line is not None:
        line = line_from_json(line_to_json(line))
    if snapshot is not None:
        snapshot = snapshot_from_json(snapshot_to_json(snapshot))
    return replace(delivery, change=replace(change, line=line, snapshot=snapshot))


def _keep_line(
    tables: MemoryTables, delivery: Delivery, line: Line, part: int, episode: int
) -> None:
    assert delivery.conversation is not None
    place = (delivery.bot, line.message_id, part)
    key = (delivery.conversation.bot, delivery.conversation.number)
    known = tables.messages.get(place)
    if known is None:
        tables.messages[place] = MessageRow(key, line, part, episode)
    elif not known.line.deleted and (known.provisional or delivery.event != "message_created"):
        tables.messages[place] = replace(known, line=line, provisional=False)


def _add_event(tables: MemoryTables, delivery: Delivery, kind: InputKind, part: int) -> None:
    assert delivery.conversation is not None
    line = delivery.change.line if kind not in _rules.WORDLESS else None
    event_id = next(tables.numbers)
    tables.events[event_id] = EventRow(
        id=event_id,
        key=(delivery.conversation.bot, delivery.conversation.number),
        kind=kind,
        name=delivery.event,
        message_id=line.message_id if line is not None else None,
        part=part,
        received_at=delivery.received_at,
        body=delivery.body,
    )


def _effects(tables: MemoryTables, delivery: Delivery, now: datetime) -> None:
    assert delivery.conversation is not None
    change = delivery.change
    key = (delivery.conversation.bot, delivery.conversation.number)
    if change.receipt is not None:
        place = (delivery.bot, change.receipt.message_id, 0)
        known = tables.messages.get(place)
        if known is not None and later(change.receipt.status, known.status):
            tables.messages[place] = replace(
                known, status=change.receipt.status, status_error=change.receipt.error
            )
    if change.deleted_id is not None:
        for place, row in list(tables.messages.items()):
            if place[:2] == (delivery.bot, change.deleted_id):
                tables.messages[place] = forget(row)
        for event in tables.events.values():
            if (event.key[0], event.message_id) == (delivery.bot, change.deleted_id):
                event.body = None
    if change.rating is not None:
        place_of_rating = (delivery.bot, change.rating.message_id)
        tables.ratings[place_of_rating] = RatingRow(key, change.rating, now)
    if change.effect is Effect.OWN_ECHO and change.line is not None and change.line.tag:
        _settle_part(tables, delivery, change.line)


def _settle_part(tables: MemoryTables, delivery: Delivery, line: Line) -> None:
    open_states = (PartState.PLANNED, PartState.SENDING, PartState.UNKNOWN)
    for number, part in tables.parts.items():
        mine = part.tag == line.tag and part.conversation == delivery.conversation
        if mine and part.state in open_states:
            tables.parts[number] = replace(
                part, state=PartState.SENT, message_id=line.message_id, error=None
            )
