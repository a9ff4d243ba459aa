"""What both backends make of a decision: tags, and the history line of a sent message."""

import uuid
from datetime import datetime

from chatcrew.messages import ActKind, Author, AuthorKind, Line, StoredPart

SPOKEN = frozenset((ActKind.MESSAGE, ActKind.NOTE))
"""Acts that leave a message in the conversation."""


def new_tag() -> str:
    """Return a tag for ``content_attributes``: random, so nobody can name a part of another."""
    return f"cc-{uuid.uuid4()}"


def sent_line(part: StoredPart, message_id: int, at: datetime) -> Line | None:
    """Return what the history says of a sent message until Chatwoot's own echo comes."""
    if part.kind not in SPOKEN:
        return None
    items = part.payload.get("content_attributes", {}).get("items", ())
    return Line(
        message_id=message_id,
        author=Author(AuthorKind.BOT),
        text=str(part.payload.get("content", "")),
        created_at=at,
        private=part.kind is ActKind.NOTE,
        content_type=str(part.payload.get("content_type", "text")),
        tag=part.tag,
        options=tuple(str(item.get("title", "")) for item in items),
    )
