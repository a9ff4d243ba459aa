"""What the mailbox answers with: small frozen values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chatcrew.ids import ConversationId
from chatcrew.messages import Claim


class Claims(list[Claim]):
    """What one look into the mailbox leased, the most urgent first.

    Attributes:
        next_due: when something else can be claimed (maybe in the past), or None.
    """

    def __init__(self, leased: Iterable[Claim] = (), *, next_due: datetime | None = None) -> None:
        super().__init__(leased)
        self.next_due = next_due


class PutResult(StrEnum):
    """What became of a delivery."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    NOISE = "noise"
    """Counted by the caller, nothing written."""


@dataclass(frozen=True, slots=True)
class Depth:
    """How much waits.

    Attributes:
        waiting: conversations with a due time, those being answered now included.
        oldest: seconds since the longest wait began, 0 if nothing waits.
        parked: conversations parked to people, not yet retried or discarded.
    """

    waiting: int
    oldest: float
    parked: int


@dataclass(frozen=True, slots=True)
class Parked:
    """A conversation that was given to people after too many failed tries."""

    conversation: ConversationId
    tenant: str | None
    turn_id: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A signed delivery that could not be used, without what it holds.

    Attributes:
        id: its number.
        bot: label of the bot that it was sent to.
        reason: ``unreadable``, ``unmapped_inbox``, …
        at: when it came.
        size: bytes of its body.
    """

    id: int
    bot: str
    reason: str
    at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class QuarantinedBody:
    """The same with everything that was kept of it."""

    entry: Quarantined
    headers: Mapping[str, str]
    body: bytes
