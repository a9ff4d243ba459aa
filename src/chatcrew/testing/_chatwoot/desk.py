"""Chatwoot's rules for conversations: birth, status, ownership and the events of each change."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from chatcrew.testing._chatwoot.account import Account, Sequences
from chatcrew.testing._chatwoot.activity import line
from chatcrew.testing._chatwoot.changes import ChangeLog
from chatcrew.testing._chatwoot.people import Agent, AgentBot, Contact, Inbox, Json, Team
from chatcrew.testing._chatwoot.state import Conversation, Message, Status
from chatcrew.testing._chatwoot.wire import iso, iso_or_none

Release = Literal["4.16.1", "4.16.2", "develop"]
Actor = Agent | AgentBot | Contact | None


class Outlet(Protocol):
    """Where events go: the webhooks."""

    def message(self, event: str, message: Message) -> None:
        """Tell about a message."""

    def conversation(
        self, event: str, conversation: Conversation, changed: list[Json] | None = None
    ) -> None:
        """Tell about a conversation."""

    def contact(self, event: str, contact: Contact, changed: list[Json] | None = None) -> None:
        """Tell about a contact."""

    def typing(
        self,
        event: str,
        conversation: Conversation,
        *,
        actor: Agent | AgentBot | Contact,
        private: bool,
    ) -> None:
        """Tell that somebody types."""


class Desk:
    """Conversations and the rules that move them.

    Args:
        now: the wall clock.
        release: which Chatwoot's ownership rules hold: ``4.16.1`` (bots own nothing), ``4.16.2``
            or ``develop`` of 2026-08 (assigning moves the status, attributes can be merged).
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        release: Release,
        outlet: Outlet,
        changes: ChangeLog,
        sequences: Sequences,
        accounts: dict[int, Account],
    ) -> None:
        self.now = now
        self.release = release
        self.outlet = outlet
        self.changes = changes
        self.sequences = sequences
        self.on_resolved: Callable[[Conversation], None] = lambda _conversation: None
        self.accounts = accounts

    @property
    def bots_own(self) -> bool:
        """Whether conversations can belong to a bot (since 4.16.2)."""
        return self.release != "4.16.1"

    def start(
        self,
        account: Account,
        inbox: Inbox,
        contact: Contact,
        *,
        status: Status = "open",
        assignee: Agent | None = None,
        **fields: Any,
    ) -> Conversation:
        """Create a conversation.

        With an active bot it is born pending, whatever ``status`` asks, and from 4.16.2 on the bot
        owns it unless a person was given (Chatwoot ``Conversation#determine_conversation_status``).
        A blocked contact's is born resolved.
        """
        now = self.now()
        bot = inbox.bot
        conversation = Conversation(
            id=account.next_display_id,
            uuid=str(uuid.uuid4()),
            account_id=account.id,
            account_name=account.name,
            inbox=inbox,
            contact=contact,
            contact_inbox=account.contact_inbox(contact, inbox),
            created_at=now,
            updated_at=now,
            last_activity_at=now,
            waiting_since=now,
            status="resolved" if contact.blocked else "pending" if bot else status,
            assignee=assignee,
            assignee_bot=bot if self.bots_own and assignee is None else None,
            **fields,
        )
        account.next_display_id += 1
        account.conversations[conversation.id] = conversation
        self._note("conversation_created", conversation)
        self.outlet.conversation("conversation_created", conversation)
        if bot is not None:
            # The first update lists the whole row: everything came from nothing.
            row = {"id": conversation.id, **_row(conversation), "updated_at": iso(now)}
            diff = [{k: {"previous_value": None, "current_value": v}} for k, v in row.items()]
            self.outlet.conversation("conversation_updated", conversation, diff)
        return conversation

    def save(self, conversation: Conversation, *, actor: Actor = None, **fields: Any) -> bool:
        """Change columns the way one Rails save does; returns whether anything changed.

        Fires conversation_opened or _resolved, then _status_changed, the activity lines, then one
        conversation_updated with the real diff.
        """
        before, stamped = _row(conversation), conversation.updated_at
        for name, value in fields.items():
            setattr(conversation, name, value)
        after = _row(conversation)
        keys = [key for key in after if after[key] != before[key]]
        if not keys:
            return False
        conversation.updated_at = max(self.now(), stamped + timedelta(microseconds=1))
        diff = [{k: {"previous_value": before[k], "current_value": after[k]}} for k in keys]
        moved = {"previous_value": iso(stamped), "current_value": iso(conversation.updated_at)}
        if "status" in keys:
            if conversation.status in {"open", "resolved"}:
                event = {"open": "conversation_opened", "resolved": "conversation_resolved"}
                self.outlet.conversation(event[conversation.status], conversation)
            self.outlet.conversation("conversation_status_changed", conversation)
        self._note("conversation", conversation)
        self._explain(conversation, keys, actor)
        self.outlet.conversation(
            "conversation_updated", conversation, [*diff, {"updated_at": moved}]
        )
        if "status" in keys and conversation.status == "resolved":
            self.on_resolved(conversation)
        return True

    def set_status(
        self,
        conversation: Conversation,
        status: Status,
        *,
        actor: Actor = None,
        snoozed_until: datetime | None = None,
    ) -> bool | None:
        """Move the status; returns Chatwoot's ``payload.success`` (None after a bot's hand-off).

        A bot that opens a pending conversation hands it off; a person who opens one clears the bot
        owner and, with the agent role, becomes assignee (4.16.2).
        """
        fields: dict[str, Any] = {"status": status, "snoozed_until": snoozed_until}
        handoff = (
            isinstance(actor, AgentBot) and conversation.status == "pending" and status == "open"
        )
        opened_by_person = isinstance(actor, Agent) and status == "open"
        if handoff:
            fields["waiting_since"] = conversation.waiting_since or self.now()
        if (handoff or opened_by_person) and self.bots_own:
            fields["assignee_bot"] = None
        if isinstance(actor, Agent) and opened_by_person and actor.role == "agent":
            fields["assignee"] = actor
        self.save(conversation, actor=actor, **fields)
        return None if handoff else True

    def assign(
        self, conversation: Conversation, who: Agent | AgentBot | None, *, actor: Actor = None
    ) -> None:
        """Give the conversation to a person, a bot or nobody; a person clears the bot owner.

        In ``develop`` a bot also makes it pending, and a person opens a bot-owned pending one.
        """
        fields: dict[str, Any] = {
            "assignee": who if isinstance(who, Agent) else None,
            "assignee_bot": who if isinstance(who, AgentBot) else None,
        }
        if self.release == "develop":
            if isinstance(who, AgentBot):
                fields["status"] = "pending"
            elif who and conversation.assignee_bot and conversation.status == "pending":
                fields["status"] = "open"
        self.save(conversation, actor=actor, **fields)

    def assign_team(self, conversation: Conversation, team: Team | None) -> None:
        """Give the conversation to a team or take it away."""
        self.save(conversation, team=team)

    def bot_failed(self, conversation: Conversation) -> None:
        """Open a pending conversation whose bot could not be told about a message.

        The bot stays owner (Chatwoot ``lib/webhooks/trigger.rb``, since 4.7.0).
        """
        account = self.accounts[conversation.account_id]
        if conversation.status != "pending" or account.keep_pending_on_bot_failure:
            return
        self.save(conversation, status="open")
        self.activity(conversation, line(account.locale, "bot_failure"))

    def activity(self, conversation: Conversation, text: str) -> None:
        """Write an activity line; no webhook ever tells about one."""
        now = self.now()
        message = Message(
            id=self.sequences.take("message"),
            conversation=conversation,
            message_type="activity",
            created_at=now,
            updated_at=now,
            content=text,
        )
        conversation.messages.append(message)
        self._note("message", conversation, message)

    def set_typing(
        self,
        conversation: Conversation,
        actor: Agent | AgentBot | Contact,
        *,
        on: bool,
        private: bool = False,
    ) -> None:
        """Show or hide that somebody types; agent bots are not told."""
        kind = {Contact: "contact", Agent: "user", AgentBot: "agent_bot"}[type(actor)]
        if on:
            conversation.typing.add(kind)
        else:
            conversation.typing.discard(kind)
        event = "conversation_typing_on" if on else "conversation_typing_off"
        self._note("typing", conversation)
        self.outlet.typing(event, conversation, actor=actor, private=private)

    def _explain(self, conversation: Conversation, keys: list[str], actor: Actor) -> None:
        locale = self.accounts[conversation.account_id].locale
        name = None if actor is None else actor.name
        if "status" in keys and actor is not None:
            self.activity(conversation, line(locale, conversation.status, name=name))
        owner = conversation.owner
        # Taking a bot off leaves no line, giving the conversation to one does.
        given_to_bot = "assignee_agent_bot_id" in keys and owner is not None
        if actor is not None and ("assignee_id" in keys or given_to_bot):
            if owner is None:
                text = line(locale, "unassigned", name=name)
            elif owner is actor:
                text = line(locale, "self_assigned", name=name)
            else:
                text = line(locale, "assigned", name=name, other=owner.name)
            self.activity(conversation, text)

    def _note(self, kind: str, conversation: Conversation, message: Message | None = None) -> None:
        self.changes.add(
            kind,
            account_id=conversation.account_id,
            conversation_id=conversation.id,
            message_id=None if message is None else message.id,
        )


def _row(conversation: Conversation) -> Json:
    """Return the columns whose change Chatwoot tells about."""
    labels = list(conversation.labels)
    bot = conversation.assignee_bot
    return {
        "team_id": conversation.team.id if conversation.team else None,
        "assignee_id": conversation.assignee.id if conversation.assignee else None,
        "assignee_agent_bot_id": bot.id if bot else None,
        "status": conversation.status,
        "snoozed_until": iso_or_none(conversation.snoozed_until),
        "custom_attributes": dict(conversation.custom_attributes),
        "cached_label_list": ", ".join(labels),
        "label_list": labels,
        "waiting_since": iso_or_none(conversation.waiting_since),
        "first_reply_created_at": iso_or_none(conversation.first_reply_created_at),
        "priority": conversation.priority,
    }
