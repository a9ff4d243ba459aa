"""Signed deliveries that could not be used, in memory."""

from collections.abc import Mapping
from datetime import datetime

from chatcrew.database.rows import MemoryTables, QuarantineRow
from chatcrew.mailbox._values import Quarantined, QuarantinedBody


class MemoryQuarantine:
    """The quarantine of ``MemoryMailbox``."""

    _tables: MemoryTables

    async def quarantine(
        self, bot: str, *, reason: str, headers: Mapping[str, str], body: bytes, at: datetime
    ) -> None:
        """See ``Mailbox.quarantine``."""
        number = max(self._tables.quarantined, default=0) + 1
        self._tables.quarantined[number] = QuarantineRow(bot, reason, dict(headers), body, at)

    async def in_quarantine(self, *, limit: int = 100) -> list[Quarantined]:
        """See ``Mailbox.in_quarantine``."""
        found = [_entry(number, row) for number, row in self._tables.quarantined.items()]
        return sorted(found, key=lambda one: one.id)[:limit]

    async def quarantined_body(self, number: int) -> QuarantinedBody | None:
        """See ``Mailbox.quarantined_body``."""
        row = self._tables.quarantined.get(number)
        if row is None:
            return None
        return QuarantinedBody(_entry(number, row), row.headers, row.body)

    async def discard_quarantined(self, number: int) -> bool:
        """See ``Mailbox.discard_quarantined``."""
        return self._tables.quarantined.pop(number, None) is not None

    def _purge_quarantine(self, before: datetime) -> int:
        old = [number for number, row in self._tables.quarantined.items() if row.at < before]
        for number in old:
            del self._tables.quarantined[number]
        return len(old)


def _entry(number: int, row: QuarantineRow) -> Quarantined:
    return Quarantined(number, row.bot, row.reason, row.at, len(row.body))
