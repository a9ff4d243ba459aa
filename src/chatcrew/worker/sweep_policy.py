"""What the sweep calls forgotten, and how much it may ask of Chatwoot."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SweepPolicy:
    """Bounds of the sweep; all times in seconds.

    Attributes:
        older_than: how long a customer whose message we have may wait before the sweep looks.
        grace: how old a message that we do not have must be: Chatwoot tries a webhook three times
            within some 7 s before it gives up (contract §1.6).
        newest_age: older messages that we do not have are left alone: they are from before the bot
            was installed, and answering them today would surprise everybody.
        pages: pages of 25 conversations read per account or inbox, status and round.
        every: of all workers only the first in each such span reads Chatwoot's list; 0 lets each
            one read it.
    """

    older_than: float = 60.0
    grace: float = 15.0
    newest_age: float = 86_400.0
    pages: int = 4
    every: float = 60.0
