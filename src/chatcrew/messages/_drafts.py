"""What the bot proposes that a person may send, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chatcrew.ids import ConversationId


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Words that the bot proposes to the team in a private note.

    Attributes:
        turn_id: which turn made it; one at most for each.
        conversation: where.
        tenant: whose business it is.
        text: as the customer would read it.
        asked: an operator asked for it; else the inbox is in draft mode.
        after: newest message of the conversation when it was made: what comes later may be it.
        config: version of the configuration it was made with.
    """

    turn_id: str
    conversation: ConversationId
    tenant: str
    text: str
    asked: bool
    after: int
    config: str


class Fate(StrEnum):
    """What a person made of a suggestion."""

    SENT = "sent"
    """As it was, but for marks and spaces."""
    EDITED = "edited"
    """Changed, and still recognisable."""
    IGNORED = "ignored"
    """Something else was said, or nothing."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggestion as it is kept.

    Attributes:
        suggestion: itself; its text is "" once its fate is known.
        made_at: when, UTC.
        fate: what became of it; None while that is open.
        likeness: how alike it was to what the person sent, 0 to 1; None where nothing was sent.
    """

    suggestion: Suggestion
    made_at: datetime
    fate: Fate | None = None
    likeness: float | None = None
