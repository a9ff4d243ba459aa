"""Reads one message, from a webhook or a REST answer, into the line we keep of it."""

from datetime import UTC, datetime
from typing import Any

from chatcrew.chatwoot._authors import read_author
from chatcrew.chatwoot._fields import decimal, flag, moment, number, rows, section, text
from chatcrew.chatwoot._said import is_automatic, read_text
from chatcrew.messages import Attachment, Line

TAG_KEY = "chatcrew"
"""Our own key in ``content_attributes``: Chatwoot keeps unknown keys and sends them back."""

UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Time of a message that names none; ``to_delivery`` puts the time of receipt in its place."""

_NO_FIELDS: dict[str, Any] = {}


def read_line(
    message: dict[str, Any],
    *,
    message_id: int,
    conversation: dict[str, Any],
    agent_bot_id: int,
    contact_id: int | None = None,
) -> Line:
    """Return the line of ``message``.

    Args:
        message: a webhook's top level or a REST message.
        message_id: its id.
        conversation: the conversation around it, or an empty object.
        agent_bot_id: our own bot's id in Chatwoot.
        contact_id: the conversation's contact.
    """
    attributes = section(message, "content_attributes")
    entry = entry_of(conversation, message_id)
    return Line(
        message_id=message_id,
        author=read_author(message, agent_bot_id=agent_bot_id, contact_id=contact_id),
        text=read_text(message, entry=entry, legacy="account" not in conversation),
        created_at=moment(message, "created_at") or moment(entry, "created_at") or UNKNOWN_TIME,
        private=flag(message, "private"),
        content_type=text(message, "content_type") or "text",
        attachments=tuple(_attachment(row) for row in rows(message, "attachments")),
        in_reply_to=number(attributes, "in_reply_to"),
        tag=text(section(attributes, TAG_KEY), "tag"),
        unsupported=flag(attributes, "is_unsupported"),
        deleted=flag(attributes, "deleted"),
        automatic=is_automatic(message, conversation=conversation),
        options=tuple(filter(None, (text(row, "title") for row in rows(attributes, "items")))),
    )


def entry_of(conversation: dict[str, Any], message_id: int) -> dict[str, Any]:
    """Return the entry of ``conversation.messages`` with this id; it may show a later message."""
    for entry in rows(conversation, "messages"):
        if number(entry, "id") == message_id:
            return entry
    return _NO_FIELDS


def _attachment(row: dict[str, Any]) -> Attachment:
    kind = text(row, "file_type") or "file"
    return Attachment(
        kind=kind,
        url=text(row, "data_url") or None,
        content_type=text(row, "content_type") or None,
        size=number(row, "file_size"),
        text=_readable(kind, row) or None,
        id=number(row, "id"),
    )


def _readable(kind: str, row: dict[str, Any]) -> str:
    """Return what an attachment says without being opened (app/models/attachment.rb)."""
    title = (text(row, "fallback_title") or "").strip()
    if kind == "location":
        latitude, longitude = decimal(row, "coordinates_lat"), decimal(row, "coordinates_long")
        if latitude is None or longitude is None:
            return title
        place = f"{latitude},{longitude}"
        # What Chatwoot has for an address is a map of the channel's own, where there is one
        link = text(row, "data_url") or f"https://www.google.com/maps?q={place}"
        return f"{title} ({place}) {link}" if title else f"{place} {link}"
    if kind == "contact":
        meta = section(row, "meta")
        names = [text(meta, "firstName"), text(meta, "lastName"), title]
        return " ".join(name for name in names if name)
    if kind == "audio":
        return (text(row, "transcribed_text") or "").strip()
    if kind in ("fallback", "embed"):
        return " ".join(part for part in (title, text(row, "data_url")) if part)
    return ""
