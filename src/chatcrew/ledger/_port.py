"""What the ledger offers: the facts of each turn and what every model call used."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from chatcrew.ids import ConversationId
from chatcrew.messages import ModelCall, TurnRecord, TurnState, Usage


@dataclass(frozen=True, slots=True)
class TurnUsage:
    """What one turn used.

    Attributes:
        calls: that were not answered by our own cache.
        failed: of these.
        from_cache: answered by our own cache.
        usage: tokens of the calls.
        cost: US dollars, as far as prices are known.
        unpriced: calls that cost an unknown sum beside it.
        estimated: calls whose tokens are our own count.
    """

    calls: int = 0
    failed: int = 0
    from_cache: int = 0
    usage: Usage = field(default_factory=Usage)
    cost: float = 0.0
    unpriced: int = 0
    estimated: int = 0


@dataclass(frozen=True, slots=True)
class TurnFacts:
    """A turn as the operator's "why" shows it; ``record`` is None until it is decided."""

    turn_id: str
    conversation: ConversationId
    state: TurnState
    started_at: datetime
    decided_at: datetime | None
    finished_at: datetime | None
    attempts: int
    worker: str
    record: TurnRecord | None


class Ledger(Protocol):
    """Facts and figures of turns; the mailbox and the outbox write the turns themselves."""

    async def record_call(self, call: ModelCall) -> None:
        """Keep one model call."""
        ...

    async def usage(self, turn_id: str) -> TurnUsage:
        """Return what the turn's calls used."""
        ...

    async def turns(self, conversation: ConversationId, *, limit: int) -> tuple[TurnFacts, ...]:
        """Return the newest turns, newest first."""
        ...

    async def turn(self, turn_id: str) -> TurnFacts | None:
        """Return one turn, or None."""
        ...
