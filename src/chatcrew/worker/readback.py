"""Was a message whose answer got lost created? There is no idempotency key, so we look (§4.1)."""

from collections.abc import Mapping
from typing import Any

from chatcrew.chatwoot import TAG_KEY, ChatwootClient
from chatcrew.messages import StoredPart

CLOCK_SKEW = 2.0
"""Seconds by which Chatwoot's clock may be behind ours."""


async def was_sent(client: ChatwootClient, part: StoredPart) -> tuple[bool, int | None] | None:
    """Return (sent, message id), or None where what Chatwoot shows proves neither.

    With a user token the list of messages is searched for our tag. Without, only the newest message
    is visible: if it is older than the moment sending began, ours is not there.

    Raises:
        ChatwootError: Chatwoot could not be asked.
    """
    if client.has_user_token:
        for message in await client.messages(part.conversation.number):
            if _tag(message) == part.tag:
                return True, int(message["id"])
        return False, None
    conversation = await client.conversation(part.conversation.number)
    shown = [*conversation.get("messages", []), conversation.get("last_non_activity_message")]
    newest = [message for message in shown if isinstance(message, dict)]
    ours = next((message for message in newest if _tag(message) == part.tag), None)
    if ours is not None:
        return True, int(ours["id"])
    if part.sending_at is None:
        return None
    begun = part.sending_at.timestamp() - CLOCK_SKEW
    if all(float(message.get("created_at") or 0) < begun for message in newest):
        return False, None
    return None


def _tag(message: Mapping[str, Any]) -> str | None:
    attributes = message.get("content_attributes")
    ours = attributes.get(TAG_KEY) if isinstance(attributes, Mapping) else None
    return ours.get("tag") if isinstance(ours, Mapping) else None
