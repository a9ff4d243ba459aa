"""The audit log in memory, for tests and simulations."""

import secrets
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from chatcrew.audit._chain import KEY_BYTES, START, entry, mark, opened, walked
from chatcrew.audit._port import Deed, Entry, Verdict
from chatcrew.clock import Clock
from chatcrew.messages import Person


class MemoryAudit:
    """In-memory twin of ``PostgresAudit``; see ``AuditLog`` for what each method promises."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: list[Entry] = []
        self._keys: dict[Person, bytes] = {}
        self._cut = (0, START)

    async def note(self, deed: Deed) -> None:
        """See ``Audit.note``."""
        seq, previous = self._head()
        who = deed.person
        if who is not None and who not in self._keys:
            self._keys[who] = secrets.token_bytes(KEY_BYTES)
        key = None if who is None else self._keys[who]
        now = self._clock.now()
        self._entries.append(entry(deed, seq=seq + 1, at=now, previous=previous, key=key))

    async def entries(
        self,
        *,
        tenants: frozenset[str] | None = None,
        person: Person | None = None,
        action: str | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> Sequence[Entry]:
        """See ``AuditLog.entries``."""
        key = None if person is None else self._keys.get(person)
        if person is not None and key is None:
            return ()
        asked = mark(person, key) if person is not None and key is not None else None
        found = [
            one
            for one in reversed(self._entries)
            if (tenants is None or one.tenant in tenants)
            and (asked is None or one.person == asked)
            and (action is None or one.action == action)
            and (before is None or one.seq < before)
        ]
        return opened(found[:limit], self._keys.items())

    async def verify(self) -> Verdict:
        """See ``AuditLog.verify``."""
        seq, head = self._head()

        async def all_of_them() -> AsyncIterator[list[Entry]]:
            yield self._entries

        cut, previous = self._cut
        return await walked(all_of_them(), seq=seq, head=head, cut=cut, previous=previous)

    async def forget(self, person: Person) -> bool:
        """See ``AuditLog.forget``."""
        return self._keys.pop(person, None) is not None

    async def trim(self, before: datetime, *, dry_run: bool = False) -> int:
        """See ``AuditLog.trim``."""
        old = 0
        while old < len(self._entries) and self._entries[old].at < before:
            old += 1
        if old and not dry_run:
            self._cut = (self._entries[old - 1].seq, self._entries[old - 1].hash)
            del self._entries[:old]
        return old

    def _head(self) -> tuple[int, str]:
        return (self._entries[-1].seq, self._entries[-1].hash) if self._entries else self._cut
