"""Where an operator's word on a reply is kept."""

from typing import Protocol

from chatcrew.messages import Claim


class Judging(Protocol):
    """What operators think of what the bot said."""

    async def judge(self, claim: Claim, turn: str | None, *, user_id: int, good: bool) -> bool:
        """Keep a word on a reply of this conversation; False: there is no such reply.

        Args:
            claim: the turn that obeys.
            turn: which turn made the reply; None: the newest that made one.
            user_id: Chatwoot's id of the operator.
            good: whether it was a good one.
        """
        ...


class NoJudging:
    """Where nobody keeps them."""

    async def judge(self, claim: Claim, turn: str | None, *, user_id: int, good: bool) -> bool:
        """Find no reply."""
        return False
