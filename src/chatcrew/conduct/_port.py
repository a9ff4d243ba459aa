"""What the record of conduct offers; its twins satisfy it and the hub's port by shape."""

from datetime import timedelta
from typing import Protocol

from chatcrew.messages import Claim, Conduct, Person

NEWEST = 10
"""Newest messages whose words are compared (S1-80)."""

KEPT = timedelta(days=90)
"""How long it is known which notices were given; the wish not to be written to is kept for good."""


class ConductStore(Protocol):
    """The record of conduct; every method raises ``StoreError`` while storage is away."""

    async def look(self, claim: Claim, person: Person | None) -> Conduct:
        """Return how the customer has written in the claim's episode, until now.

        Args:
            claim: the turn; what it told itself in an earlier try does not count as told.
            person: whose wish not to be written to is looked up; None: nobody's.
        """
        ...

    async def tell(self, claim: Claim, notice: str) -> None:
        """Note that the claim's turn gives this notice; done again it changes nothing."""
        ...

    async def opt_out(self, claim: Claim, person: Person) -> None:
        """Note that the person asked not to be written to; the latest wish stands."""
        ...

    async def opt_in(self, person: Person) -> bool:
        """Forget that wish; False if there is none."""
        ...

    async def purge(self) -> int:
        """Forget the notices that were given long ago; return how many."""
        ...
