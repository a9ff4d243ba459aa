"""What the history offers: what was said, how it was rated, what became of our messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chatcrew.ids import ConversationId
from chatcrew.messages import Line, Rating, Receipt


@dataclass(frozen=True, slots=True)
class Rated:
    """A satisfaction answer and when it came, UTC."""

    conversation: ConversationId
    rating: Rating
    at: datetime


@dataclass(frozen=True, slots=True)
class Earlier:
    """A public line of another conversation with the same contact."""

    conversation: ConversationId
    line: Line


class History(Protocol):
    """The recorded conversation; the mailbox writes it at put, whoever answers."""

    async def window(
        self,
        conversation: ConversationId,
        *,
        limit: int,
        episode: int | None = None,
        private: bool = False,
    ) -> tuple[Line, ...]:
        """Return the newest ``limit`` lines in message order, deleted ones left out.

        Args:
            conversation: which one.
            limit: how many at most.
            episode: only this episode, or None for all.
            private: private notes too.
        """
        ...

    async def windows(
        self, episodes: Sequence[tuple[ConversationId, int]], *, limit: int
    ) -> Sequence[tuple[Line, ...]]:
        """Return the newest ``limit`` public lines of each episode, as ``window``, in one trip."""
        ...

    async def earlier(
        self, conversation: ConversationId, *, tenant: str, contact_id: int, limit: int
    ) -> tuple[Earlier, ...]:
        """Return the newest public lines of the contact's other conversations, newest first.

        Args:
            conversation: the present one, which is left out; its account is searched.
            tenant: only conversations of this tenant.
            contact_id: Chatwoot's contact, only whose conversations are searched.
            limit: how many lines at most.
        """
        ...

    async def ratings(self, conversation: ConversationId) -> tuple[Rated, ...]:
        """Return the satisfaction answers in message order."""
        ...

    async def receipts(self, conversation: ConversationId) -> Mapping[int, Receipt]:
        """Return the delivery state by message id, where Chatwoot told one."""
        ...
