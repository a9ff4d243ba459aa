"""What the page gets to know: conversations, customers and messages as plain JSON."""

from datetime import datetime
from typing import Any

from chatcrew.sandbox._silence import silenced
from chatcrew.sandbox._windows import Window
from chatcrew.testing import Agent, Contact, Conversation, Message

Json = dict[str, Any]

_TAG = "chatcrew"


def customer_view(contact: Contact) -> Json:
    """Return a customer for the phone's switcher."""
    return {"id": contact.id, "name": contact.name, "phone": contact.phone_number}


def window_view(window: Window) -> Json:
    """Return an inbox for the chooser; its channel is Chatwoot's class without the prefix."""
    return {
        "id": window.inbox.id,
        "channel": window.inbox.channel.removeprefix("Channel::"),
        "business": window.business_name,
        "bot": None if window.inbox.bot is None else window.inbox.bot.name,
        "voice": window.voice,
        "starters": list(window.starters),
    }


def conversation_view(conversation: Conversation) -> Json:
    """Return a conversation with everything both sides show."""
    owner = conversation.owner
    kind = "person" if isinstance(owner, Agent) else "bot"
    return {
        "id": conversation.id,
        "customer": customer_view(conversation.contact),
        "inbox": conversation.inbox.id,
        "status": conversation.status,
        "owner": None if owner is None else {"name": owner.name, "kind": kind},
        "labels": list(conversation.labels),
        "priority": conversation.priority,
        "silenced": silenced(conversation),
        "unread": conversation.unread_count,
        "typing": sorted(conversation.typing),
        "lastActivity": _millis(conversation.last_activity_at),
        "messages": [
            message_view(message, waited=_waited(conversation, index))
            for index, message in enumerate(conversation.messages)
        ],
    }


def message_view(message: Message, *, waited: float | None) -> Json:
    """Return a message; ``waited`` are the seconds a bot's reply took."""
    tag = message.content_attributes.get(_TAG)
    tag = tag if isinstance(tag, dict) else {}
    items = message.content_attributes.get("items")
    titles = [item.get("title") for item in items or [] if isinstance(item, dict)]
    return {
        "id": message.id,
        "kind": _kind(message),
        "visible": message.to_customer or message.message_type == "incoming",
        "text": message.content or "",
        "at": _millis(message.created_at),
        "sender": None if message.sender is None else message.sender.name,
        "status": message.status,
        "error": message.content_attributes.get("external_error"),
        "quotes": message.content_attributes.get("in_reply_to"),
        "options": [title for title in titles if isinstance(title, str)],
        "engine": _text(tag.get("engine")),
        "turn": _text(tag.get("turn")),
        "rungs": _rungs(tag.get("rungs")),
        "tools": _texts(tag.get("tools")),
        "sources": _texts(tag.get("sources")),
        "seconds": waited,
        "files": [
            {
                "kind": attachment.file.kind,
                "name": attachment.file.meta.get("title") or attachment.file.name,
                "url": f"media/{attachment.key}",
                "type": attachment.file.content_type,
                "size": len(attachment.file.data),
                "sample": bool(attachment.file.meta.get("sample")),
            }
            for attachment in message.attachments
        ],
    }


def _kind(message: Message) -> str:
    if message.message_type != "outgoing":
        return {"incoming": "customer"}.get(message.message_type, message.message_type)
    if message.private:
        return "note"
    return "bot" if message.by_bot else "person"


def _waited(conversation: Conversation, index: int) -> float | None:
    """Return the seconds from the customer's last message to this bot's reply."""
    message = conversation.messages[index]
    if not message.by_bot or message.private:
        return None
    for earlier in reversed(conversation.messages[:index]):
        if earlier.message_type == "incoming":
            return round((message.created_at - earlier.created_at).total_seconds(), 2)
    return None


def _rungs(value: object) -> list[dict[str, Any]]:
    """Return the steps of the ladder that a reply took, from its trace."""
    steps = value if isinstance(value, list) else []
    return [
        {"name": name, "end": end, "ms": ms}
        for name, end, ms in (step for step in steps if isinstance(step, list) and len(step) == 3)
    ]


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
