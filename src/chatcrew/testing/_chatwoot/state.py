"""The rows FakeChatwoot keeps about talk: conversations and their messages."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from chatcrew.testing._chatwoot.people import (
    Agent,
    AgentBot,
    Attachment,
    Contact,
    ContactInbox,
    Inbox,
    Json,
    Team,
)

MessageType = Literal["incoming", "outgoing", "activity", "template"]
Status = Literal["open", "pending", "snoozed", "resolved"]

MESSAGE_TYPE_NUMBERS: dict[str, int] = {"incoming": 0, "outgoing": 1, "activity": 2, "template": 3}
STATUSES: tuple[Status, ...] = ("open", "resolved", "pending", "snoozed")
PRIORITIES = ("low", "medium", "high", "urgent")


@dataclass(slots=True, eq=False)
class Message:
    """One message, note, activity line or template.

    ``kept_back`` marks one that was posted with a ``source_id``: Chatwoot takes it for a message
    that came from the channel and does not deliver it.
    """

    id: int
    conversation: "Conversation"
    message_type: MessageType
    created_at: datetime
    updated_at: datetime
    content: str | None = None
    private: bool = False
    sender: Contact | Agent | AgentBot | None = None
    content_type: str = "text"
    content_attributes: Json = field(default_factory=dict)
    additional_attributes: Json = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)
    source_id: str | None = None
    status: Literal["sent", "delivered", "read", "failed"] = "sent"
    echo_id: str | None = None
    kept_back: bool = False

    @property
    def by_bot(self) -> bool:
        """Whether an agent bot wrote it."""
        return isinstance(self.sender, AgentBot)

    @property
    def by_person(self) -> bool:
        """Whether somebody of the team wrote it, in Chatwoot or on the phone."""
        return isinstance(self.sender, Agent) or bool(self.content_attributes.get("external_echo"))

    @property
    def to_customer(self) -> bool:
        """Whether the customer gets to see it."""
        sent = self.message_type in {"outgoing", "template"}
        return sent and not (self.private or self.kept_back or self.status == "failed")


@dataclass(slots=True, eq=False)
class Conversation:
    """One conversation; ``id`` is the display id, unique per account only."""

    id: int
    uuid: str
    account_id: int
    account_name: str
    inbox: Inbox
    contact: Contact
    contact_inbox: ContactInbox
    created_at: datetime
    updated_at: datetime
    last_activity_at: datetime
    status: Status = "open"
    assignee: Agent | None = None
    assignee_bot: AgentBot | None = None
    team: Team | None = None
    priority: str | None = None
    labels: list[str] = field(default_factory=list)
    custom_attributes: Json = field(default_factory=dict)
    additional_attributes: Json = field(default_factory=dict)
    snoozed_until: datetime | None = None
    first_reply_created_at: datetime | None = None
    waiting_since: datetime | None = None
    agent_last_seen_at: datetime | None = None
    contact_last_seen_at: datetime | None = None
    messages: list[Message] = field(default_factory=list)
    typing: set[str] = field(default_factory=set)

    @property
    def owner(self) -> Agent | AgentBot | None:
        """Who has the conversation: a person, a bot or nobody."""
        return self.assignee or self.assignee_bot

    @property
    def assignee_type(self) -> str | None:
        """Chatwoot's name of the owner's kind."""
        if self.assignee is not None:
            return "User"
        return None if self.assignee_bot is None else "AgentBot"

    @property
    def public_bot_replies(self) -> list[Message]:
        """What bots have told the customer, oldest first."""
        return [m for m in self.messages if m.by_bot and m.to_customer]

    @property
    def notes(self) -> list[Message]:
        """The private notes, oldest first."""
        return [m for m in self.messages if m.private]

    @property
    def activity(self) -> list[str]:
        """The activity lines' texts, oldest first."""
        return [m.content or "" for m in self.messages if m.message_type == "activity"]

    @property
    def customer_view(self) -> list[Message]:
        """What stands on the customer's screen, oldest first."""
        return [m for m in self.messages if m.to_customer or m.message_type == "incoming"]

    @property
    def unread_count(self) -> int:
        """Incoming messages nobody of the team has seen, capped at 10 like Chatwoot's."""
        seen = self.agent_last_seen_at
        unread = sum(
            1
            for m in self.messages
            if m.message_type == "incoming" and (seen is None or m.created_at > seen)
        )
        return min(unread, 10)
