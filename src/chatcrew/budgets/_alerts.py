"""Tells people of limits that are nearly used up or reached, by what the counters say."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from chatcrew.budgets._port import NO_LIMIT, Count, Counters, Full, Line
from chatcrew.budgets._told import nearly, reached, refusal_of
from chatcrew.clock import Clock
from chatcrew.telemetry import Metrics, get_logger
from chatcrew.tenancy.model import Exchange, Tenant

_log = get_logger("budgets")

LATE = timedelta(hours=1)
"""So long after its end a span is still told of: it may have been reached in its last second."""


class Notes(Protocol):
    """Where people of a business read notes."""

    async def leave(self, tenant: str, *, key: str, words: str) -> bool:
        """Leave a note for a tenant's people, once for each key, whoever asks how often.

        Returns:
            False where there is no conversation to leave it in.

        Raises:
            StoreError: storage is away; nothing is known of the note.
        """
        ...


class Alerts:
    """Looks at the counters and tells of each limit once in its span.

    What is to be told follows from the counters alone, and they change in the transaction that
    reserves, settles or refuses a call: a worker that dies takes no alert with it. The note comes
    first and is known by its key, the mark on the counter second, so that whoever dies between the
    two leaves neither a second note nor none.

    Args:
        counters: of all workers.
        notes: where people read.
        tenants: by key, as the files say them now.
        exchange: what a dollar is now, or None.
        clock: time.
        metrics: counts warnings.
    """

    def __init__(
        self,
        counters: Counters,
        *,
        notes: Notes,
        tenants: Callable[[], Mapping[str, Tenant]],
        exchange: Callable[[], Exchange | None],
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._counters = counters
        self._notes = notes
        self._tenants = tenants
        self._exchange = exchange
        self._clock = clock
        self._metrics = metrics
        self._warned: set[str] = set()

    async def run(self) -> int:
        """Tell what nobody told yet; return how much it was.

        Raises:
            StoreError: storage is away; the rest is told later.
        """
        told, now, tenants = 0, self._clock.now(), self._tenants()
        counts = await self._counters.read(list(tenants), now=now - LATE)
        self._warned &= {_key(count, reached=False) for count in counts}
        for count in counts:
            tenant = tenants.get(count.tenant)
            if tenant is None or count.key.kind == "slots" or count.most >= NO_LIMIT:
                continue
            taken = count.used + count.reserved
            if not count.warned and taken * 100 >= count.most * tenant.limits.warn:
                words = nearly(count, tenant.limits, self._exchange())
                told += await self._tell(count, words, reached=False)
            if count.refused and not count.alerted:
                told += await self._tell(count, self._reached(count, tenant, now), reached=True)
        return told

    def _reached(self, count: Count, tenant: Tenant, now: datetime) -> str:
        line = Line(count.key, count.ends, count.most, 0)
        full = Full(line, count.used + count.reserved, first=True)
        zone, exchange = ZoneInfo(tenant.timezone), self._exchange()
        return reached(refusal_of(full, tenant.limits, exchange=exchange, now=now, zone=zone))

    async def _tell(self, count: Count, words: str, *, reached: bool) -> bool:
        key = _key(count, reached=reached)
        left = await self._notes.leave(count.tenant, key=key, words=words)
        told = left and await self._counters.told(count.tenant, count.key, reached=reached)
        if not reached and (told or not left) and key not in self._warned:
            # whoever runs the house reads of it also where no conversation can take the note yet
            self._warned.add(key)
            self._warn(count)
        return told

    def _warn(self, count: Count) -> None:
        place = count.key
        kind, span = place.kind, place.span
        self._metrics.count("chatcrew_budget_warnings", tenant=count.tenant, kind=kind, span=span)
        _log.warning(
            "budget.warned",
            tenant=count.tenant,
            scope=place.scope,
            kind=kind,
            span=span,
            percent=round(100 * (count.used + count.reserved) / count.most),
        )


def _key(count: Count, *, reached: bool) -> str:
    place, what = count.key, "reached" if reached else "nearly"
    key = f"limit:{count.tenant}:{place.scope}:{place.kind}:{place.span}:{what}"
    return f"{key}:{place.starts:%Y%m%dT%H%M}"
