"""What a turn asks of the people's desk: whether they are at work, and whom a talk is given to."""

from typing import Protocol

from chatcrew.messages import Claim, Placement, Placing, Wait
from chatcrew.tenancy.model import Tenant

__all__ = ["Desk", "NoDesk", "Placement", "Placing", "Wait"]


class Desk(Protocol):
    """Knows the people who take over from the bot."""

    async def place(self, claim: Claim, tenant: Tenant, asked: Placing) -> Placement:
        """Return where a conversation goes that needs people.

        Raises:
            StoreError: what was given to whom cannot be read.
        """
        ...

    async def take_back(self, claim: Claim) -> None:
        """Forget where a turn's conversation was to go: the turn has not handed it over after all.

        Raises:
            StoreError: storage is away.
        """
        ...


class NoDesk:
    """Nobody knows the people: they are taken to be at work, and Chatwoot chooses among them."""

    async def place(self, claim: Claim, tenant: Tenant, asked: Placing) -> Placement:
        """Leave it to Chatwoot."""
        return Placement()

    async def take_back(self, claim: Claim) -> None:
        """Nothing was given."""
