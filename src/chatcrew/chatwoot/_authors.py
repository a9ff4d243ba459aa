"""Tells who wrote a message: contract §2.4's cases, by the marks Chatwoot leaves."""

from typing import Any

from chatcrew.chatwoot._fields import flag, number, section, text
from chatcrew.messages import Author, AuthorKind

INCOMING, OUTGOING, ACTIVITY, TEMPLATE = "incoming", "outgoing", "activity", "template"

# app/models/message.rb: webhooks name the type, nested messages and REST answers number it
_TYPE_BY_NUMBER = {0: INCOMING, 1: OUTGOING, 2: ACTIVITY, 3: TEMPLATE}
_TYPES = frozenset(_TYPE_BY_NUMBER.values())

_SENDER_TYPE = {
    "Contact": "contact",
    "User": "user",
    "AgentBot": "agent_bot",
    "Captain::Assistant": "captain_assistant",
}


def message_type(message: dict[str, Any]) -> str:
    """Return incoming, outgoing, activity, template, or "" for what Chatwoot may add."""
    value = message.get("message_type")
    if isinstance(value, int) and not isinstance(value, bool):
        return _TYPE_BY_NUMBER.get(value, "")
    return value if isinstance(value, str) and value in _TYPES else ""


def read_author(
    message: dict[str, Any], *, agent_bot_id: int, contact_id: int | None = None
) -> Author:
    """Return who wrote ``message``.

    Args:
        message: a webhook's top level, an entry of ``conversation.messages`` or a REST message.
        agent_bot_id: our own bot's id in Chatwoot.
        contact_id: the conversation's contact, for API inboxes that name no sender.
    """
    sender = section(message, "sender")
    sender_id = number(sender, "id")
    if sender_id is None:
        sender_id = number(message, "sender_id")
    name = text(sender, "name") or None
    kind = message_type(message)
    if kind == INCOMING:
        # An API inbox may name a user or nobody: it is still the customer who speaks.
        person = sender_type(message) == "user" or sender_id is None
        return Author(AuthorKind.CUSTOMER, contact_id if person else sender_id, name)
    if kind == TEMPLATE:
        return Author(AuthorKind.TEMPLATE)
    if kind == OUTGOING:
        return Author(_outgoing_kind(message, sender_id, agent_bot_id), sender_id, name)
    return Author(AuthorKind.SYSTEM, sender_id, name)


def _outgoing_kind(message: dict[str, Any], sender_id: int | None, agent_bot_id: int) -> AuthorKind:
    attributes = section(message, "content_attributes")
    performed = section(message, "performed_by")
    who = sender_type(message)
    marks = (
        (who == "agent_bot" and sender_id == agent_bot_id, AuthorKind.BOT),
        (who in ("agent_bot", "captain_assistant"), AuthorKind.OTHER_BOT),
        (flag(attributes, "external_echo"), AuthorKind.PHONE),
        (attributes.get("automation_rule_id") is not None, AuthorKind.AUTOMATION),
        (text(performed, "type") == "automation_rule", AuthorKind.AUTOMATION),
        (
            section(message, "additional_attributes").get("campaign_id") is not None,
            AuthorKind.CAMPAIGN,
        ),
        (who == "user", AuthorKind.PERSON),
    )
    return next((kind for holds, kind in marks if holds), AuthorKind.SYSTEM)


def sender_type(message: dict[str, Any]) -> str:
    """Return contact, user, agent_bot, captain_assistant, or "": a top-level contact has none."""
    named = text(section(message, "sender"), "type")
    if named:
        return named
    listed = _SENDER_TYPE.get(text(message, "sender_type") or "")
    if listed:
        return listed
    # chatwoot pull request 15953 (open): who acted, where no sender is set
    performed = text(section(message, "performed_by"), "type") or ""
    return performed if not section(message, "sender") and performed == "user" else ""
