"""What can be asked about a conversation: who answers now, and why it went as it did."""

from collections.abc import Sequence
from typing import Protocol

from chatcrew.ids import ConversationId
from chatcrew.why._values import Account, Standing

NEWEST = 5
"""How many turns are told."""


class Why(Protocol):
    """The account of turns; every method raises ``StoreError`` while the records are away.

    Who asks for one tenant never learns of another's turns, whatever number he names: a
    conversation of another tenant looks like one that nobody has seen.
    """

    async def turns(
        self, conversation: ConversationId, *, tenant: str | None, limit: int = NEWEST
    ) -> Sequence[Account]:
        """Return the newest turns, newest first.

        Args:
            conversation: which.
            tenant: who asks; None: the admin of the whole installation.
            limit: how many at most.
        """
        ...

    async def turn(
        self, conversation: ConversationId, turn: str, *, tenant: str | None
    ) -> Account | None:
        """Return one turn of this conversation, or None."""
        ...

    async def standing(
        self, conversation: ConversationId, *, tenant: str | None
    ) -> Standing | None:
        """Return who answers now; None for a conversation that was never seen."""
        ...
