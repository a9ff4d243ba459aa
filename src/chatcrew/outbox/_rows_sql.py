"""Outbox rows as PostgreSQL gives them."""

import orjson
from sqlalchemy import RowMapping

from chatcrew.ids import ConversationId
from chatcrew.messages import ActKind, PartState, StoredPart
from chatcrew.privacy import Keyring

COLUMNS = """id, turn_id, account, bot, number, position, kind, payload::text as payload, gated,
    tag, state, attempts, sending_at, message_id, error"""
"""What ``part_from`` reads."""


def part_from(record: RowMapping, keys: Keyring) -> StoredPart:
    """Return the part that a ``select`` of ``COLUMNS`` read."""
    return StoredPart(
        id=record["id"],
        turn_id=record["turn_id"],
        conversation=ConversationId(record["account"], record["bot"], record["number"]),
        position=record["position"],
        kind=ActKind(record["kind"]),
        payload=keys.open_within(orjson.loads(record["payload"]), f"part {record['bot']}"),
        gated=record["gated"],
        tag=record["tag"],
        state=PartState(record["state"]),
        attempts=record["attempts"],
        sending_at=record["sending_at"],
        message_id=record["message_id"],
        error=record["error"],
    )
