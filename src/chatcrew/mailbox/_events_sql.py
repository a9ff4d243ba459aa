"""Events of a turn between PostgreSQL and the burst they make."""

import orjson
from sqlalchemy import RowMapping

from chatcrew.database.sealing import opened_line
from chatcrew.mailbox._burst import Stored
from chatcrew.messages import InputKind, line_from_json
from chatcrew.privacy import Keyring

EVENT = """
    event.turn_id, event.id, event.kind, event.message_id, event.part, event.received_at,
    message.line::text as line,
    case when event.kind = 'timer' or (event.kind = 'command' and event.message_id is null)
         then event.body end as payload
"""
"""What ``stored`` reads beside ``bot``, of ``event`` and its ``message``."""


def stored(record: RowMapping, keys: Keyring) -> Stored:
    """Return the event of a row that has ``EVENT`` and ``bot``."""
    line, payload, bot = record["line"], record["payload"], record["bot"]
    return Stored(
        event_id=record["id"],
        kind=InputKind(record["kind"]),
        message_id=record["message_id"],
        part=record["part"],
        received_at=record["received_at"],
        line=None if line is None else line_from_json(opened_line(keys, bot, orjson.loads(line))),
        payload={} if payload is None else orjson.loads(keys.open_bytes(payload, f"body {bot}")),
    )
