"""From rows that are counted to the values that are shown; no I/O."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chatcrew.analytics._measures import Spend, Times
from chatcrew.analytics._scale import times
from chatcrew.analytics._values import Day


def added(spends: Iterable[Spend]) -> Spend:
    """Return the sum of what was used."""
    names = Spend.__slots__
    total: Counter[str] = Counter()
    for one in spends:
        for name in names:
            total[name] += getattr(one, name)
    return Spend(**{name: total[name] for name in names})


def counted(rows: Iterable[Any]) -> Times:
    """Return the times that rows of step, n and total say."""
    found = list(rows)
    return times(((row.step, row.n) for row in found), total=int(sum(row.total for row in found)))


def dearest(found: Sequence[tuple[str, Spend]]) -> Mapping[str, Spend]:
    """Return what was used by name, the dearest first."""
    return dict(sorted(found, key=lambda one: (-one[1].nanos, -one[1].calls, one[0])))


def days(counts: Iterable[Any], by_day: Mapping[Any, Spend]) -> tuple[Day, ...]:
    """Return the days of rows of measure, part, day and n, and of what was used."""
    found: dict[Any, Counter[str]] = defaultdict(Counter)
    for row in counts:
        if row.measure == "turn":
            found[row.day]["turns"] += row.n
            if row.part in ("replied", "handed_off"):
                found[row.day][row.part] += row.n
        elif row.measure in ("heard", "said"):
            found[row.day][row.measure] += row.n
    return tuple(
        Day(day, **found[day], spend=by_day.get(day, Spend())) for day in sorted({*found, *by_day})
    )
