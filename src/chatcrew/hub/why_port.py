"""What a turn needs to explain an earlier one, and its stand-in."""

from typing import Protocol

from chatcrew.messages import Claim


class Whys(Protocol):
    """Accounts of turns, as operators read them."""

    async def told(self, claim: Claim, *, back: int) -> str:
        """Return the note about a turn of this conversation: 1 the newest before this one.

        Raises:
            StoreError: the records are away.
        """
        ...


class NoWhys:
    """Where nothing is recorded."""

    async def told(self, claim: Claim, *, back: int) -> str:
        """Say so."""
        return "🔎 Aqui nada fica registrado. (Nothing is recorded here.)"
