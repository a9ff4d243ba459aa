"""The hub's way to pair browsers, over the store that the tab reads."""

from chatcrew.messages import Claim
from chatcrew.pairing import Pairings, Redeemed


class StoredPairing:
    """Satisfies ``hub.pairing_port.Pairing``."""

    def __init__(self, pairings: Pairings) -> None:
        self._pairings = pairings

    async def redeem(
        self, claim: Claim, code: str, *, user_id: int, user_name: str, order: str
    ) -> bool:
        """Pair the browser that waits with this code; a conversation of nobody's pairs none."""
        if claim.state.tenant is None:
            return False
        redeemed = await self._pairings.redeem(
            code,
            claim.key.conversation,
            tenant=claim.state.tenant,
            user_id=user_id,
            user_name=user_name,
            order=order,
        )
        return redeemed is Redeemed.PAIRED

    async def revoke(self, claim: Claim, *, user_id: int) -> int:
        """End every session of an operator in this account."""
        return await self._pairings.revoke(claim.key.conversation.account, user_id)
