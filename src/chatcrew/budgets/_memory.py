"""Counts and reservations in memory, for tests and simulations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from chatcrew.budgets._port import Count, Full, Key, Line, told_of

_Place = tuple[str, Key]


@dataclass(slots=True)
class _Reservation:
    tenant: str
    expires: datetime
    amounts: dict[Key, int]
    expired: bool = False


@dataclass(slots=True)
class MemoryCounters:
    """In-memory twin of ``PostgresCounters``; see ``Counters`` for what each method promises."""

    _counts: dict[_Place, Count] = field(default_factory=dict)
    _reserved: dict[str, _Reservation] = field(default_factory=dict)

    async def take(
        self,
        reservation: str,
        tenant: str,
        lines: Sequence[Line],
        *,
        expires: datetime,
        wanted: Sequence[Line] = (),
        waits: bool = False,
    ) -> Sequence[Count] | Full:
        """See ``Counters.take``."""
        found = {line.key: self._at(tenant, line) for line in (*lines, *wanted)}

        def full(these: Sequence[Line]) -> list[Line]:
            taken = {key: seen.used + seen.reserved for key, seen in found.items()}
            return [line for line in these if taken[line.key] + line.amount > line.most]

        if full(lines):
            last = told_of(full((*lines, *wanted)))
            seen = found[last.key]
            if waits and last.key.kind == "slots":
                return Full(last, seen.used + seen.reserved, first=False)
            self._counts[tenant, last.key] = replace(seen, most=last.most, refused=seen.refused + 1)
            return Full(last, seen.used + seen.reserved, first=seen.refused == 0)
        for line in lines:
            seen = found[line.key]
            self._counts[tenant, line.key] = replace(
                seen, reserved=seen.reserved + line.amount, most=line.most
            )
        amounts = {line.key: line.amount for line in lines}
        self._reserved[reservation] = _Reservation(tenant, expires, amounts)
        return [self._counts[tenant, line.key] for line in lines]

    async def settle(self, reservation: str, tenant: str, spent: Sequence[tuple[Key, int]]) -> bool:
        """See ``Counters.settle``."""
        held = self._reserved.pop(reservation, None)
        if held is None:
            return False
        really = dict(spent)
        for key, amount in held.amounts.items():
            seen = self._counts[tenant, key]
            again = amount if held.expired and key.span != "now" else 0
            self._counts[tenant, key] = replace(
                seen,
                used=seen.used + really.get(key, 0) - again,
                reserved=seen.reserved - (0 if held.expired else amount),
            )
        return True

    async def expire(self, now: datetime) -> int:
        """See ``Counters.expire``."""
        lines = 0
        for held in self._reserved.values():
            if held.expired or held.expires > now:
                continue
            held.expired = True
            for key, amount in held.amounts.items():
                seen = self._counts[held.tenant, key]
                spent = 0 if key.span == "now" else amount
                self._counts[held.tenant, key] = replace(
                    seen, used=seen.used + spent, reserved=seen.reserved - amount
                )
                lines += 1
        return lines

    async def told(self, tenant: str, key: Key, *, reached: bool) -> bool:
        """See ``Counters.told``."""
        seen = self._counts.get((tenant, key))
        if seen is None or (seen.alerted if reached else seen.warned):
            return False
        now = replace(seen, alerted=True) if reached else replace(seen, warned=True)
        self._counts[tenant, key] = now
        return True

    async def read(self, tenants: Collection[str] | None, *, now: datetime) -> Sequence[Count]:
        """See ``Counters.read``."""
        return [
            replace(one, known=self._known(one.tenant)) if one.key.span == "month" else one
            for one in self._counts.values()
            if one.ends > now and (tenants is None or one.tenant in tenants)
        ]

    async def purge(self, before: datetime) -> int:
        """See ``Counters.purge``."""
        old = [place for place, one in self._counts.items() if one.ends < before]
        for place in old:
            del self._counts[place]
        gone = [name for name, held in self._reserved.items() if held.expires < before]
        for name in gone:
            del self._reserved[name]
        return len(old)

    def _known(self, tenant: str) -> datetime | None:
        days = (key.starts for whose, key in self._counts if whose == tenant and key.span == "day")
        return min(days, default=None)

    def _at(self, tenant: str, line: Line) -> Count:
        return self._counts.get((tenant, line.key)) or Count(tenant, line.key, line.ends, line.most)
