"""Reads a conversation, its contact and its owner from a webhook or a REST answer."""

from typing import Any

from chatcrew.chatwoot._fields import decimal, flag, number, section, text
from chatcrew.messages import Contact, Owner, OwnerKind, Snapshot, clean_json

_OWNER_BY_TYPE = {
    # meta.assignee_type, since 4.8.0
    "User": OwnerKind.PERSON,
    "AgentBot": OwnerKind.BOT,
    "Captain::Assistant": OwnerKind.OTHER_AI,
    # meta.assignee.type, always
    "user": OwnerKind.PERSON,
    "agent_bot": OwnerKind.BOT,
    "captain_assistant": OwnerKind.OTHER_AI,
}


def read_contact(data: dict[str, Any]) -> Contact:
    """Return a contact from ``meta.sender``, a top-level sender or ``GET contacts``."""
    attributes = clean_json(section(data, "custom_attributes"))
    return Contact(
        id=number(data, "id"),
        name=text(data, "name") or None,
        phone=text(data, "phone_number") or None,
        email=text(data, "email") or None,
        attributes=attributes,
        blocked=flag(data, "blocked"),
    )


def read_snapshot(
    conversation: dict[str, Any],
    *,
    inbox_id: int | None = None,
    sender: dict[str, Any] | None = None,
    complete: bool = False,
) -> Snapshot:
    """Return the state of a conversation.

    Args:
        conversation: the object of contract section 3.3 or of ``GET conversations/{id}``.
        inbox_id: the event's own inbox, for payloads whose conversation does not name it.
        sender: the event's contact, for payloads without ``meta.sender``.
        complete: a REST answer, which leaves ``meta.assignee`` out where there is none.
    """
    meta = section(conversation, "meta")
    owner, known = _owner(meta)
    own_inbox = number(conversation, "inbox_id")
    labels = conversation.get("labels")
    can_reply = conversation.get("can_reply")
    return Snapshot(
        version=decimal(conversation, "updated_at"),
        status=text(conversation, "status") or None,
        owner=owner,
        owner_known=known or (complete and bool(meta) and "assignee" not in meta),
        inbox_id=own_inbox if own_inbox is not None else inbox_id,
        channel=text(conversation, "channel") or text(meta, "channel") or None,
        can_reply=can_reply if isinstance(can_reply, bool) else True,
        labels=tuple(clean_json([label for label in labels if isinstance(label, str)]))
        if isinstance(labels, list)
        else (),
        custom_attributes=clean_json(section(conversation, "custom_attributes")),
        team_id=number(section(meta, "team"), "id"),
        priority=text(conversation, "priority") or None,
        contact=read_contact(section(meta, "sender") or sender or {}),
    )


def _owner(meta: dict[str, Any]) -> tuple[Owner | None, bool]:
    """Return the assignee and whether the payload really says who it is."""
    if "assignee" not in meta:
        return None, False
    if meta["assignee"] is None:
        return None, True
    assignee = section(meta, "assignee")
    kind = _OWNER_BY_TYPE.get(text(meta, "assignee_type") or "") or _OWNER_BY_TYPE.get(
        text(assignee, "type") or ""
    )
    owner_id = number(assignee, "id")
    if kind is None or owner_id is None:
        return None, False
    return Owner(kind, owner_id, text(assignee, "name") or None), True
