"""What ends a debt, told from the conversation as it is now; pure."""

from dataclasses import dataclass
from datetime import datetime

from chatcrew.messages import DebtEnd


@dataclass(frozen=True, slots=True)
class Seen:
    """What the book and the conversation's row say at one moment.

    Attributes:
        answered_at: when a person first wrote after the customer's word, or None.
        status: Chatwoot's, or None.
        same_episode: the conversation was not reopened since.
        handed_back: a hand-back was seen since.
        idle: it is the bot's own, and has been for a while.
    """

    answered_at: datetime | None = None
    status: str | None = None
    same_episode: bool = True
    handed_back: bool = False
    idle: bool = False


def ending_of(seen: Seen) -> DebtEnd | None:
    """Return how a debt ended, or None while it stands; a person's word comes before the rest."""
    if seen.answered_at is not None:
        return DebtEnd.ANSWERED
    if seen.status == "resolved" or not seen.same_episode:
        return DebtEnd.RESOLVED
    if seen.handed_back or seen.idle:
        return DebtEnd.RETURNED
    return None
