"""What a turn needs to pair an operator's browser with him, and its stand-in."""

from typing import Protocol

from chatcrew.messages import Claim


class Pairing(Protocol):
    """Browsers that wait for an operator's word (the tab in Chatwoot)."""

    async def redeem(
        self, claim: Claim, code: str, *, user_id: int, user_name: str, order: str
    ) -> bool:
        """Pair the browser that waits in this conversation with this code; False: none does.

        Args:
            claim: the turn; its conversation's tenant is what the browser may see.
            code: as the operator wrote it.
            user_id: Chatwoot's id of the operator, from a signed delivery.
            user_name: his name.
            order: name of this very command, the same in every try of the turn.
        """
        ...

    async def revoke(self, claim: Claim, *, user_id: int) -> int:
        """End every session of an operator in this account; return how many."""
        ...


class NoPairing:
    """Where there is no tab."""

    async def redeem(
        self, claim: Claim, code: str, *, user_id: int, user_name: str, order: str
    ) -> bool:
        """Find nobody who waits."""
        return False

    async def revoke(self, claim: Claim, *, user_id: int) -> int:
        """End nothing."""
        return 0
