"""What an operator says the bot should have said, and who makes a proposal of it."""

from dataclasses import dataclass
from typing import Protocol

from chatcrew.messages import Claim


@dataclass(frozen=True, slots=True)
class Correction:
    """An operator's word on the bot's last reply.

    Attributes:
        text: what is right; "" where he only says that it was wrong.
        rule: it is a rule for everything the bot says, not the answer to one question.
        question: what it answers; "" for what the customer had asked.
        by: who says so.
        key: of the command.
        turn: which turn's reply it is about; None: the bot's last one.
    """

    text: str
    rule: bool
    question: str
    by: str
    key: str
    turn: str | None = None


class Corrections(Protocol):
    """Makes proposals of corrections; applies none."""

    async def propose(self, claim: Claim, correction: Correction) -> str:
        """Keep it for the admin and return the operator's note.

        Raises:
            StoreError: it could not be kept.
        """
        ...


class NoCorrections:
    """Where nobody keeps them."""

    async def propose(self, claim: Claim, correction: Correction) -> str:
        """Say so."""
        return "📝 Este bot não guarda correções. (Corrections are not kept here.)"
