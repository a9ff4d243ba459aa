"""Was a message whose answer got lost created? There is no idempotency key, so we look (§4.1)."""

from collections.abc import Mapping
from typing import Any

from chatcrew.chatwoot import TAG_KEY, ChatwootClient
from chatcrew.messages import StoredPart

CLOCK_SKEW = 2.0
"""Seconds by which Chatwoot's clock may be behind ours, its rounding to whole seconds included."""


async def was_sent(
    client: ChatwootClient, part: StoredPart, *, known: int
) -> tuple[bool, int | None] | None:
    """Return (sent, message id), or None where what Chatwoot shows proves neither.

    With a user token the list of messages is searched for our tag. Without, only the newest message
    is visible: if it is one that was there before sending began, ours is not there, for message ids
    only grow.

    Args:
        client: of the part's bot.
        part: what was being sent.
        known: newest message id that was there before sending began; 0 if unknown.

    Raises:
        ChatwootError: Chatwoot could not be asked.
    """
    begun = part.sending_at.timestamp() if part.sending_at else 0.0
    number = part.conversation.number
    return await was_written(client, number, tag=part.tag, begun=begun, known=known)


async def was_written(
    client: ChatwootClient, number: int, *, tag: str, begun: float, known: int = 0
) -> tuple[bool, int | None] | None:
    """Return (written, message id) of a message by its tag, None where nothing proves it.

    Args:
        client: of the bot that wrote, or did not.
        number: of the conversation.
        tag: of the message.
        begun: when writing began, in seconds since 1970.
        known: newest message id that was there before; 0 if unknown.

    Raises:
        ChatwootError: Chatwoot could not be asked.
    """
    if client.has_user_token:
        listed = await client.messages(number)
        ours = next((message for message in listed if _tag(message) == tag), None)
        return (False, None) if ours is None else (True, int(ours["id"]))
    conversation = await client.conversation(number)
    shown = [*conversation.get("messages", []), conversation.get("last_non_activity_message")]
    newest = [message for message in shown if isinstance(message, dict)]
    ours = next((message for message in newest if _tag(message) == tag), None)
    if ours is not None:
        return True, int(ours["id"])
    return (False, None) if all(_older(one, begun, known) for one in newest) else None


def _older(message: Mapping[str, Any], begun: float, known: int) -> bool:
    """Return whether a message was there before writing began."""
    if int(message.get("id") or 0) <= known:
        return True
    return float(message.get("created_at") or 0) < begun - CLOCK_SKEW


def _tag(message: Mapping[str, Any]) -> str | None:
    attributes = message.get("content_attributes")
    ours = attributes.get(TAG_KEY) if isinstance(attributes, Mapping) else None
    return ours.get("tag") if isinstance(ours, Mapping) else None
