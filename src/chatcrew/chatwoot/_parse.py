"""Turns a verified body into an event, whatever keys this version of Chatwoot sends."""

from dataclasses import dataclass
from typing import Any

from chatcrew.chatwoot._fields import read_json, text
from chatcrew.errors import WebhookError


@dataclass(frozen=True, slots=True)
class Event:
    """One parsed webhook.

    Attributes:
        name: Chatwoot's ``event``, raw, because Chatwoot adds events without asking; "" if missing.
        data: the whole object; keys and types are whatever was sent.
    """

    name: str
    data: dict[str, Any]


def parse(body: bytes) -> Event:
    """Return the event in ``body``; unknown keys, types and event names are accepted.

    Raises:
        WebhookError: 422, kind ``unreadable``: not one JSON object in UTF-8.
    """
    try:
        data = read_json(body)
    except ValueError:
        # the parser's error carries the whole document, which must not reach a log
        raise WebhookError(422, kind="unreadable", message=f"not JSON, {len(body)} bytes") from None
    if not isinstance(data, dict):
        raise WebhookError(422, kind="unreadable", message=f"a JSON {type(data).__name__}")
    return Event(text(data, "event") or "", data)
