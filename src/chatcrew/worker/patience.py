"""How long the courier waits for what, before it says that something went wrong."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the courier waits for the fate of a message whose answer was lost, in seconds.

    Attributes:
        post: bound of one POST.
        not_sent: a read-back this long after sending began that does not show the message proves
            that it was not sent: Chatwoot answers or gives up long before.
        give_up: after this the message is never posted again, and people are told.
        poll: pause between two looks.
        note: how long a database that is away is waited for to note a message that was sent.
        notes: how often a note of unknown fate is sent; then the rest of the turn goes on without.
        shut: pause before another try where Chatwoot refuses the bot itself, not the message.
    """

    post: float = 8.0
    not_sent: float = 10.0
    give_up: float = 15.0
    poll: float = 0.5
    note: float = 10.0
    notes: int = 3
    shut: float = 30.0
