"""One verified POST, parsed and classified: what the webhook puts into the mailbox."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chatcrew.ids import ConversationId
from chatcrew.messages._conversation import Snapshot
from chatcrew.messages._lines import Line, Receipt
from chatcrew.messages._turn import Timing

_MARKS = re.compile(r"[\W_]+")


class Weight(StrEnum):
    """What an event costs us (design §3)."""

    TURN = "turn"
    """Customer input or a command: moves ``due_at`` and adds an arrival."""
    STATE = "state"
    """Changes the conversation row only; wakes no worker, unless it hands back."""
    NOISE = "noise"
    """Counted only."""


class Effect(StrEnum):
    """What the event means for the conversation row, beside its snapshot and its history line."""

    NONE = "none"
    INPUT = "input"
    """The customer spoke or sent a file."""
    CHOICE = "choice"
    """The customer tapped an option or sent a form (``submitted_values``)."""
    COMMAND = "command"
    """An operator wrote a private note that starts with ``/bot``."""
    PERSON_SPOKE = "person_spoke"
    """An operator wrote publicly: takeover."""
    PHONE_SPOKE = "phone_spoke"
    """A person answered from the phone: takeover."""
    OWN_ECHO = "own_echo"
    """Our own message came back: its outbox part is sent."""
    RECEIPT = "receipt"
    """Delivery state of one of our messages."""
    DELETED = "deleted"
    """A message was deleted: forget its text."""
    RATED = "rated"
    """The customer answered the satisfaction survey."""
    TYPING = "typing"
    """The customer is typing: extends ``due_at`` of a waiting burst, never past its bound."""
    SNAPSHOT = "snapshot"
    """Status, owner, labels or attributes changed."""
    CHATWOOT_OPENED = "chatwoot_opened"
    """Status left pending without us: may be Chatwoot's own opening after a failed webhook."""


@dataclass(frozen=True, slots=True)
class Rating:
    """A satisfaction answer: 1–5 and the customer's words."""

    message_id: int
    rating: int
    feedback: str


@dataclass(frozen=True, slots=True)
class Change:
    """What an event changes; every part is optional.

    Attributes:
        effect: its meaning.
        snapshot: the conversation as the payload shows it.
        line: a message to keep in the history (a second put of one message id replaces it).
        receipt: delivery state.
        rating: survey answer.
        deleted_id: message whose text is to be forgotten.
    """

    effect: Effect = Effect.NONE
    snapshot: Snapshot | None = None
    line: Line | None = None
    receipt: Receipt | None = None
    rating: Rating | None = None
    deleted_id: int | None = None

    def seen(self, snapshot: Snapshot) -> "Change":
        """Return the change with the conversation as the payload shows it.

        Not ``replace``, which takes three times as long for each webhook.
        """
        return Change(self.effect, snapshot, self.line, self.receipt, self.rating, self.deleted_id)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One verified POST.

    Attributes:
        account: account label.
        bot: bot label.
        event: Chatwoot's event name as sent (kept raw: Chatwoot adds events without asking).
        weight: turn, state or noise.
        reason: short stable name of why, for metrics: ``customer_message``, ``own_echo``, …
        change: what it changes.
        body: the raw bytes as received.
        digest: sha256 of ``body``.
        received_at: when we read it, UTC.
        sender: kind of sender whose secret verified: ``agent_bot``, ``account``, ``api_inbox``,
            ``unsigned``.
        conversation: which conversation, or None for events without one.
        object_id: message id, conversation display id or contact id, by event; None if the body
            has none.
        delivery_id: ``X-Chatwoot-Delivery``, or None.
        tenant: tenant key by the mapping, or None where unmapped.
        channel: crew channel by the mapping, or None.
        timing: burst timing of the channel.
        vip: whether this customer goes ahead of others; None where the event does not tell.
        continued_for: seconds after its last change for which a resolved conversation that is
            reopened goes on with its episode; 0: it always starts the next one.
        resume_after: seconds after a person's last word for which the bot stays quiet; 0: until
            it is told to go on.
    """

    account: str
    bot: str
    event: str
    weight: Weight
    reason: str
    change: Change
    body: bytes
    digest: bytes
    received_at: datetime
    sender: str = "agent_bot"
    conversation: ConversationId | None = None
    object_id: int | None = None
    delivery_id: str | None = None
    tenant: str | None = None
    channel: str | None = None
    timing: Timing = field(default_factory=Timing)
    vip: bool | None = None
    continued_for: float = 0.0
    resume_after: float = 0.0

    def keys(self) -> tuple[str, ...]:
        """Return the dedupe keys (design §3): delivery, message, else object and content.

        Customer input also has a key of what it says: Chatwoot sends ``message_updated`` for the
        same message again and again (receipts, translations), with another body each time, and only
        new words are new input.
        """
        keys = [f"d:{self.delivery_id}"] if self.delivery_id else []
        said = self._said()
        if self.event == "message_created" and self.object_id is not None:
            keys.append(f"m:{self.object_id}")
        elif said is None:
            keys.append(f"e:{self.event}:{self.object_id}:{self.digest.hex()}")
        if said is not None:
            keys.append(f"s:{self.object_id}:{said}")
        return tuple(keys)

    def _said(self) -> str | None:
        """Return a digest of the words and files of customer input, or None for anything else."""
        line = self.change.line
        if line is None or self.change.effect not in (Effect.INPUT, Effect.CHOICE):
            return None
        if self.object_id is None:
            return None
        # Older Chatwoot sends one text in two markups; letters and digits are the same in both.
        parts = [_MARKS.sub("", line.text) or line.text]
        parts += [f"{item.kind}={item.text or ''}" for item in line.attachments]
        return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
