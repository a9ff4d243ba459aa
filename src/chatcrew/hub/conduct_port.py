"""What a turn needs to know of how a customer writes, and what stands in where nobody counts."""

from typing import Protocol

from chatcrew.messages import Claim, Conduct, Person


class Conducts(Protocol):
    """Who counts messages, and remembers notices and wishes."""

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
        """Note that the person asked not to be written to."""
        ...

    async def opt_in(self, person: Person) -> bool:
        """Forget that wish; False if there is none."""
        ...


class Uncounted:
    """Satisfies ``Conducts`` where nobody counts."""

    async def look(self, claim: Claim, person: Person | None) -> Conduct:
        """Return nothing."""
        return Conduct()

    async def tell(self, claim: Claim, notice: str) -> None:
        """Note nothing."""

    async def opt_out(self, claim: Claim, person: Person) -> None:
        """Note nothing."""

    async def opt_in(self, person: Person) -> bool:
        """Return False."""
        return False
