"""An independent script: the exported files, and the formulas of ``docs/analytics.md`` once more.

This file, and those beside it that a page has (``overview``, ``money``, ``pace``, ``feelings``,
``beside``, ``lists``, ``operations``), know the standard library and nothing of the house: a test
looks at what they import (S3-101).
"""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

Row = Mapping[str, str]
K = TypeVar("K")
Value = str | int | float | datetime | date | None
DECADE = (
    *(10, 11, 12, 13, 15, 16, 18, 20, 22, 24, 27, 30),
    *(33, 36, 39, 43, 47, 51, 56, 62, 68, 75, 82, 91),
)
STEPS = sorted({*range(10), *(10**power * one for power in range(6) for one in DECADE)})
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Facts:
    """What is counted.

    Attributes:
        of_time: rows of each file of the time that the page shows.
        of_ever: rows of each file of all time, for what a page shows of now.
        now: when it was asked.
        first: first day.
        last: last day.
        zone: in which the page's days begin.
        rate: reais of a dollar, with the day of the rate.
    """

    of_time: Mapping[str, Sequence[Row]]
    of_ever: Mapping[str, Sequence[Row]]
    now: datetime
    first: date
    last: date
    zone: str
    rate: tuple[float, date] | None = None

    def __getitem__(self, kind: str) -> Sequence[Row]:
        """Return the rows of a file."""
        return self.of_time[kind]

    def day(self, row: Row, column: str) -> date:
        """Return the day of a moment by the calendar of the row's tenant."""
        zones = {one["tenant"]: one["zone"] for one in self.of_ever["tenants"]}
        return at(row[column]).astimezone(ZoneInfo(zones.get(row["tenant"], "UTC"))).date()

    def days(self) -> list[date]:
        """Return the days that were chosen and have begun."""
        last = min(self.last, self.now.astimezone(ZoneInfo(self.zone)).date())
        return [self.first + timedelta(one) for one in range((last - self.first).days + 1)]

    def by_day(
        self, groups: Mapping[date, list[Row]], made: Callable[[list[Row]], tuple[Value, ...]]
    ) -> list[tuple[Value, ...]]:
        """Return a row for each chosen day, and for each other that has something."""
        return [(one, *made(groups.get(one, []))) for one in sorted({*self.days(), *groups})]


@dataclass
class Counted:
    """What a page has to show.

    Attributes:
        told: figures that stand out: value and kind.
        sheets: rows of tables; each has the kinds of its cells, and its rows; of kinds ``each`` a
            row is made of value and kind of each cell.
        said: figures inside of sentences, by the key of the sentence: name → (value, kind).
    """

    told: dict[str, tuple[Value, str]] = field(default_factory=dict)
    sheets: dict[str, tuple[str, list[Any]]] = field(default_factory=dict)
    said: list[tuple[str, dict[str, tuple[Value, str]]]] = field(default_factory=list)

    def says(self, key: str, **figures: tuple[Value, str]) -> None:
        """Add a sentence."""
        self.said.append((key, figures))


def rows(text: str) -> list[Row]:
    """Read a CSV file; a quote before a formula is taken away."""
    read = csv.DictReader(io.StringIO(text, newline=""))
    return [{key: value.removeprefix("'") for key, value in row.items()} for row in read]


def at(text: str) -> datetime:
    """Read a moment."""
    return datetime.fromisoformat(text).astimezone(UTC)


def total(found: Iterable[Row], key: str) -> int:
    """Add a column up."""
    return sum(int(row[key] or 0) for row in found)


def numbers(found: Iterable[Row], key: str) -> list[int]:
    """Return the figures of a column that has them not everywhere."""
    return [int(row[key]) for row in found if row[key]]


def percentile(times: Sequence[int], percent: int) -> int | None:
    """Nearest rank of times, each rounded up to a step."""
    if not times:
        return None
    ordered = sorted(next(step for step in STEPS if step >= one) for one in times)
    return ordered[-(-len(ordered) * percent // 100) - 1]


def share(part: float, whole: int) -> float | None:
    """Divide; nothing of nothing is unknown."""
    return part / whole if whole else None


def grouped(found: Iterable[Row], key: Callable[[Row], K]) -> dict[K, list[Row]]:
    """Divide rows."""
    groups: dict[K, list[Row]] = defaultdict(list)
    for row in found:
        groups[key(row)].append(row)
    return dict(groups)


def usd(found: Iterable[Row]) -> float:
    """Return what calls, or the calls of sessions, cost as far as prices are known."""
    return total(found, "nanos") / 1_000_000_000


def unpriced(calls: Iterable[Row]) -> int:
    """Return how many calls have no price."""
    return sum(row["from_cache"] == "0" and row["nanos"] == "" for row in calls)


def known_usd(calls: Sequence[Row]) -> float | None:
    """Return what calls cost; where all that reached a model have no price, nobody knows."""
    return None if unpriced(calls) and not total(calls, "nanos") else usd(calls)


def known_of(sessions: Sequence[Row]) -> float | None:
    """Return the same of the calls of sessions."""
    return None if total(sessions, "unpriced") and not total(sessions, "nanos") else usd(sessions)


def durable(sessions: Iterable[Row], now: datetime) -> tuple[int, int]:
    """Return how many contained sessions were not reopened in a week, and of how many."""
    kept = known = 0
    for row in sessions:
        if row["ending"] != "contained" or not row["closed_at"]:
            continue
        closed = at(row["closed_at"])
        back = bool(row["reopened_at"]) and at(row["reopened_at"]) - closed < WEEK
        if back or closed <= now - WEEK:
            known, kept = known + 1, kept + (not back)
    return kept, known


def reais(facts: Facts, page: Counted, dollars: float | None) -> None:
    """Say a sum in reais, where a rate is known."""
    if facts.rate is not None and dollars is not None:
        rate, day = facts.rate
        page.says("figures.reais", sum=(dollars * rate, "brl"), day=(day, "day"))


def of_time(facts: Facts, page: Counted) -> None:
    """Say which days the page is about."""
    page.says(
        "figures.as_of",
        first=(facts.first, "day"),
        last=(facts.last, "day"),
        zone=(facts.zone, "text"),
    )
