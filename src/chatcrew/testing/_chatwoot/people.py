"""The rows around a conversation: contacts, agents, bots, teams, inboxes, files."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Json = dict[str, Any]

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58_token(length: int = 24) -> str:
    """Return a random token as Rails' ``has_secure_token`` makes them."""
    return "".join(secrets.choice(_BASE58) for _ in range(length))


@dataclass(slots=True, eq=False)
class Contact:
    """A customer."""

    id: int
    account_id: int
    name: str
    created_at: datetime
    phone_number: str | None = None
    email: str | None = None
    identifier: str | None = None
    blocked: bool = False
    additional_attributes: Json = field(default_factory=dict)
    custom_attributes: Json = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    last_activity_at: datetime | None = None


@dataclass(slots=True, eq=False)
class Agent:
    """A person of the team (Chatwoot's ``User``)."""

    id: int
    account_id: int
    name: str
    email: str
    access_token: str
    role: Literal["agent", "administrator"] = "agent"
    availability_status: Literal["online", "busy", "offline"] = "online"

    @property
    def available_name(self) -> str:
        """The display name, here the first name."""
        return self.name.split(" ", 1)[0]


@dataclass(slots=True, eq=False)
class AgentBot:
    """An agent bot; ``outgoing_url`` receives its webhooks, blank means none are sent."""

    id: int
    account_id: int
    name: str
    access_token: str
    secret: str | None
    outgoing_url: str | None = None


@dataclass(slots=True, eq=False)
class Team:
    """A team conversations can be assigned to."""

    id: int
    account_id: int
    name: str
    member_ids: list[int] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class AccountWebhook:
    """A webhook of Settings > Integrations; ``subscriptions`` filters by event."""

    id: int
    url: str
    secret: str | None
    subscriptions: frozenset[str]


@dataclass(slots=True, eq=False)
class DashboardApp:
    """A tab above each conversation: a title and its frames."""

    id: int
    title: str
    content: list[Json]


@dataclass(slots=True, eq=False)
class Inbox:
    """A channel of an account; ``bot`` is its active agent bot."""

    id: int
    account_id: int
    name: str
    channel: str
    bot: AgentBot | None = None
    webhook_url: str | None = None
    secret: str | None = None
    phone_number: str | None = None
    provider: str | None = None
    timezone: str = "America/Sao_Paulo"
    lock_to_single_conversation: bool = False
    greeting_message: str | None = None
    csat_survey_enabled: bool = False
    working_hours_enabled: bool = False
    out_of_office_message: str | None = None
    working_hours: list[Json] = field(default_factory=list)
    member_ids: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class File:
    """Something a person sends with a message.

    Attributes:
        kind: ``image``, ``audio``, ``video``, ``file``, ``location`` or ``contact``.
        name: file name, the extension decides what Chatwoot calls ``extension``.
        meta: for ``location`` ``{"lat", "long", "title"}``, for ``contact``
            ``{"phone", "first_name", "last_name"}``; for any file ``{"storage": address}``, where
            Chatwoot redirects to in place of its own disk.
    """

    kind: str
    name: str = ""
    content_type: str = ""
    data: bytes = b""
    meta: Json = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Attachment:
    """A stored file; ``key`` is the blob's name in its download address."""

    id: int
    key: str
    file: File
    transcribed_text: str = ""


@dataclass(slots=True, eq=False)
class ContactInbox:
    """How a contact is known in one inbox (WhatsApp: digits of the number)."""

    id: int
    contact_id: int
    inbox_id: int
    source_id: str
    created_at: datetime
    pubsub_token: str
