"""What is chosen above a page: of whom, and of which days; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from chatcrew.accounts import Principal

PRESETS = (1, 7, 30, 90)
"""Numbers of days that one click chooses, today included."""

USUAL = 30
_UTC = ZoneInfo("UTC")
MOST_DAYS = 732
"""Two years: what a page shows must stay quick."""


@dataclass(frozen=True, slots=True)
class Business:
    """A tenant as the filter shows it.

    Attributes:
        key: such as ``health/varizemed``.
        name: as customers know it.
        zone: in which its days begin.
    """

    key: str
    name: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Filters:
    """Of whom and of which days.

    Attributes:
        tenants: keys of those to be shown, never more than the person may see; None: all there are.
        tenant: the one that was chosen, or None.
        first: first day.
        last: last day, which counts as a whole.
        zone: in which a day begins: the chosen tenant's, else the one that all have in common,
            else UTC.
        days: the preset that says the same, or None.
    """

    tenants: frozenset[str] | None
    tenant: str | None
    first: date
    last: date
    zone: ZoneInfo
    days: int | None = USUAL

    @property
    def since(self) -> datetime:
        """First moment, UTC."""
        return datetime.combine(self.first, time.min, self.zone).astimezone(UTC)

    @property
    def until(self) -> datetime:
        """Moment after the last, UTC."""
        return datetime.combine(self.last + timedelta(1), time.min, self.zone).astimezone(UTC)

    def query(self, **changes: str | int | None) -> str:
        """Return the query that chooses the same, with some of it changed, "" where nothing is."""
        chosen: dict[str, str | int | None] = {"tenant": self.tenant}
        if self.days is None:
            chosen |= {"since": self.first.isoformat(), "until": self.last.isoformat()}
        elif self.days != USUAL:
            chosen["days"] = self.days
        if "days" in changes:
            chosen |= {"since": None, "until": None}
        chosen |= changes
        kept = {key: value for key, value in chosen.items() if value is not None}
        return f"?{urlencode(kept)}" if kept else ""


def filters_of(
    query: Mapping[str, str], *, who: Principal, businesses: Sequence[Business], now: datetime
) -> Filters:
    """Return what a query chooses; what makes no sense in it is left out.

    Args:
        query: of the address.
        who: asks; a tenant that he may not see is none.
        businesses: that he may see.
        now: the moment, for today.
    """
    known = {one.key: one for one in businesses}
    tenant = query.get("tenant") or None
    if tenant is not None and (tenant not in known or not who.sees(tenant)):
        tenant = None
    zone = _zone([known[tenant]] if tenant is not None else businesses)
    tenants = who.among(None if tenant is None else frozenset({tenant}))
    today = now.astimezone(zone).date()
    first, last = _day(query.get("since")), _day(query.get("until"))
    if first is not None or last is not None:
        last = min(last or today, today + timedelta(1))
        first = max(min(first or last, last), last - timedelta(MOST_DAYS - 1))
        return Filters(tenants, tenant, first, last, zone, None)
    said = query.get("days", "")
    days = next((one for one in PRESETS if str(one) == said), USUAL)
    return Filters(tenants, tenant, today - timedelta(days - 1), today, zone, days)


def _zone(businesses: Sequence[Business]) -> ZoneInfo:
    zones = {one.zone for one in businesses}
    return zones.pop() if len(zones) == 1 else _UTC


def _day(said: str | None) -> date | None:
    try:
        found = date.fromisoformat(said or "")
    except ValueError:
        return None
    # Its neighbours must be dates, too
    return found if 2000 <= found.year <= 2999 else None
