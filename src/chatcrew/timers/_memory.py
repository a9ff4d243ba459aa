"""The timers in memory, for tests and simulations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chatcrew.clock import Clock
from chatcrew.ids import ConversationId
from chatcrew.timers._port import FIRED, LEASE_SECONDS, Timer


@dataclass(slots=True)
class _Row:
    timer: Timer
    lease_until: datetime | None = None
    ended_at: datetime | None = None


class MemoryTimers:
    """In-memory twin of ``PostgresTimers``; see ``Timers`` for what each method promises."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rows: dict[str, _Row] = {}

    async def set(self, timer: Timer, *, alone: bool = False) -> bool:
        """See ``Timers.set``."""
        if timer.key in self._rows:
            return False
        if alone:
            await self.cancel_all(timer.conversation, timer.kind, reason="replaced")
        self._rows[timer.key] = _Row(replace(timer, ending=None))
        return True

    async def cancel(self, key: str, *, reason: str) -> bool:
        """See ``Timers.cancel``."""
        return await self.end(key, ending=reason)

    async def cancel_all(self, conversation: ConversationId, kind: str, *, reason: str) -> int:
        """See ``Timers.cancel_all``."""
        waiting = [one for one in await self.of(conversation) if one.kind == kind]
        for one in waiting:
            await self.cancel(one.key, reason=reason)
        return len(waiting)

    async def claim(self, worker: str, *, limit: int) -> Sequence[Timer]:
        """See ``Timers.claim``."""
        now = self._clock.now()
        due = [
            row
            for row in self._rows.values()
            if row.ended_at is None
            and row.timer.due_at <= now
            and (row.lease_until is None or row.lease_until <= now)
        ]
        due.sort(key=lambda row: (row.timer.due_at, row.timer.key))
        for row in due[:limit]:
            row.lease_until = now + timedelta(seconds=LEASE_SECONDS)
        return [row.timer for row in due[:limit]]

    async def end(self, key: str, *, ending: str = FIRED) -> bool:
        """See ``Timers.end``."""
        row = self._rows.get(key)
        if row is None or row.ended_at is not None:
            return False
        row.ended_at = self._clock.now()
        row.timer = replace(row.timer, ending=ending)
        return True

    async def of(self, conversation: ConversationId) -> Sequence[Timer]:
        """See ``Timers.of``."""
        found = [
            row.timer
            for row in self._rows.values()
            if row.timer.conversation == conversation and row.ended_at is None
        ]
        return sorted(found, key=lambda one: (one.due_at, one.key))

    async def purge(self, before: datetime) -> int:
        """See ``Timers.purge``."""
        old = [k for k, row in self._rows.items() if row.ended_at and row.ended_at < before]
        for key in old:
            del self._rows[key]
        return len(old)
