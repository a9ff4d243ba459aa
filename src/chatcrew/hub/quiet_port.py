"""What a turn needs of the durable side to be quiet: silences, and words that came too late."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chatcrew.messages import Claim, Silence, Talkover


class Quietness(Protocol):
    """A conversation's silence, checked against the claim's fencing number."""

    async def silence(
        self,
        claim: Claim,
        silence: Silence | None,
        *,
        until: datetime | None = None,
        by: str = "",
        why: str = "",
        upto: int = 0,
    ) -> None:
        """Silence the bot in this conversation, or let it speak again.

        Args:
            claim: what is leased.
            silence: why it is quiet, or None.
            until: when that ends by itself; None: when it is told to go on.
            by: whose order it is.
            why: his reason.
            upto: message id of the order to speak: people's words before it silence nothing,
                however late they come.

        Raises:
            LeaseLost: another worker has it now.
        """
        ...

    async def talked_over(self, claim: Claim) -> Sequence[Talkover]:
        """Return what the bot said after a person had spoken and nobody has dealt with."""
        ...
