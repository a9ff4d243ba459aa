"""Events of a turn between PostgreSQL and the burst they make."""

from typing import Any

import orjson
from sqlalchemy import RowMapping

from chatcrew.database.sealing import readable_line
from chatcrew.mailbox._burst import Stored
from chatcrew.messages import InputKind, line_from_json
from chatcrew.privacy import Keyring, Unsealable
from chatcrew.telemetry import get_logger

_log = get_logger("mailbox")

EVENT = """
    event.turn_id, event.id, event.kind, event.message_id, event.part, event.received_at,
    message.line::text as line,
    case when event.kind = 'timer' or (event.kind = 'command' and event.message_id is null)
         then event.body end as payload
"""
"""What ``stored`` reads beside ``bot``, of ``event`` and its ``message``."""


def stored(record: RowMapping, keys: Keyring) -> Stored:
    """Return the event of a row that has ``EVENT`` and ``bot``.

    What does not open is empty: raised here, it would leave everybody who was claimed with it
    without an answer. The turn reads its history, fails of it and goes to people, by itself.
    """
    line, bot = record["line"], record["bot"]
    return Stored(
        event_id=record["id"],
        kind=InputKind(record["kind"]),
        message_id=record["message_id"],
        part=record["part"],
        received_at=record["received_at"],
        line=None if line is None else line_from_json(readable_line(keys, bot, orjson.loads(line))),
        payload=_payload(record, keys),
    )


def _payload(record: RowMapping, keys: Keyring) -> dict[str, Any]:
    """Return what the event of a timer or of the tab carries."""
    payload, bot = record["payload"], record["bot"]
    if payload is None:
        return {}
    try:
        opened: dict[str, Any] = orjson.loads(keys.open_bytes(payload, f"body {bot}"))
    except Unsealable as error:
        _log.error("input.unreadable", bot=bot, input=record["id"], key=error.key)
        return {}
    return opened
