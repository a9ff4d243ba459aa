"""Says what an event means and what it costs, before anything is stored (contract §2.4, §3)."""

from dataclasses import dataclass, field
from typing import Any

from chatcrew.chatwoot._authors import ACTIVITY, INCOMING, message_type
from chatcrew.chatwoot._fields import number, rows, section, text
from chatcrew.chatwoot._lines import read_line
from chatcrew.chatwoot._message_rules import created, updated
from chatcrew.chatwoot._parse import Event
from chatcrew.chatwoot._snapshot import read_snapshot
from chatcrew.messages import (
    Change,
    Effect,
    OwnerKind,
    Snapshot,
    Weight,
)
from chatcrew.tenancy.model import Bot

# Columns that change with every message and say nothing new: app/models/conversation.rb saves them
# beside a message, and conversation_updated then lists all changed columns.
_BOOKKEEPING = frozenset(
    {
        "waiting_since",
        "first_reply_created_at",
        "updated_at",
        "last_activity_at",
        "cached_label_list",
        "agent_last_seen_at",
        "assignee_last_seen_at",
        "contact_last_seen_at",
    }
)

_CONVERSATION = frozenset(
    {
        "conversation_created",
        "conversation_opened",
        "conversation_resolved",
        "conversation_status_changed",
        "conversation_updated",
    }
)

_NOISE = {
    "contact_created": "contact_created",
    "contact_updated": "contact_updated",
    "webwidget_triggered": "webwidget_triggered",
    "macro.executed": "macro_executed",
    "inbox_created": "inbox_changed",
    "inbox_updated": "inbox_changed",
}


@dataclass(frozen=True, slots=True)
class Classified:
    """What one event means.

    Attributes:
        event: Chatwoot's name of it, raw.
        weight: turn, state or noise.
        reason: short stable name of why.
        change: what it changes; empty for noise.
        conversation: display id, or None.
        object_id: message id, display id, contact id or contact inbox id, by event; or None.
        inbox_id: Chatwoot's inbox id, or None.
    """

    event: str
    weight: Weight
    reason: str
    change: Change = field(default_factory=Change)
    conversation: int | None = None
    object_id: int | None = None
    inbox_id: int | None = None


def classify(event: Event, *, bot: Bot) -> Classified:
    """Return what ``event`` means for ``bot``; never raises, whatever the payload holds."""
    name, data = event.name, event.data
    account = _account(data)
    if account is not None and account != bot.account_id:
        # Display ids are unique per account only: another account's must not touch our rows.
        return _noise(event, "other_account")
    if name in ("message_created", "message_updated"):
        return _message(event, bot)
    if name in ("conversation_typing_on", "conversation_typing_off"):
        return _typing(event)
    if name in _CONVERSATION:
        return _conversation(event, bot)
    family = "automation_event" if name.startswith("automation_event.") else "unknown_event"
    return _noise(event, _NOISE.get(name, family))


def _noise(event: Event, reason: str, *, conversation: int | None = None) -> Classified:
    data, inner = event.data, section(event.data, "conversation")
    inbox = (number(data, "inbox_id"), number(section(data, "inbox"), "id"))
    return Classified(
        event.name,
        Weight.NOISE,
        reason,
        conversation=conversation,
        object_id=number(data, "id"),
        inbox_id=next((i for i in (*inbox, number(inner, "inbox_id")) if i is not None), None),
    )


def _account(data: dict[str, Any]) -> int | None:
    """Return the account: conversations name it since 4.14.2, their messages always did."""
    conversation = section(data, "conversation") or data
    for place in (data, conversation):
        account = number(section(place, "account"), "id")
        if account is not None:
            return account
    return next((number(row, "account_id") for row in rows(conversation, "messages")), None)


def _typing(event: Event) -> Classified:
    conversation = section(event.data, "conversation")
    display_id = number(conversation, "id")
    user = section(event.data, "user")
    # Contacts come without a type here, users with one (app/listeners/webhook_listener.rb).
    by_customer = bool(user) and text(user, "type") in (None, "contact")
    if display_id is None or not by_customer:
        return _noise(event, "operator_typing", conversation=display_id)
    if event.name == "conversation_typing_off":
        return _noise(event, "customer_stopped_typing", conversation=display_id)
    return Classified(
        event.name,
        Weight.STATE,
        "customer_typing",
        Change(Effect.TYPING),
        display_id,
        display_id,
        number(conversation, "inbox_id"),
    )


def _conversation(event: Event, bot: Bot) -> Classified:
    data = event.data
    display_id = number(data, "id")
    if display_id is None:
        return _noise(event, "incomplete_conversation")
    if event.name == "conversation_updated" and _only_bookkeeping(data):
        return _noise(event, "bookkeeping", conversation=display_id)
    snapshot = read_snapshot(data)
    effect, reason = Effect.SNAPSHOT, event.name
    if _performed_by_us(data, bot):
        reason = "own_write"
    elif event.name == "conversation_opened" and _still_ours(snapshot, bot):
        # Our own hand-off and a person's takeover clear the bot as owner (4.16.2); Chatwoot's
        # opening after a failed webhook does not (lib/webhooks/trigger.rb).
        effect, reason = Effect.CHATWOOT_OPENED, "opened_with_bot_as_owner"
    return Classified(
        event.name,
        Weight.STATE,
        reason,
        Change(effect, snapshot=snapshot),
        display_id,
        display_id,
        snapshot.inbox_id,
    )


def _only_bookkeeping(data: dict[str, Any]) -> bool:
    changed = {key for row in rows(data, "changed_attributes") for key in row}
    return bool(changed) and changed <= _BOOKKEEPING


def _still_ours(snapshot: Snapshot, bot: Bot) -> bool:
    owner = snapshot.owner
    return (
        snapshot.status == "open"
        and owner is not None
        and owner.kind is OwnerKind.BOT
        and owner.id == bot.agent_bot_id
    )


def _performed_by_us(data: dict[str, Any], bot: Bot) -> bool:
    performed = section(data, "performed_by")
    return text(performed, "type") == "agent_bot" and number(performed, "id") == bot.agent_bot_id


def _message(event: Event, bot: Bot) -> Classified:
    data = event.data
    conversation = section(data, "conversation")
    message_id = number(data, "id")
    display_id = number(conversation, "id")
    if message_id is None or display_id is None:
        return _noise(event, "incomplete_message", conversation=display_id)
    kind = message_type(data)
    if kind in ("", ACTIVITY):
        reason = "activity" if kind else "unknown_message_type"
        return _noise(event, reason, conversation=display_id)
    snapshot = read_snapshot(
        conversation,
        inbox_id=number(section(data, "inbox"), "id"),
        sender=section(data, "sender") if kind == INCOMING else None,
    )
    line = read_line(
        data,
        message_id=message_id,
        conversation=conversation,
        agent_bot_id=bot.agent_bot_id,
        contact_id=snapshot.contact.id,
    )
    if event.name == "message_created":
        weight, change, reason = created(line, kind)
    else:
        weight, change, reason = updated(data, line, kind)
    if weight is Weight.TURN and change.effect is not Effect.COMMAND and snapshot.contact.blocked:
        weight, change, reason = Weight.STATE, Change(line=change.line), "blocked_contact"
    return Classified(
        event.name,
        weight,
        reason,
        Change() if weight is Weight.NOISE else change.seen(snapshot),
        display_id,
        message_id,
        snapshot.inbox_id,
    )
