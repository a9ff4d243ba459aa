"""What operators think of replies: one word of each for a turn, the newest stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chatcrew.clock import Clock
from chatcrew.ids import ConversationId


@dataclass(frozen=True, slots=True)
class Judgement:
    """An operator's word on a reply.

    Attributes:
        turn: the turn that made it.
        conversation: where.
        tenant: whose.
        user_id: Chatwoot's id of the operator.
        good: whether it was a good one.
    """

    turn: str
    conversation: ConversationId
    tenant: str
    user_id: int
    good: bool


class Judgements(Protocol):
    """Words on replies; every method raises ``StoreError`` while storage is away."""

    async def keep(self, judgement: Judgement) -> None:
        """Keep a word; an operator has one for each turn."""
        ...

    async def of(
        self, conversation: ConversationId, *, tenant: str, user_id: int
    ) -> Mapping[str, bool]:
        """Return an operator's words in a conversation, by turn."""
        ...

    async def purge(self, before: datetime) -> int:
        """Forget what was said before; return how many."""
        ...


class MemoryJudgements:
    """In-memory twin of ``PostgresJudgements``."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[tuple[str, int], tuple[Judgement, datetime]] = {}

    async def keep(self, judgement: Judgement) -> None:
        """See ``Judgements.keep``."""
        self._kept[(judgement.turn, judgement.user_id)] = (judgement, self._clock.now())

    async def of(
        self, conversation: ConversationId, *, tenant: str, user_id: int
    ) -> Mapping[str, bool]:
        """See ``Judgements.of``."""
        wanted = (conversation, tenant, user_id)
        return {
            one.turn: one.good
            for one, _ in self._kept.values()
            if (one.conversation, one.tenant, one.user_id) == wanted
        }

    async def purge(self, before: datetime) -> int:
        """See ``Judgements.purge``."""
        old = [key for key, (_, at) in self._kept.items() if at < before]
        for key in old:
            del self._kept[key]
        return len(old)
