"""The account of turns out of our own records, whichever store holds them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from chatcrew.ids import ConversationId
from chatcrew.ledger import Ledger, TurnFacts
from chatcrew.messages import ConversationState
from chatcrew.outbox import Outbox
from chatcrew.why._cited import Citing
from chatcrew.why._port import NEWEST
from chatcrew.why._reading import account, standing
from chatcrew.why._values import Account, Standing, ToolTold


class States(Protocol):
    """Our rows of conversations."""

    async def state(self, conversation: ConversationId) -> ConversationState | None:
        """Return the conversation's row, or None if it was never seen."""
        ...


Acted = Callable[[str], Awaitable[Sequence[ToolTold]]]
"""Returns the calls of a turn that act outside of Chatwoot."""

Quiet = Callable[[ConversationState], str | None]
"""Returns why the bot may not speak in a conversation, or None."""


async def _nothing(_: str) -> Sequence[ToolTold]:
    return ()


class StoredWhy:
    """Satisfies ``Why``.

    Args:
        ledger: turns and what they cost.
        outbox: what was sent.
        states: conversations as they stand.
        quiet: the gate's rule.
        acted: of calls that act; left out, none are told.
        citing: gives cites their lines; left out, only knowledge and intents have theirs.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        outbox: Outbox,
        states: States,
        quiet: Quiet,
        acted: Acted = _nothing,
        citing: Citing | None = None,
    ) -> None:
        self._ledger = ledger
        self._outbox = outbox
        self._states = states
        self._quiet = quiet
        self._acted = acted
        self._citing = citing

    async def turns(
        self, conversation: ConversationId, *, tenant: str | None, limit: int = NEWEST
    ) -> Sequence[Account]:
        """See ``Why.turns``."""
        found = await self._ledger.turns(conversation, limit=limit)
        return [await self._account(one) for one in found if _may(one, tenant)]

    async def turn(
        self, conversation: ConversationId, turn: str, *, tenant: str | None
    ) -> Account | None:
        """See ``Why.turn``."""
        found = await self._ledger.turn(turn)
        if found is None or found.conversation != conversation or not _may(found, tenant):
            return None
        return await self._account(found)

    async def standing(
        self, conversation: ConversationId, *, tenant: str | None
    ) -> Standing | None:
        """See ``Why.standing``."""
        state = await self._states.state(conversation)
        if state is None or (tenant is not None and state.tenant != tenant):
            return None
        return standing(state, quiet=self._quiet(state))

    async def _account(self, facts: TurnFacts) -> Account:
        usage = await self._ledger.usage(facts.turn_id)
        parts = await self._outbox.parts(facts.turn_id)
        told = account(facts, usage, parts, acted=await self._acted(facts.turn_id))
        return told if self._citing is None else await self._citing.located(told)


def _may(facts: TurnFacts, tenant: str | None) -> bool:
    """Return whether a turn may be told to ``tenant``; of one that nobody decided none is known."""
    return tenant is None or (facts.record is not None and facts.record.tenant == tenant)
