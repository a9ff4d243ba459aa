"""Turns objects of the REST API into our values."""

from typing import Any

from chatcrew.chatwoot._fields import number
from chatcrew.chatwoot._lines import read_line
from chatcrew.chatwoot._snapshot import read_contact, read_snapshot
from chatcrew.messages import Contact, Line, Snapshot


def line_of(message: dict[str, Any], *, agent_bot_id: int) -> Line | None:
    """Return the line of a REST message, None where it has no id."""
    message_id = number(message, "id")
    if message_id is None:
        return None
    # REST content is raw in every version, so nothing is taken for HTML.
    return read_line(
        message, message_id=message_id, conversation={"account": {}}, agent_bot_id=agent_bot_id
    )


def snapshot_of(conversation: dict[str, Any]) -> Snapshot:
    """Return the state of a conversation from ``GET conversations`` or one of its list."""
    return read_snapshot(conversation, complete=True)


def contact_of(contact: dict[str, Any]) -> Contact:
    """Return a contact from ``GET contacts`` or a search."""
    return read_contact(contact)
