"""What may be promised to who begins to wait for people now, from the book of debts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chatcrew.clock import Clock
from chatcrew.debts._estimate import Sample, promise_of
from chatcrew.debts._port import Debts
from chatcrew.messages import Debt, DebtEnd, Wait
from chatcrew.tenancy.calendar import calendar
from chatcrew.tenancy.model import Tenant

_SPAN = timedelta(days=60)
"""Older waits say little of the team of today."""

_MOST = 1000
_FRESH = 60.0
"""Seconds for which a tenant's waits are not read again."""


class Waits:
    """Estimates from each tenant's own waits.

    Args:
        debts: the book.
        clock: time.
    """

    def __init__(self, debts: Debts, clock: Clock) -> None:
        self._debts = debts
        self._clock = clock
        self._known: dict[str, tuple[float, list[Sample]]] = {}

    async def estimate(self, tenant: Tenant, team_id: int | None, at: datetime) -> Wait | None:
        """Return what who begins to wait for a team at ``at`` has to expect, in time at work.

        None where too little is known, or the tenant wants no figures told
        (``people.waiting.estimate``).

        Raises:
            StoreError: storage is away.
        """
        if not tenant.people.waiting.estimate:
            return None
        samples = await self._samples(tenant)
        local = at.astimezone(ZoneInfo(tenant.timezone))
        promise = promise_of(samples, team_id=team_id, at=local)
        if promise is None:
            return None
        return Wait(
            likely=timedelta(seconds=promise.likely),
            at_most=timedelta(seconds=promise.at_most),
            soonest=timedelta(seconds=promise.soonest),
        )

    async def _samples(self, tenant: Tenant) -> list[Sample]:
        known = self._known.get(tenant.key)
        if known is not None and self._clock.monotonic() - known[0] < _FRESH:
            return known[1]
        since = self._clock.now() - _SPAN
        found = samples_of(
            await self._debts.history(tenant.key, since=since, limit=_MOST),
            tenant,
            now=self._clock.now(),
        )
        self._known[tenant.key] = (self._clock.monotonic(), found)
        return found


def samples_of(debts: Sequence[Debt], tenant: Tenant, *, now: datetime) -> list[Sample]:
    """Return waits as samples; those begun out of hours are left out, for they wait for a door."""
    zone = ZoneInfo(tenant.timezone)
    return [
        Sample(
            debt.owed.opened_at.astimezone(zone),
            debt.owed.team_id,
            waited_of(debt, tenant, now=now),
            debt.ending is DebtEnd.ANSWERED,
        )
        for debt in debts
        if not debt.owed.closed_then
    ]


def waited_of(debt: Debt, tenant: Tenant, *, now: datetime) -> float:
    """Return the seconds of time at work that a debt has lasted, or lasted until it ended."""
    if debt.waited is not None:
        return debt.waited
    return calendar(tenant).seconds(debt.owed.opened_at, debt.ended_at or now)
