"""How a customer writes: how much and how often, and whether he asked not to be written to."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OptOut:
    """A customer's wish not to be written to.

    Attributes:
        at: when, UTC.
        conversation: where he said so, as ``account/bot/number``.
        episode: of that conversation.
    """

    at: datetime
    conversation: str
    episode: int


@dataclass(frozen=True, slots=True)
class Conduct:
    """How the customer has written in the episode that runs.

    Attributes:
        day: his messages in the last 24 hours.
        minute: his messages in the last minute.
        newest: what the newest of those say, the newest first; "" for one without words.
        told: which notices he was given in this episode, by turns before this one.
        opt_out: his wish not to be written to, or None.
        answered: when the bot answered him in the last 24 hours, in all his conversations with
            the business, the newest first.
    """

    day: int = 0
    minute: int = 0
    newest: tuple[str, ...] = ()
    told: frozenset[str] = frozenset()
    opt_out: OptOut | None = None
    answered: tuple[datetime, ...] = ()
