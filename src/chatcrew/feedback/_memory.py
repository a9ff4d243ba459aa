"""Signals in memory, for tests and simulations."""

from collections.abc import Sequence
from datetime import date, datetime

from chatcrew.feedback._port import LEASE, Taken
from chatcrew.ids import ConversationId
from chatcrew.messages import Signal


class MemoryFeedback:
    """Satisfies ``FeedbackStore``; empty at start."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Signal] = {}
        self._taken: dict[tuple[str, date], datetime] = {}
        self._sent: set[tuple[str, date]] = set()

    async def note(self, signals: Sequence[Signal]) -> None:
        """See ``FeedbackStore.note``."""
        for one in signals:
            self._kept.setdefault((one.turn_id, one.kind), one)

    async def between(self, tenant: str, since: datetime, until: datetime) -> Sequence[Signal]:
        """See ``FeedbackStore.between``."""
        found = [
            one for one in self._kept.values() if one.tenant == tenant and since <= one.at < until
        ]
        return sorted(found, key=lambda one: (one.at, one.turn_id, one.kind))

    async def purge(self, tenant: str, before: datetime) -> int:
        """See ``FeedbackStore.purge``."""
        return self._drop(
            [k for k, v in self._kept.items() if v.tenant == tenant and v.at < before]
        )

    async def forget(self, conversation: ConversationId) -> int:
        """See ``FeedbackStore.forget``."""
        return self._drop([k for k, v in self._kept.items() if v.conversation == conversation])

    async def take_digest(self, tenant: str, day: date, now: datetime) -> Taken | None:
        """See ``FeedbackStore.take_digest``."""
        place = tenant, day
        taken = self._taken.get(place)
        if place in self._sent or (taken is not None and taken > now - LEASE):
            return None
        self._taken[place] = now
        return Taken.NEW if taken is None else Taken.AGAIN

    async def digest_sent(self, tenant: str, day: date, now: datetime) -> None:
        """See ``FeedbackStore.digest_sent``."""
        del now
        self._sent.add((tenant, day))

    async def give_back(self, tenant: str, day: date) -> None:
        """See ``FeedbackStore.give_back``."""
        self._taken.pop((tenant, day), None)

    def _drop(self, keys: Sequence[tuple[str, str]]) -> int:
        for key in keys:
            del self._kept[key]
        return len(keys)
