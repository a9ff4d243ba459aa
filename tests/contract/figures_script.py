"""An independent script: recomputes what the pages show from the exported files alone (S3-101).

It knows the standard library and the formulas of ``docs/analytics.md``, and nothing of the house.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone

Row = Mapping[str, str]
BRASILIA = timezone(timedelta(hours=-3))
DECADE = (
    *(10, 11, 12, 13, 15, 16, 18, 20, 22, 24, 27, 30),
    *(33, 36, 39, 43, 47, 51, 56, 62, 68, 75, 82, 91),
)
STEPS = sorted({*range(10), *(10**power * one for power in range(6) for one in DECADE)})
WEEK = timedelta(days=7)


def rows(text: str) -> list[Row]:
    """Read a CSV file; a quote before a formula is taken away."""
    read = csv.DictReader(io.StringIO(text, newline=""))
    return [{key: value.removeprefix("'") for key, value in row.items()} for row in read]


def at(text: str) -> datetime:
    """Read a moment."""
    return datetime.fromisoformat(text)


def day(text: str) -> str:
    """Return the day of a moment in Brasília."""
    return at(text).astimezone(BRASILIA).date().isoformat()


def total(found: Iterable[Row], key: str) -> int:
    """Add a column up."""
    return sum(int(row[key] or 0) for row in found)


def percentile(times: Sequence[int], percent: int) -> int | None:
    """Nearest rank of times, each rounded up to a step."""
    if not times:
        return None
    ordered = sorted(next(step for step in STEPS if step >= one) for one in times)
    return ordered[-(-len(ordered) * percent // 100) - 1]


def share(part: int, whole: int) -> float | None:
    """Divide; nothing of nothing is unknown."""
    return part / whole if whole else None


def grouped(found: Iterable[Row], key: Callable[[Row], str]) -> dict[str, list[Row]]:
    """Divide rows."""
    groups = defaultdict(list)
    for row in found:
        groups[key(row)].append(row)
    return groups


def usd(calls: Iterable[Row]) -> float:
    """Return what calls cost."""
    return total(calls, "nanos") / 1_000_000_000


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


def tiles(files: Mapping[str, list[Row]], now: datetime) -> dict[str, float | None]:
    """Recompute what stands out on the overview."""
    sessions, turns = files["sessions"], files["turns"]
    calls = files["model_calls"]
    ends = Counter(row["ending"] for row in sessions)
    attended = [row for row in sessions if row["ending"]]
    contained = ends["contained"]
    stars = [int(row["rating"]) for row in sessions if row["rating"]]
    waits = [int(row["waited_ms"]) for row in turns if row["waited_ms"]]
    first = [int(row["first_reply_ms"]) for row in sessions if row["first_reply_ms"]]
    promised = Counter(row["promise"] for row in turns)
    return {
        "containment": share(contained, len(attended) - ends["going_on"]),
        "durability": share(*durable(sessions, now)),
        "sessions": len(sessions),
        "answer_p50": percentile(waits, 50),
        "first_reply_p50": percentile(first, 50),
        "promise": share(promised["kept"], promised["kept"] + promised["missed"]),
        "satisfaction": share(sum(stars), len(stars)),
        "usd": usd(calls),
        "usd_contained": usd(calls) / contained if contained else None,
    }


def overview(files: Mapping[str, list[Row]], _: datetime) -> dict[str, list[tuple[object, ...]]]:
    """Recompute the sheets of the overview; days without anything are left out."""
    sessions, turns = files["sessions"], files["turns"]
    by_day = grouped(turns, lambda row: day(row["finished_at"]))
    calls = grouped(files["model_calls"], lambda row: day(row["at"]))
    attended = [row for row in sessions if row["ending"]]
    ends = Counter(row["ending"] for row in attended)
    reasons = Counter(row["reason"] for row in attended if int(row["handed"]))
    outcomes = {one: Counter(row["outcome"] for row in found) for one, found in by_day.items()}
    return {
        "turns": [(one, n["replied"], n["handed_off"]) for one, n in outcomes.items()],
        "messages": [
            (one, total(found, "heard"), total(found, "said")) for one, found in by_day.items()
        ],
        "spend": [(one, usd(found)) for one, found in calls.items()],
        "endings": [(one, n, n / len(attended)) for one, n in ends.items()],
        "reasons": list(reasons.items()),
    }
