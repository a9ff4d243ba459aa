"""Rows of the tables as plain values, for pure rules and in-memory twins."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from chatcrew.messages import (
    ConversationState,
    InputKind,
    Line,
    Rating,
    StoredPart,
    TurnRecord,
    TurnState,
    clean_json,
)

Key = tuple[str, int]
"""Bot label and Chatwoot's display id: the primary key of a conversation."""


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation as stored: what everybody sees, and what only the queue needs.

    Attributes:
        state: what a claim shows.
        last_public_id: newest public message id, whoever wrote it.
        last_answer_id: newest public message id by a bot or a person (no template, no campaign).
        own_id: newest public message id of the bot itself.
        handed_id: message with which the bot was told to go on; older words silence nothing.
        customer_at: since when the customer's words have neither an answer nor a sweep's mark.
        handed_version: snapshot version of the last hand-back; older words silence nothing.
        swept_id: customer message for which the sweep already made an input.
        taken: arrivals that some turn has taken.
        waiting_since: since when something waits without a break; ageing counts from it.
        retry_at: not before this time, after a failed try.
        fence: grows by one with each claim.
        lease_owner: worker that holds it, or None.
        lease_until: when that lease ends.
        parked_reason: why it was parked.
        parked_turn: turn that holds the parked input.
        vip: goes ahead of others who wait as long.
        erased_at: when the customer was erased, or None; what Chatwoot still shows of him is not
            taken until he writes again.
    """

    state: ConversationState
    last_public_id: int = 0
    last_answer_id: int = 0
    own_id: int = 0
    handed_id: int = 0
    customer_at: datetime | None = None
    handed_version: float | None = None
    swept_id: int = 0
    taken: int = 0
    waiting_since: datetime | None = None
    retry_at: datetime | None = None
    fence: int = 0
    lease_owner: str | None = None
    lease_until: datetime | None = None
    parked_reason: str | None = None
    parked_turn: str | None = None
    vip: bool = False
    erased_at: datetime | None = None

    @property
    def key(self) -> Key:
        """Primary key."""
        return self.state.id.bot, self.state.id.number


@dataclass(slots=True)
class EventRow:
    """A turn event; ``body`` is the POST as it came."""

    id: int
    key: Key
    kind: InputKind
    name: str
    message_id: int | None
    part: int
    received_at: datetime
    body: bytes | None = None
    turn_id: str | None = None


@dataclass(slots=True)
class MessageRow:
    """A line of the history with its delivery state."""

    key: Key
    line: Line
    part: int
    episode: int
    provisional: bool = False
    status: str | None = None
    status_error: str | None = None


@dataclass(slots=True)
class TurnRow:
    """A turn; ``record`` from deciding on."""

    id: str
    state_of: ConversationState
    worker: str
    started_at: datetime
    state: TurnState = TurnState.OPEN
    attempts: int = 0
    decided_at: datetime | None = None
    finished_at: datetime | None = None
    record: TurnRecord | None = None


@dataclass(slots=True)
class RatingRow:
    """A satisfaction answer."""

    key: Key
    rating: Rating
    at: datetime


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """A signed delivery that nobody could use."""

    bot: str
    reason: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime


@dataclass(slots=True)
class MemoryTables:
    """The tables in memory, shared by the twins of mailbox, outbox, history and ledger.

    ``numbers`` gives ids, each once: rows may be deleted.
    """

    conversations: dict[Key, ConversationRow] = field(default_factory=dict)
    events: dict[int, EventRow] = field(default_factory=dict)
    seen: dict[tuple[str, str], datetime] = field(default_factory=dict)
    messages: dict[tuple[str, int, int], MessageRow] = field(default_factory=dict)
    turns: dict[str, TurnRow] = field(default_factory=dict)
    parts: dict[int, StoredPart] = field(default_factory=dict)
    ratings: dict[tuple[str, int], RatingRow] = field(default_factory=dict)
    quarantined: dict[int, QuarantineRow] = field(default_factory=dict)
    calls: list[object] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))


def turn_facts(record: TurnRecord) -> dict[str, Any]:
    """Return the columns of a turn's facts; JSON as text, for asyncpg takes no objects."""
    return {
        "outcome": record.outcome.value,
        "reason": record.reason,
        "tenant": record.tenant,
        "crew": record.crew,
        "function": record.function,
        "engine": record.engine,
        "config": record.config,
        "stage_ms": orjson.dumps(clean_json(dict(record.stage_ms))).decode(),
        "details": orjson.dumps(clean_json(dict(record.details))).decode(),
    }
