"""When people are at work: open or not, the next opening, and time as people at work count it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chatcrew.tenancy._feasts import covers, national
from chatcrew.tenancy._weekly import DAY, Span
from chatcrew.tenancy.model import Opening, Tenant

_AHEAD = 400
"""Days looked ahead: what does not open within a year never opens."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of time in which people are at work, UTC, its end not included."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """The opening times of one tenant; every moment given must know its time zone.

    Wall-clock times are those of the zone: on the day a clock is put forward or back a business
    opens and closes by the clock on its wall, and ``seconds`` counts what really passes.

    Attributes:
        opening: what the tenant says.
        zone: the tenant's time zone.
    """

    opening: Opening
    zone: ZoneInfo

    @property
    def always(self) -> bool:
        """Whether nobody said when people are at work: then they are taken to be, always."""
        return not self.opening.week

    def is_open(self, at: datetime) -> bool:
        """Return whether people are at work."""
        return self.always or self.opens_at(at) == at

    def opens_at(self, at: datetime) -> datetime | None:
        """Return ``at`` while people are at work, else when they next are, None if never."""
        if self.always:
            return at
        found = next(self._from(at), None)
        return None if found is None else max(at, found.opens)

    def closes_at(self, at: datetime) -> datetime | None:
        """Return when the work goes home that goes on at ``at`` or begins next; None: never."""
        if self.always:
            return None
        found = next(self._from(at), None)
        return None if found is None else found.closes

    def seconds(self, begin: datetime, end: datetime) -> float:
        """Return the seconds between two moments in which people are at work; 0 backwards."""
        if self.always:
            return max(0.0, (end - begin).total_seconds())
        total = 0.0
        for one in self._between(begin, end):
            total += (min(end, one.closes) - max(begin, one.opens)).total_seconds()
        return total

    def after(self, at: datetime, span: timedelta) -> datetime | None:
        """Return when ``span`` of time at work has passed since ``at``; None: not within 400 days.

        A span of nothing ends at the next opening.
        """
        if self.always:
            return at + span
        left = span
        for one in self._from(at):
            begin = max(at, one.opens)
            if left <= one.closes - begin:
                return begin + left
            left -= one.closes - begin
        return None

    def holiday(self, day: date) -> str | None:
        """Return the name of the holiday for which people stay away on a day, or None."""
        if any(covers(named, day) for named in self.opening.special):
            return None
        own = (name for named, name in self.opening.holidays.items() if covers(named, day))
        return next(own, None) or national(self.opening.national, day)

    def on(self, day: date) -> tuple[Hours, ...]:
        """Return the hours that begin on a day, as the clock on the wall shows it."""
        found = (Hours(self._at(day, one.begin), self._at(day, one.end)) for one in self._of(day))
        # A time that a clock put forward leaves out is later than what it should open or close
        return tuple(one for one in found if one.opens < one.closes)

    def _of(self, day: date) -> tuple[Span, ...]:
        special = self.opening.special
        exact = special.get(day.isoformat())
        if exact is not None:
            return exact
        for named, found in special.items():
            if covers(named, day):
                return found
        if self.holiday(day) is not None or self.always:
            return ()
        return self.opening.week[day.weekday()]

    def _at(self, day: date, minute: int) -> datetime:
        later, minute = divmod(minute, DAY)
        wall = datetime.combine(day + timedelta(days=later), time(*divmod(minute, 60)), self.zone)
        return wall.astimezone(UTC)

    def _from(self, at: datetime) -> Iterator[Hours]:
        """Yield the hours that are not over at ``at``, joined where they touch, for a year."""
        return self._between(at, at + timedelta(days=_AHEAD))

    def _between(self, begin: datetime, end: datetime) -> Iterator[Hours]:
        """Yield the hours between two moments in order, joined where they touch or overlap."""
        day = begin.astimezone(self.zone).date() - timedelta(days=1)  # a night may reach into it
        last = end.astimezone(self.zone).date()
        waiting: Hours | None = None
        while day <= last:
            for one in sorted(self.on(day), key=lambda hours: hours.opens):
                if one.closes <= begin or one.opens >= end:
                    continue
                if waiting is not None and one.opens > waiting.closes:
                    yield waiting
                    waiting = None
                begun = one if waiting is None else waiting
                waiting = Hours(begun.opens, max(begun.closes, one.closes))
            day += timedelta(days=1)
        if waiting is not None:
            yield waiting


def calendar(tenant: Tenant) -> Calendar:
    """Return the opening times of a tenant."""
    return Calendar(tenant.people.opening, ZoneInfo(tenant.timezone))
