"""What the API needs from the house, filled by the composition root."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from chatcrew.accounts import Principal
from chatcrew.analytics import Page
from chatcrew.errors import ChatcrewError
from chatcrew.ids import ConversationId
from chatcrew.ledger import TurnFacts, TurnUsage
from chatcrew.messages import Outcome


class NotSimulated(ChatcrewError):
    """It cannot be tried like this; ``kind`` says why.

    Attributes:
        kind: ``unknown_tenant``, ``not_mapped``, ``unknown_channel``, ``empty``, ``too_long``
            or ``no_answer``: no worker took it in time.
        known: what there is instead.
    """

    def __init__(self, kind: str, *, known: tuple[str, ...] = ()) -> None:
        super().__init__(kind)
        self.kind = kind
        self.known = known


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the bot: its text and the titles of the options it offers."""

    text: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Simulated:
    """What the bot made of a simulated customer's words.

    Attributes:
        conversation: in which it was said.
        turn: id of the turn.
        replies: what the customer would read, in order.
        notes: what the team would read.
        outcome: ``replied``, ``handed_off`` or ``dropped``.
        reason: short stable name of why.
        with_people: the conversation is people's now: the bot says nothing more in it.
        seconds: from the customer's word to the end of the turn.
        usage: calls to models, tokens and dollars.
        facts: of the turn: intent, mood, engine, time per stage.
    """

    conversation: ConversationId
    turn: str
    replies: tuple[Said, ...]
    notes: tuple[str, ...]
    outcome: Outcome | None
    reason: str
    with_people: bool
    seconds: float
    usage: TurnUsage = field(default_factory=TurnUsage)
    facts: TurnFacts | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A customer, as lists show him.

    Attributes:
        account: label of the account: contact numbers are its own.
        contact: Chatwoot's contact id.
        name: display name, or None.
        phone: E.164, or None.
        email: or None.
        conversations: with this tenant.
        last_at: of the customer's last word, UTC, or None.
    """

    account: str
    contact: int
    name: str | None
    phone: str | None
    email: str | None
    conversations: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Business:
    """A tenant as the configuration in force has it.

    Attributes:
        tenant: its key.
        name: as customers read it.
        language: of its replies where a customer's cannot be told.
        timezone: IANA name.
        channels: it can be reached on.
        bots: labels of the bots that answer for it.
    """

    tenant: str
    name: str
    language: str
    timezone: str
    channels: tuple[str, ...]
    bots: tuple[str, ...]


class Simulations(Protocol):
    """Says something as a customer whom nobody else has."""

    async def say(
        self,
        tenant: str,
        words: str,
        *,
        session: str,
        contact: str,
        name: str = "",
        phone: str | None = None,
        channel: str | None = None,
        patience: float = 60.0,
    ) -> Simulated:
        """Say it and wait for what comes of it.

        Raises:
            NotSimulated: see there.
            MailboxFull: too much waits.
            StoreError: storage is away.
        """
        ...


class Contacts(Protocol):
    """Whom a tenant talked with."""

    async def page(self, tenant: str, *, after: str | None, limit: int) -> Page[Contact]:
        """Return customers of a tenant by account and number.

        Raises:
            ValueError: ``after`` is not what a page gave.
            StoreError: storage is away.
        """
        ...


class Businesses(Protocol):
    """The tenants of the configuration in force."""

    def all(self) -> Sequence[Business]:
        """Return every tenant by key."""
        ...

    def conversation(self, bot: str, number: int, *, tenant: str) -> ConversationId | None:
        """Return a conversation's id; None: no such bot. ``sim`` is the tenant's simulated one."""
        ...


class Keys(Protocol):
    """Tells whom a token stands for."""

    async def whose(self, secret: str) -> Principal | None:
        """Return the token's owner, None where it is none or has ended."""
        ...
