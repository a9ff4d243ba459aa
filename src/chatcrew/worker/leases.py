"""Until when this process may act for each of its turns."""

from chatcrew.clock import Clock
from chatcrew.errors import LeaseLost
from chatcrew.messages import Claim


class Leases:
    """Monotonic ends of this process's leases: renewed by the loop, asked by the courier."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def hold(self, claim: Claim) -> None:
        """Remember the lease of a claim, or its renewal."""
        self._until[claim.key.turn_id] = claim.lease_until

    def drop(self, claim: Claim) -> None:
        """Forget it."""
        self._until.pop(claim.key.turn_id, None)

    def ensure(self, claim: Claim, *, seconds: float) -> None:
        """Check that the lease holds for ``seconds`` more.

        Raises:
            LeaseLost: it does not; another worker may already be at it.
        """
        until = self._until.get(claim.key.turn_id, claim.lease_until)
        if self._clock.monotonic() + seconds > until:
            raise LeaseLost(f"the lease of {claim.key.conversation!s} ends too soon")
