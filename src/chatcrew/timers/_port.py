"""What timers offer: set once by a key, claimed when due, ended once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from chatcrew.ids import ConversationId

LEASE_SECONDS = 30.0
"""How long who claimed a timer has to make an input of it; then another may."""

FIRED = "fired"
"""Ending of a timer whose input was made."""


@dataclass(frozen=True, slots=True)
class Timer:
    """One timer.

    Attributes:
        key: unique for ever; setting it again changes nothing.
        conversation: where it fires.
        kind: ``followup``, ``approval``, ``snooze``, ``reminder``, ``patience`` or ``limit``.
        due_at: when, UTC.
        payload: small JSON values that its input will carry.
        ending: None while it waits, ``fired``, or why it was cancelled.
    """

    key: str
    conversation: ConversationId
    kind: str
    due_at: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)
    ending: str | None = None


class Timers(Protocol):
    """Timers of all conversations; every method raises ``StoreError`` while storage is away.

    Firing is claim, input, end. Between the last two a worker may die: the timer is claimed again,
    and its input carries the same key, which a mailbox takes once. So it fires at most once, and
    exactly once if anybody lives.
    """

    async def set(self, timer: Timer, *, alone: bool = False) -> bool:
        """Set a timer; False if its key is known, whatever became of that one.

        Args:
            timer: what and when; its ``ending`` is not read.
            alone: cancel what else waits of this kind in this conversation (``replaced``).
        """
        ...

    async def cancel(self, key: str, *, reason: str) -> bool:
        """Cancel one that waits; False if none does. What is claimed already may still fire."""
        ...

    async def cancel_all(self, conversation: ConversationId, kind: str, *, reason: str) -> int:
        """Cancel all of a kind that wait in a conversation; return how many."""
        ...

    async def claim(self, worker: str, *, limit: int) -> Sequence[Timer]:
        """Lease due timers, the oldest first; nobody else gets them for ``LEASE_SECONDS``."""
        ...

    async def end(self, key: str, *, ending: str = FIRED) -> bool:
        """End a timer that was claimed; False if it has ended already."""
        ...

    async def of(self, conversation: ConversationId) -> Sequence[Timer]:
        """Return a conversation's timers that wait, the next first."""
        ...

    async def purge(self, before: datetime) -> int:
        """Forget what ended before; return how many. Their keys may be used again then."""
        ...
