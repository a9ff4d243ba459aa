"""All stores of a turn over one backend, and a customer's side of a conversation as deliveries."""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Self

from chatcrew.clock import Clock
from chatcrew.conversations import History, MemoryHistory, PostgresHistory
from chatcrew.database import Database
from chatcrew.database.rows import MemoryTables
from chatcrew.ids import ConversationId
from chatcrew.ledger import Ledger, MemoryLedger, PostgresLedger
from chatcrew.mailbox import Mailbox, MemoryMailbox, PostgresMailbox
from chatcrew.messages import (
    Author,
    AuthorKind,
    Change,
    Claim,
    Contact,
    Delivery,
    Effect,
    Line,
    Outcome,
    Owner,
    Rating,
    Receipt,
    Snapshot,
    Timing,
    TurnRecord,
    Weight,
)
from chatcrew.outbox import MemoryOutbox, Outbox, PostgresOutbox
from chatcrew.testing._manual_clock import ManualClock

REPLIED = TurnRecord(outcome=Outcome.REPLIED, reason="crew", tenant="health/varizemed")
"""A record for tests that do not look at it."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Mailbox, outbox, history and ledger that share one storage."""

    mailbox: Mailbox
    outbox: Outbox
    history: History
    ledger: Ledger
    clock: Clock

    @classmethod
    def in_memory(cls, clock: Clock, *, max_attempts: int = 5, max_pending: int = 20_000) -> Self:
        """Return the in-memory twins."""
        tables = MemoryTables()
        return cls(
            MemoryMailbox(tables, clock, max_attempts=max_attempts, max_pending=max_pending),
            MemoryOutbox(tables, clock),
            MemoryHistory(tables),
            MemoryLedger(tables),
            clock,
        )

    @classmethod
    def on_postgres(
        cls, database: Database, clock: Clock, *, max_attempts: int = 5, max_pending: int = 20_000
    ) -> Self:
        """Return the stores on a migrated database."""
        return cls(
            PostgresMailbox(database, clock, max_attempts=max_attempts, max_pending=max_pending),
            PostgresOutbox(database, clock),
            PostgresHistory(database),
            PostgresLedger(database),
            clock,
        )


@dataclass(slots=True)
class Talk:
    """Makes the deliveries of one conversation: message ids and versions grow by themselves."""

    clock: Clock
    number: int = 1532
    account: str = "acme"
    bot: str = "acme-bot"
    timing: Timing = field(default_factory=Timing)
    snapshot: Snapshot = field(
        default_factory=lambda: Snapshot(
            version=1000.0, status="pending", owner_known=True, inbox_id=31, contact=Contact(id=501)
        )
    )
    last_id: int = 0
    posts: int = 0

    def __post_init__(self) -> None:
        if self.last_id == 0:  # message ids are unique over the conversations of an account
            self.last_id = self.number * 1000

    @property
    def id(self) -> ConversationId:
        """Which conversation."""
        return ConversationId(self.account, self.bot, self.number)

    def says(self, text: str, *, message_id: int | None = None) -> Delivery:
        """The customer writes."""
        line = self._line(AuthorKind.CUSTOMER, text, message_id)
        return self._post("message_created", Effect.INPUT, Weight.TURN, line=line)

    def rewrites(self, message_id: int, text: str) -> Delivery:
        """A message of the customer gets other words, such as a transcription."""
        line = self._line(AuthorKind.CUSTOMER, text, message_id)
        return self._post("message_updated", Effect.INPUT, Weight.TURN, line=line)

    def chooses(self, message_id: int, title: str) -> Delivery:
        """The customer taps an option of the bot's message ``message_id``."""
        line = self._line(AuthorKind.CUSTOMER, title, message_id)
        return self._post("message_updated", Effect.CHOICE, Weight.TURN, line=line)

    def commands(self, text: str) -> Delivery:
        """An operator writes ``/bot …`` as a private note."""
        line = replace(self._line(AuthorKind.PERSON, text, None), private=True)
        return self._post("message_created", Effect.COMMAND, Weight.TURN, line=line)

    def person(self, text: str, *, message_id: int | None = None) -> Delivery:
        """An operator writes publicly."""
        line = self._line(AuthorKind.PERSON, text, message_id)
        return self._post("message_created", Effect.PERSON_SPOKE, Weight.STATE, line=line)

    def phone(self, text: str) -> Delivery:
        """Somebody answers from the phone app."""
        line = self._line(AuthorKind.PHONE, text, None)
        return self._post("message_created", Effect.PHONE_SPOKE, Weight.STATE, line=line)

    def template(self, text: str) -> Delivery:
        """Chatwoot sends its greeting."""
        line = self._line(AuthorKind.TEMPLATE, text, None)
        return self._post("message_created", Effect.NONE, Weight.STATE, line=line)

    def echo(self, text: str, *, tag: str | None, message_id: int | None = None) -> Delivery:
        """Our own message comes back."""
        line = replace(self._line(AuthorKind.BOT, text, message_id), tag=tag)
        return self._post("message_created", Effect.OWN_ECHO, Weight.STATE, line=line)

    def types(self) -> Delivery:
        """The customer is typing."""
        return self._post("conversation_typing_on", Effect.TYPING, Weight.STATE, line=None)

    def becomes(
        self, status: str | None = None, *, owner: Owner | None = None, **others: object
    ) -> Delivery:
        """The conversation changes; ``owner`` None means nobody."""
        self.snapshot = replace(
            self.snapshot,
            version=(self.snapshot.version or 0.0) + 1.0,
            status=status or self.snapshot.status,
            owner=owner,
            **others,  # type: ignore[arg-type]  # fields of Snapshot, checked at run time
        )
        return self._post("conversation_updated", Effect.SNAPSHOT, Weight.STATE, line=None)

    def receipt(self, message_id: int, status: str, *, error: str | None = None) -> Delivery:
        """Chatwoot reports what became of one of our messages."""
        delivery = self._post("message_updated", Effect.RECEIPT, Weight.STATE, line=None)
        return _with(delivery, receipt=Receipt(message_id, status, error))

    def deletes(self, message_id: int) -> Delivery:
        """A message is deleted."""
        delivery = self._post("message_updated", Effect.DELETED, Weight.STATE, line=None)
        return _with(delivery, deleted_id=message_id)

    def rates(self, message_id: int, rating: int, feedback: str = "") -> Delivery:
        """The customer answers the satisfaction survey."""
        delivery = self._post("message_updated", Effect.RATED, Weight.STATE, line=None)
        return _with(delivery, rating=Rating(message_id, rating, feedback))

    def _line(self, kind: AuthorKind, text: str, message_id: int | None) -> Line:
        if message_id is None:
            self.last_id += 1
            message_id = self.last_id
        self.last_id = max(self.last_id, message_id)
        created_at = self.clock.now().replace(microsecond=0)
        return Line(message_id, Author(kind, 501), text, created_at)

    def _post(self, event: str, effect: Effect, weight: Weight, *, line: Line | None) -> Delivery:
        self.posts += 1
        body = f"{self.id} {self.posts} {event}".encode()
        return Delivery(
            account=self.account,
            bot=self.bot,
            event=event,
            weight=weight,
            reason=effect.value,
            change=Change(effect=effect, snapshot=self.snapshot, line=line),
            body=body,
            digest=hashlib.sha256(body).digest(),
            received_at=self.clock.now(),
            conversation=self.id,
            object_id=line.message_id if line is not None else self.number,
            tenant="health/varizemed",
            channel="whatsapp",
            timing=self.timing,
        )


def _with(delivery: Delivery, **changes: object) -> Delivery:
    change = replace(delivery.change, **changes)  # type: ignore[arg-type]  # fields of Change
    return replace(delivery, change=change)


def texts(claim: Claim) -> list[str]:
    """Return the words of a burst."""
    return [item.line.text for item in claim.burst if item.line is not None]


async def claimed(stores: Stores, clock: ManualClock, *, worker: str = "w1") -> Claim:
    """Let 6 s pass, so that every burst is due, and claim one."""
    await clock.advance(6)
    (claim,) = await stores.mailbox.claim(worker, limit=1)
    return claim


async def settled(stores: Stores, clock: ManualClock) -> Claim:
    """Claim one conversation and settle it without a word."""
    claim = await claimed(stores, clock)
    await stores.mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)
    return claim
