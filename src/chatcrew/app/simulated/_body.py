"""The webhook that Chatwoot would send for a customer's words; contract §1, ``message_created``."""

from datetime import datetime
from typing import Any

import orjson

from chatcrew.messages import Snapshot
from chatcrew.tenancy.model import SIMULATED_BOT
from chatcrew.tenancy.vocabulary import CHANNEL_CLASSES

_CLASSES = {name: known for known, name in CHANNEL_CLASSES.items()}


def body(  # noqa: PLR0913 - what one delivery says
    words: str,
    *,
    message: int,
    number: int,
    contact: int,
    name: str,
    phone: str | None,
    channel: str,
    known: Snapshot | None,
    at: datetime,
) -> bytes:
    """Return the JSON of the delivery.

    Args:
        words: of the customer.
        message: its id.
        number: of the conversation.
        contact: id of the customer.
        name: of the customer.
        phone: E.164 with ``+``, or None.
        channel: crew channel.
        known: the conversation so far, or None for the first word.
        at: when it was said, UTC.
    """
    status = (known.status if known else None) or "pending"
    sender = {
        "id": contact,
        "name": name,
        "phone_number": phone,
        "email": None,
        "custom_attributes": dict(known.contact.attributes) if known else {},
        "type": "contact",
    }
    bot = {"id": SIMULATED_BOT, "name": "chatcrew", "type": "agent_bot"}
    ours = status == "pending"
    meta: dict[str, Any] = {
        "sender": sender,
        "assignee": bot if ours else None,
        "assignee_type": "AgentBot" if ours else None,
    }
    return orjson.dumps(
        {
            "event": "message_created",
            "id": message,
            "content": words,
            "content_type": "text",
            "content_attributes": {},
            "message_type": "incoming",
            "private": False,
            "created_at": at.isoformat(),
            "sender": sender,
            "inbox": {"id": 1},
            "conversation": {
                "id": number,
                "inbox_id": 1,
                "channel": _CLASSES.get(channel, "Channel::Api"),
                "can_reply": True,
                "status": status,
                "labels": list(known.labels) if known else [],
                "custom_attributes": dict(known.custom_attributes) if known else {},
                "priority": known.priority if known else None,
                "meta": meta,
                "updated_at": at.timestamp(),
            },
        }
    )
