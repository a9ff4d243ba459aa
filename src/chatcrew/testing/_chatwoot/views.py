"""The bodies of Chatwoot's REST answers, built from FakeChatwoot's rows."""

from datetime import datetime

from chatcrew.testing._chatwoot.account import Account
from chatcrew.testing._chatwoot.channels import can_reply
from chatcrew.testing._chatwoot.payloads import (
    actor_push,
    attachment_data,
    contact_fields,
    message_push,
)
from chatcrew.testing._chatwoot.people import (
    AccountWebhook,
    Agent,
    AgentBot,
    Contact,
    DashboardApp,
    Inbox,
    Json,
    Team,
)
from chatcrew.testing._chatwoot.state import MESSAGE_TYPE_NUMBERS, Conversation, Message
from chatcrew.testing._chatwoot.wire import iso_or_none, unix


def message_view(message: Message, base_url: str) -> Json:
    """Return a message as creating and listing answer it."""
    data: Json = {
        "id": message.id,
        "content": message.content,
        "inbox_id": message.conversation.inbox.id,
        "conversation_id": message.conversation.id,
        "message_type": MESSAGE_TYPE_NUMBERS[message.message_type],
        "content_type": message.content_type,
        "status": message.status,
        "content_attributes": dict(message.content_attributes),
        "created_at": unix(message.created_at),
        "private": message.private,
        "source_id": message.source_id,
    }
    if message.echo_id is not None:
        data["echo_id"] = message.echo_id
    if message.sender is not None:
        data["sender"] = actor_push(message.sender)
    if message.attachments:
        data["attachments"] = [attachment_data(a, message, base_url) for a in message.attachments]
    return data


def conversation_view(conversation: Conversation, *, base_url: str, now: datetime) -> Json:
    """Return a conversation as reading it answers."""
    shown = [m for m in conversation.messages if m.message_type != "activity"]
    owner, team = conversation.owner, conversation.team
    meta: Json = {
        "sender": contact_view(conversation.contact),
        "channel": conversation.inbox.channel,
        "hmac_verified": False,
    }
    if isinstance(owner, Agent):
        meta |= {"assignee": agent_view(owner), "assignee_type": "User"}
    elif owner is not None:
        meta |= {"assignee": actor_push(owner), "assignee_type": "AgentBot"}
    if team is not None:
        meta["team"] = team_view(team)
    return {
        "meta": meta,
        "id": conversation.id,
        "messages": [message_push(m, base_url) for m in conversation.messages[-1:]],
        "account_id": conversation.account_id,
        "uuid": conversation.uuid,
        "additional_attributes": dict(conversation.additional_attributes),
        "agent_last_seen_at": unix(conversation.agent_last_seen_at),
        "assignee_last_seen_at": unix(conversation.agent_last_seen_at),
        "can_reply": can_reply(conversation, now),
        "contact_last_seen_at": unix(conversation.contact_last_seen_at),
        "custom_attributes": dict(conversation.custom_attributes),
        "inbox_id": conversation.inbox.id,
        "labels": list(conversation.labels),
        "muted": conversation.contact.blocked,
        "snoozed_until": None
        if conversation.snoozed_until is None
        else unix(conversation.snoozed_until),
        "status": conversation.status,
        "created_at": unix(conversation.created_at),
        "updated_at": conversation.updated_at.timestamp(),
        "timestamp": unix(conversation.last_activity_at),
        "first_reply_created_at": unix(conversation.first_reply_created_at),
        "unread_count": conversation.unread_count,
        "last_non_activity_message": message_push(shown[-1], base_url) if shown else None,
        "last_activity_at": unix(conversation.last_activity_at),
        "priority": conversation.priority,
        "waiting_since": unix(conversation.waiting_since),
        "sla_policy_id": None,
    }


def list_meta(conversation: Conversation) -> Json:
    """Return the ``meta`` of the message list."""
    data: Json = {
        "labels": list(conversation.labels),
        "additional_attributes": dict(conversation.additional_attributes),
        "contact": contact_view(conversation.contact),
        "agent_last_seen_at": iso_or_none(conversation.agent_last_seen_at),
        "assignee_last_seen_at": iso_or_none(conversation.agent_last_seen_at),
    }
    if conversation.assignee is not None:
        data["assignee"] = agent_view(conversation.assignee)
    return data


def contact_view(contact: Contact) -> Json:
    """Return a contact without its inboxes."""
    return {
        **contact_fields(contact),
        "availability_status": "offline",
        "last_activity_at": unix(contact.last_activity_at),
        "created_at": unix(contact.created_at),
    }


def contact_with_inboxes(contact: Contact, account: Account) -> Json:
    """Return a contact as the contacts API answers it."""
    rows = []
    for row in account.contact_inboxes:
        if row.contact_id == contact.id:
            inbox = account.inboxes[row.inbox_id]
            small = {
                "id": inbox.id,
                "avatar_url": "",
                "channel_id": inbox.id,
                "name": inbox.name,
                "channel_type": inbox.channel,
                "provider": inbox.provider,
            }
            rows.append({"source_id": row.source_id, "inbox": small})
    return {**contact_view(contact), "contact_inboxes": rows}


def agent_view(agent: Agent) -> Json:
    """Return a person of the team."""
    return {
        "id": agent.id,
        "account_id": agent.account_id,
        "availability_status": agent.availability_status,
        "auto_offline": True,
        "confirmed": True,
        "email": agent.email,
        "available_name": agent.available_name,
        "name": agent.name,
        "role": agent.role,
        "thumbnail": "",
        "custom_role_id": None,
    }


def team_view(team: Team) -> Json:
    """Return a team."""
    return {
        "id": team.id,
        "name": team.name,
        "description": None,
        "allow_auto_assign": True,
        "account_id": team.account_id,
        "is_member": False,
    }


def bot_view(bot: AgentBot, *, secret: bool) -> Json:
    """Return an agent bot; only administrators see the secret."""
    data: Json = {
        "id": bot.id,
        "name": bot.name,
        "description": "",
        "thumbnail": "",
        "outgoing_url": bot.outgoing_url or "",
        "bot_type": "webhook",
        "bot_config": {},
        "account_id": bot.account_id,
        "access_token": bot.access_token,
        "system_bot": False,
    }
    return data | {"secret": bot.secret} if secret else data


def app_view(app: DashboardApp) -> Json:
    """Return a dashboard app."""
    return {
        "id": app.id,
        "title": app.title,
        "content": app.content,
        "created_at": "2026-01-01T00:00:00.000Z",
    }


def webhook_view(hook: AccountWebhook, account_id: int) -> Json:
    """Return an account webhook as administrators see it."""
    data: Json = {
        "id": hook.id,
        "name": "",
        "url": hook.url,
        "account_id": account_id,
        "subscriptions": sorted(hook.subscriptions),
    }
    return data | {"secret": hook.secret} if hook.secret else data


def inbox_view(inbox: Inbox, *, secret: bool) -> Json:
    """Return an inbox; only administrators see an API inbox's secret."""
    data: Json = {
        "id": inbox.id,
        "name": inbox.name,
        "channel_type": inbox.channel,
        "channel_id": inbox.id,
        "avatar_url": "",
        "provider": inbox.provider,
        "phone_number": inbox.phone_number,
        "timezone": inbox.timezone,
        "working_hours_enabled": inbox.working_hours_enabled,
        "working_hours": list(inbox.working_hours),
        "out_of_office_message": inbox.out_of_office_message,
        "greeting_enabled": inbox.greeting_message is not None,
        "greeting_message": inbox.greeting_message,
        "csat_survey_enabled": inbox.csat_survey_enabled,
        "enable_auto_assignment": False,
        "lock_to_single_conversation": inbox.lock_to_single_conversation,
        "callback_webhook_url": None,
    }
    if inbox.channel == "Channel::Api":
        data["webhook_url"] = inbox.webhook_url
        if secret:
            data["secret"] = inbox.secret
    return data


def profile_view(agent: Agent, account: Account) -> Json:
    """Return who owns a user token."""
    membership = {
        "id": account.id,
        "name": account.name,
        "status": "suspended" if account.suspended else "active",
        "active_at": None,
        "role": agent.role,
        "permissions": [agent.role],
        "availability": agent.availability_status,
        "availability_status": agent.availability_status,
        "auto_offline": True,
    }
    return {
        "id": agent.id,
        "account_id": account.id,
        "name": agent.name,
        "available_name": agent.available_name,
        "display_name": None,
        "avatar_url": "",
        "email": agent.email,
        "uid": agent.email,
        "provider": "email",
        "confirmed": True,
        "role": agent.role,
        "type": None,
        "access_token": agent.access_token,
        "pubsub_token": "",
        "ui_settings": {},
        "message_signature": None,
        "accounts": [membership],
    }
