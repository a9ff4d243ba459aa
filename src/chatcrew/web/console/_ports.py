"""What the pages of operations need from the outside; the composition root fills it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from chatcrew.ids import ConversationId
from chatcrew.why import Account

Tenants = frozenset[str] | None
"""Whose things are shown; None: everybody's, and those that are nobody's."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation with input that no turn has dealt with.

    Attributes:
        conversation: which.
        tenant: whose, or None.
        channel: by the mapping, or None.
        since: since when something waits without a break, UTC.
        due_at: when a worker takes it, UTC.
        attempts: how often it was tried.
        running: a worker has it now.
    """

    conversation: ConversationId
    tenant: str | None
    channel: str | None
    since: datetime | None
    due_at: datetime
    attempts: int
    running: bool


@dataclass(frozen=True, slots=True)
class Stuck:
    """A conversation that was given to people after too many failures.

    Attributes:
        conversation: which.
        tenant: whose, or None.
        turn: that failed.
        reason: short stable name of the fault.
        at: when it was parked, UTC.
    """

    conversation: ConversationId
    tenant: str | None
    turn: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Load:
    """What waits, all in all.

    Attributes:
        waiting: conversations.
        oldest: seconds since the longest wait began.
        running: conversations that a worker has now.
        parked: conversations.
        unsent: parts of replies that are on their way.
        unknown: parts of which nobody knows whether Chatwoot has them.
    """

    waiting: int = 0
    oldest: float = 0.0
    running: int = 0
    parked: int = 0
    unsent: int = 0
    unknown: int = 0


class Queue(Protocol):
    """The mailbox as people look at it; every method raises ``StoreError`` while it is away."""

    async def load(self, tenants: Tenants) -> Load:
        """Return the sums."""
        ...

    async def waiting(self, tenants: Tenants, *, limit: int) -> Sequence[Waiting]:
        """Return what waits, the longest first."""
        ...

    async def stuck(self, tenants: Tenants, *, limit: int) -> Sequence[Stuck]:
        """Return what is parked, the newest first."""
        ...

    async def one(self, conversation: ConversationId) -> Stuck | None:
        """Return what is parked in one conversation."""
        ...

    async def told(self, stuck: Stuck) -> Account | None:
        """Return the account of the turn that failed."""
        ...

    async def retry(self, conversation: ConversationId) -> bool:
        """Try again; False where nothing is parked any more."""
        ...

    async def discard(self, conversation: ConversationId, *, reason: str) -> bool:
        """Close it; False where nothing is parked any more."""
        ...


@dataclass(frozen=True, slots=True)
class Owed:
    """A customer who waits for a person.

    Attributes:
        conversation: where.
        tenant: whose people owe it.
        reason: short stable name.
        since: when it was opened, UTC.
        next_at: when the next step is due, UTC, or None.
        steps: that were taken.
        promised: seconds that the customer was told at most, or None.
        address: of the conversation in Chatwoot, or "".
    """

    conversation: ConversationId
    tenant: str
    reason: str
    since: datetime
    next_at: datetime | None
    steps: int
    promised: float | None = None
    address: str = ""


class People(Protocol):
    """Who waits for people."""

    async def count(self, tenants: Tenants, *, now: datetime) -> tuple[int, int]:
        """Return how many wait, and of how many the next step should have been taken by now."""
        ...

    async def owed(self, tenants: Tenants, *, limit: int) -> Sequence[Owed]:
        """Return who waits, the longest first."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """A delivery that could not be used.

    Attributes:
        id: its number.
        bot: label of the bot it was sent to.
        reason: short stable name.
        at: when it came, UTC.
        size: bytes.
    """

    id: int
    bot: str
    reason: str
    at: datetime
    size: int


class Quarantine(Protocol):
    """Deliveries that could not be used: they belong to no tenant, so only some may see them."""

    async def held(self, *, limit: int) -> Sequence[Held]:
        """Return what is there, oldest first."""
        ...

    async def body(self, number: int) -> tuple[Held, bytes] | None:
        """Return one with what was sent."""
        ...

    async def discard(self, number: int) -> bool:
        """Forget one; False where it is gone."""
        ...


@dataclass(frozen=True, slots=True)
class Door:
    """An inbox of Chatwoot that leads to a tenant.

    Attributes:
        account: label of the account.
        inbox: its number, or None for all others.
        channel: of the mapping.
        mode: ``answer`` or ``draft``.
        first: who answers first: ``bot``, ``people`` or ``share``.
    """

    account: str
    inbox: int | None
    channel: str
    mode: str
    first: str


@dataclass(frozen=True, slots=True)
class TenantRow:
    """A tenant as it runs now.

    Attributes:
        key: such as ``health/varizemed``.
        name: as customers know it.
        bot: name the bot goes by.
        zone: IANA name.
        functions: it has.
        doors: inboxes that lead to it.
        last_turn: when something last happened, UTC, or None.
        config: version that this turn ran with, or "".
    """

    key: str
    name: str
    bot: str
    zone: str
    functions: Sequence[str]
    doors: Sequence[Door]
    last_turn: datetime | None = None
    config: str = ""


@dataclass(frozen=True, slots=True)
class FilesNow:
    """The files as they hold now.

    Attributes:
        version: in force.
        faults: how many the files on disk have.
        in_force: the files on disk are those in force.
        messages: the faults in words, by language.
        advice: what examinations of the accounts found, by language.
    """

    version: str
    faults: int = 0
    in_force: bool = True
    messages: Sequence[Mapping[str, str]] = field(default_factory=tuple)
    advice: Sequence[Mapping[str, str]] = field(default_factory=tuple)


class Houses(Protocol):
    """Tenants and the files they come from."""

    async def rows(self, tenants: Tenants) -> Sequence[TenantRow]:
        """Return tenants by name."""
        ...

    async def files(self) -> FilesNow:
        """Return what is in force and what is wrong with the files."""
        ...


@dataclass(frozen=True, slots=True)
class Ended:
    """A turn that has just ended; no customer's words.

    Attributes:
        turn: id.
        conversation: where.
        tenant: whose, or None.
        at: when it ended, UTC.
        outcome: ``replied``, ``handed_off``, ``dropped``, ``parked``.
        reason: short stable name.
        engine: what answered, or None.
        function: or None.
        seconds: from the customer's last word to the last part of the reply, or None.
    """

    turn: str
    conversation: ConversationId
    tenant: str | None
    at: datetime
    outcome: str
    reason: str
    engine: str | None = None
    function: str | None = None
    seconds: float | None = None


class Now(Protocol):
    """Turns as they end."""

    async def newest(self, tenants: Tenants, *, limit: int) -> Sequence[Ended]:
        """Return the newest, newest first."""
        ...

    async def since(self, tenants: Tenants, *, after: datetime, limit: int) -> Sequence[Ended]:
        """Return those that ended after a moment, the oldest first."""
        ...
