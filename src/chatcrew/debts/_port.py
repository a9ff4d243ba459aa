"""What the book of debts offers: opened once, stepped once, ended once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chatcrew.ids import ConversationId
from chatcrew.messages import Debt, DebtEnd, DebtKind, NewDebt


@dataclass(frozen=True, slots=True)
class Over:
    """A debt that still stands in the book although the conversation shows that it ended.

    Attributes:
        debt: which.
        ending: how.
        at: when, UTC: of the person's word, or None where only the look tells.
        by: Chatwoot's user who answered, or None.
    """

    debt: Debt
    ending: DebtEnd
    at: datetime | None = None
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Unowed:
    """A customer who waits for people while no debt says so.

    Attributes:
        conversation: where.
        tenant: by our own records.
        since: first word without an answer.
    """

    conversation: ConversationId
    tenant: str
    since: datetime


class Debts(Protocol):
    """The book of debts; every method raises ``StoreError`` while storage is away.

    A conversation has at most one debt of an answer that stands, and one of a resolution. What
    ends them is read from the conversation's row and its messages, so that nothing has to be told
    twice. A person's word pays an answer, never a resolution.
    """

    async def owe(self, new: NewDebt) -> Debt | None:
        """Open a debt; None where such a one stands or the conversation was never seen.

        One that went back to the bot before makes this one the second (``Debt.again``), unless it
        was of the same turn: then Chatwoot was away, and people never had the conversation.
        """
        ...

    async def standing(
        self, conversation: ConversationId, *, resolution: bool = False
    ) -> Debt | None:
        """Return the debt that stands in a conversation, of an answer or of a resolution."""
        ...

    async def advance(
        self, number: int, *, step: int, turn_id: str, next_at: datetime | None
    ) -> bool:
        """Take a step of a debt that stands.

        Another try of the same turn takes it again.

        Args:
            number: of the debt.
            step: which, from 1.
            turn_id: the turn that takes it.
            next_at: when the next one is due, UTC; None: there is none.

        Returns:
            False where another turn has taken it, the one before is missing, or the debt ended.
        """
        ...

    async def over(self, *, returned_before: datetime, limit: int) -> Sequence[Over]:
        """Return debts that stand although people answered, resolved, or gave the talk back.

        Args:
            returned_before: a conversation that is the bot's although no hand-back was seen ends
                only debts older than this: who gives it to people does so right after the debt
                is opened.
            limit: how many at most.
        """
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

    async def due(self, *, limit: int) -> Sequence[Debt]:
        """Return debts whose next step is due and for which no input was made yet."""
        ...

    async def woken(self, number: int, *, step: int) -> None:
        """Note that an input was made for a step."""
        ...

    async def unowed(
        self,
        bots: Mapping[str, int],
        *,
        tenants: Collection[str],
        since: datetime,
        before: datetime,
        limit: int,
    ) -> Sequence[Unowed]:
        """Return open conversations whose customer waits for people and no debt stands.

        Left out: those of another bot, of blocked contacts, and where the debt of this very word
        ended because it asked for nothing.

        Args:
            bots: Chatwoot's id by label of each bot of the mapping; others are left out.
            tenants: keys of those whose people are watched; what is not opened anyway must not
                keep others off the page.
            since: older words are left alone: from before the bot was installed.
            before: younger words may still be answered by themselves.
            limit: how many at most, the oldest first.
        """
        ...

    async def list_standing(
        self, tenant: str | None, *, limit: int, resolution: bool = False
    ) -> Sequence[Debt]:
        """Return what stands, the oldest first; of one tenant, or of all."""
        ...

    async def history(
        self, tenant: str, *, since: datetime, limit: int, kind: DebtKind = DebtKind.HANDOFF
    ) -> Sequence[Debt]:
        """Return the newest debts of a kind opened since then, standing ones included."""
        ...

    async def purge(self, before: datetime) -> int:
        """Forget what ended before; return how many."""
        ...
