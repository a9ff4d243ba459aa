"""What the outbox offers: a decided turn's acts, each done at most once and never forgotten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from chatcrew.messages import (
    PartState,
    PlannedPart,
    Standing,
    StoredPart,
    TurnKey,
    TurnRecord,
)


@dataclass(frozen=True, slots=True)
class Begun:
    """A part that is being sent from now on.

    Attributes:
        part: as it stands.
        standing: the conversation at that very moment, read under the lock of its row.
    """

    part: StoredPart
    standing: Standing


@dataclass(frozen=True, slots=True)
class Said:
    """A part that Chatwoot took.

    Attributes:
        part: as it stands.
        spoke_id: of its message: the person's first public word that our row knew when the message
            was noted, 0: none. Who speaks later is told by his webhook that ours was newer.
    """

    part: StoredPart
    spoke_id: int = 0


class Outbox(Protocol):
    """Parts of decided turns (design §3).

    A part goes ``planned → sending → sent``. Each change compares with the state it expects, so
    an echo that already marked a part sent wins over a later "unknown". Every method raises
    ``StoreError`` while the storage is away; those that take a ``TurnKey`` raise ``LeaseLost``
    when another worker claimed the conversation or the turn was given back.
    """

    async def decide(
        self, key: TurnKey, parts: Sequence[PlannedPart], record: TurnRecord
    ) -> tuple[StoredPart, ...]:
        """Write all parts and the record in one transaction: the turn is decided.

        A decision stands: deciding again changes nothing and returns the first decision's parts,
        so a caller whose commit was answered by a broken connection may simply repeat it.

        Raises:
            LeaseLost: another worker has it, or the turn is finished.
        """
        ...

    async def append(self, key: TurnKey, parts: Sequence[PlannedPart]) -> tuple[StoredPart, ...]:
        """Add parts to a decided turn: the note and the status after a part that stays unknown.

        Raises:
            LeaseLost: another worker has it, or the turn is not decided.
        """
        ...

    async def parts(self, turn_id: str) -> tuple[StoredPart, ...]:
        """Return a turn's parts in order, in whatever state; one in ``sending`` must be settled."""
        ...

    async def begin(self, part: StoredPart, key: TurnKey) -> Begun | None:
        """Mark a planned part as being sent; None if it is not planned any more: do not send.

        What people have made of the conversation until then comes with it.

        Raises:
            LeaseLost: another worker has it.
        """
        ...

    async def sent(self, part: StoredPart, *, message_id: int | None = None) -> Said:
        """Record that Chatwoot took it; return the part as it stands, whoever marked it first.

        Needs no lease, because it is a fact. A message goes into the history at once, so that
        the customer does not look unanswered until the echo comes.
        """
        ...

    async def back_to_planned(self, part: StoredPart, *, error: str) -> StoredPart:
        """Record that it never left this machine (refused, DNS, TLS) or was found not sent.

        Only for the attempt that ``begin`` returned: a newer attempt is left alone.
        """
        ...

    async def failed(self, part: StoredPart, *, error: str) -> StoredPart:
        """Record that Chatwoot said no for good; ``error`` holds no customer text."""
        ...

    async def unknown(self, part: StoredPart, *, error: str) -> StoredPart:
        """Record that nobody knows whether it was sent: it is never posted again."""
        ...

    async def skip(self, key: TurnKey, *, position: int, reason: str) -> int:
        """Give up planned parts from ``position`` on; return how many.

        Raises:
            LeaseLost: another worker has it.
        """
        ...

    async def by_tag(self, tag: str) -> StoredPart | None:
        """Return the part that carries ``tag``, or None."""
        ...

    async def undelivered(self) -> Mapping[PartState, int]:
        """Return how many parts are planned, sending and unknown, for metrics."""
        ...
