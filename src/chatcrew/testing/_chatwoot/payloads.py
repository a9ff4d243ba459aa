"""The bodies of Chatwoot 4.16.2's webhooks, built from FakeChatwoot's rows."""

from datetime import datetime
from itertools import islice
from typing import Any

from chatcrew.testing._chatwoot.channels import can_reply
from chatcrew.testing._chatwoot.people import (
    Agent,
    AgentBot,
    Attachment,
    Contact,
    ContactInbox,
    Json,
)
from chatcrew.testing._chatwoot.state import MESSAGE_TYPE_NUMBERS, Conversation, Message
from chatcrew.testing._chatwoot.wire import iso, iso_or_none, unix


def contact_fields(contact: Contact) -> Json:
    """Return what every contact object holds (``Contact#push_event_data`` without its type)."""
    return {
        "additional_attributes": dict(contact.additional_attributes),
        "custom_attributes": dict(contact.custom_attributes),
        "email": contact.email,
        "id": contact.id,
        "identifier": contact.identifier,
        "name": contact.name,
        "phone_number": contact.phone_number,
        "thumbnail": "",
        "blocked": contact.blocked,
    }


def contact_webhook(contact: Contact, account: Json) -> Json:
    """Return ``Contact#webhook_data``: an account, an avatar and no ``type`` key."""
    return {"account": account, **contact_fields(contact), "avatar": ""}


def actor_webhook(actor: Contact | Agent | AgentBot | None, account: Json) -> Json | None:
    """Return the top-level ``sender`` of a message or ``user`` of a typing event."""
    if actor is None:
        return None
    if isinstance(actor, Contact):
        return contact_webhook(actor, account)
    if isinstance(actor, Agent):
        return {"id": actor.id, "name": actor.name, "email": actor.email, "type": "user"}
    return {"id": actor.id, "name": actor.name, "type": "agent_bot"}


def actor_push(actor: Contact | Agent | AgentBot) -> Json:
    """Return the nested form of a person or bot (``push_event_data``), which carries a type."""
    if isinstance(actor, Contact):
        return {**contact_fields(actor), "type": "contact"}
    if isinstance(actor, Agent):
        return {
            "id": actor.id,
            "name": actor.name,
            "available_name": actor.available_name,
            "avatar_url": "",
            "type": "user",
            "availability_status": actor.availability_status,
            "thumbnail": "",
        }
    return {"id": actor.id, "name": actor.name, "avatar_url": "", "type": "agent_bot"}


def attachment_data(attachment: Attachment, message: Message, base_url: str) -> Json:
    """Return one attachment (Chatwoot's ``Attachment#push_event_data``)."""
    file = attachment.file
    data: Json = {
        "id": attachment.id,
        "message_id": message.id,
        "file_type": file.kind,
        "account_id": message.conversation.account_id,
    }
    if file.kind == "location":
        return data | {
            "coordinates_lat": file.meta.get("lat"),
            "coordinates_long": file.meta.get("long"),
            "fallback_title": file.meta.get("title"),
            "data_url": None,
        }
    if file.kind == "contact":
        names = {
            "firstName": file.meta.get("first_name", ""),
            "lastName": file.meta.get("last_name", ""),
        }
        return data | {"fallback_title": file.meta.get("phone"), "meta": names}
    blob = f"{base_url}/rails/active_storage/blobs/redirect/{attachment.key}/{file.name}"
    thumb = f"{base_url}/rails/active_storage/representations/redirect/{attachment.key}/{file.name}"
    audio = file.kind == "audio"
    data |= {
        "extension": file.name.rsplit(".", 1)[-1] if "." in file.name else None,
        "content_type": file.content_type,
        "data_url": f"{blob}?disposition=inline" if audio else blob,
        "thumb_url": thumb if file.kind == "image" else "",
        "file_size": len(file.data),
        "width": None,
        "height": None,
    }
    if audio:
        data["transcribed_text"] = attachment.transcribed_text
    return data


def contact_inbox_data(row: ContactInbox) -> Json:
    """Return the contact_inbox row, the visitor's websocket credential included."""
    return {
        "id": row.id,
        "contact_id": row.contact_id,
        "inbox_id": row.inbox_id,
        "source_id": row.source_id,
        "created_at": iso(row.created_at),
        "updated_at": iso(row.created_at),
        "hmac_verified": False,
        "pubsub_token": row.pubsub_token,
    }


def message_push(message: Message, base_url: str) -> Json:
    """Return an entry of ``conversation.messages`` (``Message#push_event_data``)."""
    conversation = message.conversation
    sender = message.sender
    kinds = {Contact: "Contact", Agent: "User", AgentBot: "AgentBot"}
    data: Json = {
        "id": message.id,
        "content": message.content,
        "account_id": conversation.account_id,
        "inbox_id": conversation.inbox.id,
        "conversation_id": conversation.id,
        "message_type": MESSAGE_TYPE_NUMBERS[message.message_type],
        "created_at": unix(message.created_at),
        "updated_at": iso(message.updated_at),
        "private": message.private,
        "status": message.status,
        "source_id": message.source_id,
        "content_type": message.content_type,
        "content_attributes": dict(message.content_attributes),
        "sender_type": None if sender is None else kinds[type(sender)],
        "sender_id": None if sender is None else sender.id,
        "external_source_ids": {},
        "additional_attributes": dict(message.additional_attributes),
        "processed_message_content": message.content,
        "sentiment": {},
        "conversation": {
            "assignee_id": conversation.assignee.id if conversation.assignee else None,
            "unread_count": conversation.unread_count,
            "last_activity_at": unix(conversation.last_activity_at),
            "contact_inbox": {"source_id": conversation.contact_inbox.source_id},
        },
    }
    if message.attachments:
        data["attachments"] = [attachment_data(a, message, base_url) for a in message.attachments]
    if sender is not None:
        data["sender"] = actor_push(sender)
    return data


def conversation_meta(conversation: Conversation) -> Json:
    """Return ``meta``: the customer, the owner and the team."""
    team = conversation.team
    return {
        "sender": actor_push(conversation.contact),
        "assignee": actor_push(conversation.owner) if conversation.owner else None,
        "assignee_type": conversation.assignee_type,
        "team": None
        if team is None
        else {"id": team.id, "name": team.name, "icon": None, "icon_color": None},
        "hmac_verified": False,
    }


def conversation_data(conversation: Conversation, *, base_url: str, now: datetime) -> Json:
    """Return the conversation as webhooks carry it (``Conversations::EventDataPresenter``)."""
    newest = reversed(conversation.messages)
    shown = (m for m in newest if not m.private and m.message_type != "activity")
    return {
        "additional_attributes": dict(conversation.additional_attributes),
        "can_reply": can_reply(conversation, now),
        "channel": conversation.inbox.channel,
        "contact_inbox": contact_inbox_data(conversation.contact_inbox),
        "id": conversation.id,
        "inbox_id": conversation.inbox.id,
        "messages": [message_push(m, base_url) for m in islice(shown, 1)],
        "labels": list(conversation.labels),
        "meta": conversation_meta(conversation),
        "status": conversation.status,
        "custom_attributes": dict(conversation.custom_attributes),
        "snoozed_until": iso_or_none(conversation.snoozed_until),
        "unread_count": conversation.unread_count,
        "first_reply_created_at": iso_or_none(conversation.first_reply_created_at),
        "priority": conversation.priority,
        "waiting_since": unix(conversation.waiting_since),
        "agent_last_seen_at": unix(conversation.agent_last_seen_at),
        "contact_last_seen_at": unix(conversation.contact_last_seen_at),
        "last_activity_at": unix(conversation.last_activity_at),
        "timestamp": unix(conversation.last_activity_at),
        "created_at": unix(conversation.created_at),
        "updated_at": conversation.updated_at.timestamp(),
        "account": account_data(conversation),
    }


def account_data(conversation: Conversation) -> Json:
    """Return the small account object."""
    return {"id": conversation.account_id, "name": conversation.account_name}


def conversation_event(
    event: str,
    conversation: Conversation,
    *,
    base_url: str,
    now: datetime,
    changed: list[Json] | None = None,
) -> Json:
    """Return a conversation event: the conversation at top level."""
    body = conversation_data(conversation, base_url=base_url, now=now) | {"event": event}
    # conversation_status_changed carries the key with null; opened and resolved have no such key.
    if event in {"conversation_updated", "conversation_status_changed"}:
        body["changed_attributes"] = changed
    return body


def message_event(event: str, message: Message, *, base_url: str, now: datetime) -> Json:
    """Return a message event: the message at top level, its conversation nested."""
    conversation = message.conversation
    account = account_data(conversation)
    body: Json = {
        "account": account,
        "additional_attributes": dict(message.additional_attributes),
        "content_attributes": dict(message.content_attributes),
        "content_type": message.content_type,
        "content": message.content,
        "conversation": conversation_data(conversation, base_url=base_url, now=now),
        "created_at": iso(message.created_at),
        "id": message.id,
        "inbox": {"id": conversation.inbox.id, "name": conversation.inbox.name},
        "message_type": message.message_type,
        "private": message.private,
        "sender": actor_webhook(message.sender, account),
        "source_id": message.source_id,
    }
    if message.attachments:
        body["attachments"] = [attachment_data(a, message, base_url) for a in message.attachments]
    return body | {"event": event}


def typing_event(
    event: str,
    conversation: Conversation,
    actor: Contact | Agent | AgentBot,
    *,
    is_private: bool,
    base_url: str,
    now: datetime,
) -> Json:
    """Return a typing event; account webhooks and API inboxes get it, agent bots never do."""
    user: Any = actor_webhook(actor, account_data(conversation))
    return {
        "event": event,
        "user": user,
        "conversation": conversation_data(conversation, base_url=base_url, now=now),
        "is_private": is_private,
    }
