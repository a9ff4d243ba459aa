"""Kept answers in memory, for tests and benchmarks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chatcrew.answers._port import Row, Spent


class MemoryAnswers:
    """Satisfies ``Answers``; empty at start.

    Args:
        spent: what the calls of turns used, by turn.
    """

    def __init__(self, spent: Mapping[str, Spent] | None = None) -> None:
        self._rows: dict[int, Row] = {}
        self._spent = spent or {}
        self._last = 0

    async def find(self, tenant: str, *, exact: str, shape: str, now: datetime) -> Sequence[Row]:
        """See ``Answers.find``."""
        found = [
            one
            for one in self._rows.values()
            if one.tenant == tenant
            and (one.exact == exact or (bool(shape) and one.shape == shape))
            and one.expires_at > now
        ]
        return sorted(found, key=lambda one: (one.made_at, one.id), reverse=True)

    async def put(self, row: Row) -> int:
        """See ``Answers.put``."""
        before = (o for o in self._rows.values() if (o.tenant, o.exact) == (row.tenant, row.exact))
        known = next(before, None)
        if known is None:
            self._last += 1
        number = self._last if known is None else known.id
        self._rows[number] = replace(row, id=number, hits=0, last_hit_at=None)
        return number

    async def hit(self, tenant: str, number: int, *, now: datetime) -> None:
        """See ``Answers.hit``."""
        row = await self.row(tenant, number)
        if row is not None:
            self._rows[number] = replace(row, hits=row.hits + 1, last_hit_at=now)

    async def spent(self, turn: str) -> Spent:
        """See ``Answers.spent``."""
        return self._spent.get(turn, Spent())

    async def rows(self, tenant: str, *, now: datetime, limit: int) -> Sequence[Row]:
        """See ``Answers.rows``."""
        ours = [o for o in self._rows.values() if o.tenant == tenant and o.expires_at > now]
        return sorted(ours, key=lambda one: (-one.hits, -one.made_at.timestamp(), -one.id))[:limit]

    async def asked(self, tenant: str, *, limit: int) -> Sequence[Row]:
        """See ``Answers.asked``."""
        ours = [one for one in self._rows.values() if one.tenant == tenant]
        return sorted(ours, key=lambda one: (one.made_at, one.id), reverse=True)[:limit]

    async def row(self, tenant: str, number: int) -> Row | None:
        """See ``Answers.row``."""
        row = self._rows.get(number)
        return row if row is not None and row.tenant == tenant else None

    async def forget(self, tenant: str, number: int | None = None) -> int:
        """See ``Answers.forget``."""
        gone = [
            one.id
            for one in self._rows.values()
            if one.tenant == tenant and number in (None, one.id)
        ]
        return self._drop(gone)

    async def purge(self, *, before: datetime, most: int) -> int:
        """See ``Answers.purge``."""
        gone = self._drop([one.id for one in self._rows.values() if one.expires_at <= before])
        for tenant in {one.tenant for one in self._rows.values()}:
            ours = [one for one in self._rows.values() if one.tenant == tenant]
            ours.sort(key=lambda one: (one.made_at, one.id), reverse=True)
            gone += self._drop([one.id for one in ours[most:]])
        return gone

    def _drop(self, numbers: Sequence[int]) -> int:
        for number in numbers:
            del self._rows[number]
        return len(numbers)
