"""Lines and snapshots as JSON values, the form in which stores keep them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chatcrew.messages._clean import clean_json, clean_text
from chatcrew.messages._conversation import Contact, Owner, OwnerKind, Snapshot
from chatcrew.messages._lines import Attachment, Author, AuthorKind, Line


def line_to_json(line: Line) -> dict[str, Any]:
    """Return ``line`` as a clean JSON object.

    Cleaned field by field: walking the whole object costs several times as much, per webhook.
    """
    return {
        "message_id": line.message_id,
        "author": {
            "kind": line.author.kind.value,
            "id": line.author.id,
            "name": _clean(line.author.name),
        },
        "text": clean_text(line.text),
        "created_at": line.created_at.isoformat(),
        "private": line.private,
        "content_type": clean_text(line.content_type),
        "attachments": [
            {
                "kind": clean_text(item.kind),
                "url": _clean(item.url),
                "content_type": _clean(item.content_type),
                "size": item.size,
                "text": _clean(item.text),
                "id": item.id,
            }
            for item in line.attachments
        ],
        "in_reply_to": line.in_reply_to,
        "tag": _clean(line.tag),
        "unsupported": line.unsupported,
        "deleted": line.deleted,
        "automatic": line.automatic,
        "options": [clean_text(option) for option in line.options],
    }


def line_from_json(value: Mapping[str, Any]) -> Line:
    """Return the line that ``line_to_json`` wrote."""
    author = value["author"]
    return Line(
        message_id=value["message_id"],
        author=Author(AuthorKind(author["kind"]), author["id"], author["name"]),
        text=value["text"],
        created_at=datetime.fromisoformat(value["created_at"]),
        private=value["private"],
        content_type=value["content_type"],
        attachments=tuple(Attachment(**item) for item in value["attachments"]),
        in_reply_to=value["in_reply_to"],
        tag=value["tag"],
        unsupported=value["unsupported"],
        deleted=value["deleted"],
        automatic=value["automatic"],
        options=tuple(value.get("options", ())),
    )


def snapshot_to_json(snapshot: Snapshot) -> dict[str, Any]:
    """Return ``snapshot`` as a clean JSON object."""
    owner, contact = snapshot.owner, snapshot.contact
    return {
        "version": snapshot.version,
        "status": _clean(snapshot.status),
        "owner": owner and {"kind": owner.kind.value, "id": owner.id, "name": _clean(owner.name)},
        "owner_known": snapshot.owner_known,
        "inbox_id": snapshot.inbox_id,
        "channel": _clean(snapshot.channel),
        "can_reply": snapshot.can_reply,
        "labels": [clean_text(label) for label in snapshot.labels],
        "custom_attributes": clean_json(snapshot.custom_attributes),
        "team_id": snapshot.team_id,
        "priority": _clean(snapshot.priority),
        "contact": {
            "id": contact.id,
            "name": _clean(contact.name),
            "phone": _clean(contact.phone),
            "email": _clean(contact.email),
            "attributes": clean_json(contact.attributes),
            "blocked": contact.blocked,
        },
    }


def snapshot_from_json(value: Mapping[str, Any]) -> Snapshot:
    """Return the snapshot that ``snapshot_to_json`` wrote."""
    owner = value["owner"]
    return Snapshot(
        version=value["version"],
        status=value["status"],
        owner=Owner(OwnerKind(owner["kind"]), owner["id"], owner["name"]) if owner else None,
        owner_known=value["owner_known"],
        inbox_id=value["inbox_id"],
        channel=value["channel"],
        can_reply=value["can_reply"],
        labels=tuple(value["labels"]),
        custom_attributes=value["custom_attributes"],
        team_id=value["team_id"],
        priority=value["priority"],
        contact=Contact(**value["contact"]),
    )


def _clean(text: str | None) -> str | None:
    return None if text is None else clean_text(text)
