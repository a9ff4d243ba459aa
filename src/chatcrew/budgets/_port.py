"""What limits are to the rest of the house: who keeps the counts, and what is seen of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

NO_LIMIT = 2**62
"""What stands where nothing is bounded, so that it is counted all the same."""


@dataclass(frozen=True, slots=True)
class Key:
    """What one counter counts.

    Attributes:
        scope: ``tenant``, ``role:NAME`` or ``function:NAME``.
        kind: ``money`` (billionths of a US dollar), ``tokens``, ``calls``, or ``slots``: calls that
            are being made.
        span: ``hour``, ``day``, ``month``, or ``now`` for slots.
        starts: when the span began, UTC.
    """

    scope: str
    kind: str
    span: str
    starts: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """What one call wants of one counter.

    Attributes:
        key: which.
        ends: when the span is over.
        most: its limit.
        amount: what the call may take at worst.
    """

    key: Key
    ends: datetime
    most: int
    amount: int


@dataclass(frozen=True, slots=True)
class Count:
    """One counter as it stands.

    Attributes:
        tenant: whose.
        key: what is counted.
        ends: when the span is over.
        most: its limit.
        used: settled.
        reserved: by calls that are being made.
        refused: calls that found no room.
        warned: people were told that it is nearly used up.
        alerted: people were told that a call found no room.
        known: of a month that is read, the first day of which anything of the tenant is counted.
    """

    tenant: str
    key: Key
    ends: datetime
    most: int
    used: int = 0
    reserved: int = 0
    refused: int = 0
    warned: bool = False
    alerted: bool = False
    known: datetime | None = None


@dataclass(frozen=True, slots=True)
class Full:
    """Why nothing was reserved.

    Attributes:
        line: what found no room.
        taken: used and reserved of it.
        first: nobody was refused by it in this span before.
    """

    line: Line
    taken: int
    first: bool


def told_of(full: Sequence[Line]) -> Line:
    """Return which of several lines without room is told: the one that is full for longest.

    Slots come last: they are free again in a moment, and who waited for one in vain would then be
    told of the rest.
    """
    return max(full, key=lambda line: (line.key.kind != "slots", line.ends))


class Counters(Protocol):
    """Keeps counts and reservations; every method raises ``StoreError`` while storage is away.

    A reservation takes room of all its lines or of none, however many workers ask at once.
    """

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
        """Reserve; return the counts after it, or what had no room.

        Args:
            reservation: new identifier.
            tenant: who pays.
            lines: what is wanted; each key once.
            expires: from then on nobody works on it any more.
            wanted: what will be asked for next; where there is no room for ``lines``, those of it
                that have none are told as well, but nothing of it is taken.
            waits: the caller asks again where only slots are full: that is no refusal.
        """
        ...

    async def settle(self, reservation: str, tenant: str, spent: Sequence[tuple[Key, int]]) -> bool:
        """Put what was really spent in the place of what was reserved; once.

        Returns:
            False where the reservation is not known (any more).
        """
        ...

    async def expire(self, now: datetime) -> int:
        """Count reservations that nobody settled as spent; return how many lines there were.

        Whoever made them died in the middle of a call, which will be on the bill. Slots are free
        again. A settlement that comes late is still believed.
        """
        ...

    async def told(self, tenant: str, key: Key, *, reached: bool) -> bool:
        """Note that people were told of this counter; True for whoever says so first.

        Args:
            tenant: whose.
            key: which.
            reached: that a call found no room; else that it is nearly used up.
        """
        ...

    async def read(self, tenants: Collection[str] | None, *, now: datetime) -> Sequence[Count]:
        """Return the counters of the spans that run, of these tenants (None: of all)."""
        ...

    async def purge(self, before: datetime) -> int:
        """Forget spans that ended before then; return how many."""
        ...


@dataclass(frozen=True, slots=True)
class LimitState:
    """One limit as people see it.

    Attributes:
        tenant: whose.
        scope: ``tenant``, ``role:NAME`` or ``function:NAME``.
        kind: ``money``, ``tokens``, ``calls`` or ``slots``.
        span: ``minute``, ``hour``, ``day``, ``month`` or ``now``.
        currency: ``USD`` or ``BRL`` of money, else "".
        most: the limit, None where there is none; money in ``currency``, as the next three.
        used: settled; None where this process cannot see it (minutes are paced elsewhere).
        reserved: by calls that are being made.
        forecast: what the month will have used at its present pace; None but for months.
        since: when the span began, None for slots and minutes.
        until: when it ends.
        refused: calls that found no room in it.
        warned: people were told that it is nearly used up.
    """

    tenant: str
    scope: str
    kind: str
    span: str
    currency: str = ""
    most: float | None = None
    used: float | None = 0.0
    reserved: float = 0.0
    forecast: float | None = None
    since: datetime | None = None
    until: datetime | None = None
    refused: int = 0
    warned: bool = False

    @property
    def left(self) -> float | None:
        """What may still be used; None where nothing bounds it or nobody knows."""
        if self.most is None or self.used is None:
            return None
        return max(0.0, self.most - self.used - self.reserved)

    @property
    def share(self) -> float | None:
        """Part of the limit that is used or reserved, 1.0 being all of it; None as ``left``."""
        if not self.most or self.used is None:
            return None
        return (self.used + self.reserved) / self.most


class Budgets(Protocol):
    """What pages and commands ask of limits."""

    async def state(self, tenants: Collection[str] | None = None) -> Sequence[LimitState]:
        """Return every limit of these tenants (None: of all), and what is counted without one.

        Raises:
            StoreError: storage is away.
        """
        ...
