"""An account of FakeChatwoot and how a test furnishes it."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypedDict, Unpack

from chatcrew.clock import Clock
from chatcrew.testing._chatwoot.people import (
    AccountWebhook,
    Agent,
    AgentBot,
    Contact,
    ContactInbox,
    DashboardApp,
    Inbox,
    Json,
    Team,
    base58_token,
)
from chatcrew.testing._chatwoot.state import Conversation

ACCOUNT_EVENTS = frozenset(
    {
        "conversation_created",
        "conversation_status_changed",
        "conversation_updated",
        "contact_created",
        "contact_updated",
        "message_created",
        "message_updated",
        "webwidget_triggered",
        "conversation_typing_on",
        "conversation_typing_off",
    }
)


class Sequences:
    """Increasing ids, one sequence per table over the whole installation."""

    def __init__(self) -> None:
        self._last: Counter[str] = Counter(message=880_000, attachment=61_000)

    def skip(self, numbers: int) -> None:
        """Let messages and attachments go on from so many further on."""
        for table in ("message", "attachment"):
            self._last[table] += numbers

    def take(self, table: str, wanted: int | None = None) -> int:
        """Return ``wanted`` or the next free id of ``table``."""
        number = self._last[table] + 1 if wanted is None else wanted
        self._last[table] = max(self._last[table], number)
        return number


class InboxOptions(TypedDict, total=False):
    """What an inbox can be given beside its id, name and channel; the fields of ``Inbox``."""

    webhook_url: str
    secret: str
    phone_number: str
    provider: str
    timezone: str
    lock_to_single_conversation: bool
    greeting_message: str
    csat_survey_enabled: bool
    working_hours_enabled: bool
    out_of_office_message: str
    working_hours: list[Json]


class ContactOptions(TypedDict, total=False):
    """What a contact can be given beside its id and name; the fields of ``Contact``."""

    phone_number: str
    email: str
    identifier: str
    blocked: bool
    additional_attributes: Json
    custom_attributes: Json


@dataclass(slots=True, eq=False)
class Account:
    """A Chatwoot account and everything in it; ``locale`` is the language of activity lines."""

    id: int
    name: str
    clock: Clock
    sequences: Sequences
    locale: Literal["pt_BR", "en"] = "pt_BR"
    keep_pending_on_bot_failure: bool = False
    suspended: bool = False
    inboxes: dict[int, Inbox] = field(default_factory=dict)
    agents: dict[int, Agent] = field(default_factory=dict)
    bots: dict[int, AgentBot] = field(default_factory=dict)
    teams: dict[int, Team] = field(default_factory=dict)
    contacts: dict[int, Contact] = field(default_factory=dict)
    contact_inboxes: list[ContactInbox] = field(default_factory=list)
    conversations: dict[int, Conversation] = field(default_factory=dict)
    webhooks: list[AccountWebhook] = field(default_factory=list)
    apps: dict[int, DashboardApp] = field(default_factory=dict)
    next_display_id: int = 1

    def add_inbox(
        self,
        inbox_id: int | None = None,
        name: str | None = None,
        *,
        channel: str = "Channel::Whatsapp",
        bot: AgentBot | None = None,
        **options: Unpack[InboxOptions],
    ) -> Inbox:
        """Create an inbox; ``bot`` becomes its active agent bot."""
        number = self.sequences.take("inbox", inbox_id)
        inbox = Inbox(
            id=number,
            account_id=self.id,
            name=name or channel.removeprefix("Channel::"),
            channel=channel,
            bot=bot,
            **options,
        )
        self.inboxes[number] = inbox
        return inbox

    def add_bot(
        self,
        bot_id: int | None = None,
        name: str = "Atendente Virtual",
        *,
        outgoing_url: str | None = None,
        secret: str | None = None,
        access_token: str | None = None,
        inboxes: Iterable[Inbox] | None = None,
        signs: bool = True,
    ) -> AgentBot:
        """Create an agent bot and connect it to ``inboxes`` (default: those that have none yet).

        Token and secret are made up when not given; ``signs=False`` is a bot of a Chatwoot before
        4.13.0, which has no secret.
        """
        number = self.sequences.take("agent_bot", bot_id)
        bot = AgentBot(
            id=number,
            account_id=self.id,
            name=name,
            access_token=access_token or base58_token(),
            secret=(secret or base58_token()) if signs else None,
            outgoing_url=outgoing_url,
        )
        self.bots[number] = bot
        for inbox in list(self.inboxes.values()) if inboxes is None else inboxes:
            if inboxes is not None or inbox.bot is None:
                inbox.bot = bot
        return bot

    def add_agent(
        self,
        agent_id: int | None = None,
        name: str = "Patrícia Gomes",
        *,
        email: str | None = None,
        role: Literal["agent", "administrator"] = "agent",
        access_token: str | None = None,
    ) -> Agent:
        """Create a person of the team; ``access_token`` is the user token."""
        number = self.sequences.take("user", agent_id)
        agent = Agent(
            id=number,
            account_id=self.id,
            name=name,
            email=email or f"agent{number}@example.com",
            access_token=access_token or base58_token(),
            role=role,
        )
        self.agents[number] = agent
        return agent

    def add_team(self, team_id: int | None = None, name: str = "suporte") -> Team:
        """Create a team."""
        number = self.sequences.take("team", team_id)
        self.teams[number] = Team(id=number, account_id=self.id, name=name)
        return self.teams[number]

    def add_contact(
        self,
        contact_id: int | None = None,
        name: str = "Maria da Silva",
        **options: Unpack[ContactOptions],
    ) -> Contact:
        """Create a customer."""
        number = self.sequences.take("contact", contact_id)
        contact = Contact(
            id=number, account_id=self.id, name=name, created_at=self.clock.now(), **options
        )
        self.contacts[number] = contact
        return contact

    def add_webhook(
        self,
        url: str,
        *,
        secret: str | None = None,
        subscriptions: Iterable[str] = ACCOUNT_EVENTS,
        signs: bool = True,
    ) -> AccountWebhook:
        """Create an account webhook (Settings > Integrations); it fires for every inbox.

        ``signs=False`` is one of a Chatwoot before 4.11.2, which has no secret.
        """
        number = self.sequences.take("webhook")
        key = (secret or base58_token()) if signs else None
        webhook = AccountWebhook(number, url, key, frozenset(subscriptions))
        self.webhooks.append(webhook)
        return webhook

    def contact_inbox(self, contact: Contact, inbox: Inbox) -> ContactInbox:
        """Return how ``contact`` is known in ``inbox``; made on the first message."""
        for row in self.contact_inboxes:
            if (row.contact_id, row.inbox_id) == (contact.id, inbox.id):
                return row
        row = ContactInbox(
            id=self.sequences.take("contact_inbox"),
            contact_id=contact.id,
            inbox_id=inbox.id,
            source_id=_source_id(contact, inbox),
            created_at=self.clock.now(),
            pubsub_token=base58_token(),
        )
        self.contact_inboxes.append(row)
        return row

    def conversations_of(self, contact: Contact, inbox: Inbox) -> Iterable[Conversation]:
        """Return the contact's conversations in ``inbox``, newest first."""
        rows = reversed(self.conversations.values())
        return (c for c in rows if c.contact is contact and c.inbox is inbox)


def _source_id(contact: Contact, inbox: Inbox) -> str:
    if inbox.channel == "Channel::Whatsapp" and contact.phone_number:
        return contact.phone_number.lstrip("+")
    if inbox.channel == "Channel::TwilioSms" and contact.phone_number:
        return f"whatsapp:{contact.phone_number}"
    if inbox.channel == "Channel::Email" and contact.email:
        return contact.email
    return str(uuid.uuid4())
