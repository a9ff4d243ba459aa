"""Bounds of one worker: how much at once, and how long it waits before it tries again."""

from dataclasses import dataclass

from chatcrew.errors import ChatwootUnavailable

_JITTER = 0.25
"""Most of a pause that chance takes away: what failed together must not come back together."""


@dataclass(frozen=True, slots=True)
class Again:
    """When a turn that Chatwoot did not take is tried again.

    Attributes:
        pause: seconds.
        counted: the try counts as one of those after which the turn is parked.
    """

    pause: float
    counted: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one worker; all times in seconds.

    Attributes:
        concurrency: turns at once.
        backoff: pause before a failed turn is tried again, doubled each time.
        backoff_cap: longest such pause.
        away: shortest pause before a decided turn is tried again while Chatwoot does not take it.
        away_cap: longest such pause while it is away: everybody waits for its return.
        refused_cap: longest such pause where it answers that it failed at this very thing (500).
        refused_after: such an error counts once the turn is this old: it will not pass by itself,
            and what the customer writes next must not wait behind it for ever.
        away_after: the same for a Chatwoot that is away.
        idle: longest pause between two looks into the mailbox, should every wake-up be lost.
    """

    concurrency: int = 16
    backoff: float = 1.0
    backoff_cap: float = 60.0
    away: float = 3.0
    away_cap: float = 60.0
    refused_cap: float = 300.0
    refused_after: float = 3600.0
    away_after: float = 86_400.0
    idle: float = 1.0

    def pause_after(self, attempts: int) -> float:
        """Return seconds before a turn is tried again after so many tries."""
        # The exponent is bounded, too: a turn that fails for a day has thousands of tries
        doublings = min(max(0, attempts - 1), 16)
        return float(min(self.backoff * 2**doublings, self.backoff_cap))

    def again(self, error: ChatwootUnavailable, *, age: float, chance: float) -> Again:
        """Return when a turn is tried again that Chatwoot did not take.

        Pauses grow with the turn's own age, which every worker knows, whoever tried before.

        Args:
            error: what Chatwoot said.
            age: seconds since the turn began.
            chance: a number from 0 to 1, by which the pause is a little shorter.
        """
        refused = error.status == 500
        cap = self.refused_cap if refused else self.away_cap
        pause = min(max(self.away, age / 2), cap) * (1.0 - _JITTER * chance)
        counted = age >= (self.refused_after if refused else self.away_after)
        return Again(max(pause, error.retry_after or 0.0), counted)
