"""What a turn asks of the book of debts."""

from datetime import datetime
from typing import Protocol

from chatcrew.ids import ConversationId
from chatcrew.messages import Debt, DebtEnd


class DebtBook(Protocol):
    """The book of debts, as far as a turn needs it; every method raises ``StoreError``."""

    async def standing(
        self, conversation: ConversationId, *, resolution: bool = False
    ) -> Debt | None:
        """Return the debt that stands in a conversation, of an answer or of a resolution."""
        ...

    async def advance(
        self, number: int, *, step: int, turn_id: str, next_at: datetime | None
    ) -> bool:
        """Take a step of a debt; False where another turn has taken it, or the debt ended."""
        ...

    async def end(
        self,
        number: int,
        *,
        ending: DebtEnd,
        at: datetime,
        waited: float | None,
        by: int | None = None,
    ) -> bool:
        """End a debt; False if it has ended already."""
        ...


class NoDebts:
    """Nobody keeps a book: nothing is owed."""

    async def standing(
        self, conversation: ConversationId, *, resolution: bool = False
    ) -> Debt | None:
        """Return None."""
        return None

    async def advance(
        self, number: int, *, step: int, turn_id: str, next_at: datetime | None
    ) -> bool:
        """Take nothing."""
        return False

    async def end(
        self,
        number: int,
        *,
        ending: DebtEnd,
        at: datetime,
        waited: float | None,
        by: int | None = None,
    ) -> bool:
        """End nothing."""
        return False
