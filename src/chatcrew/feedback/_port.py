"""Where signals of dissatisfaction are kept, each tenant's for itself."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from chatcrew.ids import ConversationId
from chatcrew.messages import Signal


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

    async def take_digest(self, tenant: str, day: date, now: datetime) -> bool:
        """Return whether the digest of ``day`` is the caller's to send: it is nobody else's."""
        ...

    async def give_back(self, tenant: str, day: date) -> None:
        """Let the digest of ``day`` be sent again: it was certainly not."""
        ...
