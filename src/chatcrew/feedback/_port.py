"""Where signals of dissatisfaction are kept, each tenant's for itself."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Protocol

from chatcrew.ids import ConversationId
from chatcrew.messages import Signal

LEASE = timedelta(minutes=10)
"""So long after it took a digest nobody sends it any more."""


class Taken(Enum):
    """How a digest was taken."""

    NEW = "new"
    """Nobody had it before."""
    AGAIN = "again"
    """Somebody had, and died or does not know: it may have been sent."""


class FeedbackStore(Protocol):
    """Signals, and which digests were sent; every method raises ``StoreError`` where it is away."""

    async def note(self, signals: Sequence[Signal]) -> None:
        """Keep them; one that a turn has already is left as it is."""
        ...

    async def between(self, tenant: str, since: datetime, until: datetime) -> Sequence[Signal]:
        """Return a tenant's signals from ``since`` until before ``until``, oldest first."""
        ...

    async def purge(self, tenant: str, before: datetime) -> int:
        """Forget a tenant's signals older than ``before``; return how many."""
        ...

    async def forget(self, conversation: ConversationId) -> int:
        """Forget everything of one conversation; return how much."""
        ...

    async def take_digest(self, tenant: str, day: date, now: datetime) -> Taken | None:
        """Return how the digest of ``day`` is the caller's to send, for ``LEASE``; None: it is not.

        Whoever dies in that time has it taken again by another.
        """
        ...

    async def digest_sent(self, tenant: str, day: date, now: datetime) -> None:
        """Note that the digest of ``day`` was sent: nobody takes it any more."""
        ...

    async def give_back(self, tenant: str, day: date) -> None:
        """Let the digest of ``day`` be taken as if nobody had: it was certainly not sent."""
        ...
