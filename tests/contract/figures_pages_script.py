"""The independent script's other half: each page of figures, from the exported files alone."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from tests.contract.figures_script import (
    Row,
    day,
    durable,
    grouped,
    overview,
    percentile,
    share,
    total,
    usd,
)

Sheets = dict[str, list[tuple[object, ...]]]
Files = Mapping[str, list[Row]]


def timed(times: list[int]) -> tuple[float | None, ...]:
    """Count, mean and percentiles."""
    mean = sum(times) / len(times) if times else None
    return (len(times), mean, *(percentile(times, one) for one in (50, 95, 99)))


def spent(calls: list[Row]) -> tuple[float, ...]:
    """Cost, calls, answers of our cache, failures, tokens, calls without a price."""
    real = [row for row in calls if row["from_cache"] == "0"]
    failed = sum(bool(row["error"]) for row in real)
    tokens = (total(real, "prompt_tokens"), total(real, "completion_tokens"))
    unpriced = sum(row["nanos"] == "" for row in real)
    return (usd(calls), len(real), len(calls) - len(real), failed, *tokens, unpriced)


def cost(files: Files, _: datetime) -> Sheets:
    """Money by day, role, model and tenant."""
    calls = files["model_calls"]
    days = grouped(calls, lambda row: day(row["at"]))
    found: Sheets = {"cost_days": [(one, usd(rows)) for one, rows in days.items()]}
    for name in ("role", "model", "tenant"):
        groups = grouped(calls, lambda row, name=name: row[name])
        found[f"cost_{name}s"] = [(one, *spent(rows)) for one, rows in groups.items()]
    return found


def latency(files: Files, _: datetime) -> Sheets:
    """Times by stage, engine and rung."""
    stages, rungs = Counter[str](), Counter[str]()
    of_stage: dict[str, list[int]] = {}
    of_rung: dict[tuple[str, str], list[int]] = {}
    for row in files["turns"]:
        for one in row["stages"].split():
            name, ms = one.split("=")
            of_stage.setdefault(name, []).append(int(ms))
            stages[name] += 1
        for one in row["rungs"].split():
            step, ms = one.split("=")
            name, end = step.split("/")
            of_rung.setdefault((name, end), []).append(int(ms))
            rungs[step] += 1
    waited = [row for row in files["turns"] if row["waited_ms"]]
    engines = grouped(waited, lambda row: row["engine"])
    return {
        "stages": [(name, *timed(times)) for name, times in of_stage.items()],
        "rungs": [(*step, *timed(times)) for step, times in of_rung.items()],
        "engines": [
            (name, *timed([int(row["waited_ms"]) for row in rows]))
            for name, rows in engines.items()
        ],
    }


def moods(files: Files, _: datetime) -> Sheets:
    """Moods by day, intents, complaints."""
    felt = grouped(
        (row for row in files["turns"] if row["mood"]), lambda row: day(row["finished_at"])
    )
    signals = Counter(one for row in files["turns"] for one in set(row["signals"].split()))
    answered = [row for row in files["turns"] if row["outcome"] in ("replied", "handed_off")]
    wanted = grouped(answered, lambda row: row["intent"])
    return {
        "moods": [(one, *_felt(rows)) for one, rows in felt.items()],
        "signals": list(signals.items()),
        "intents": [(one, *_wanted(rows)) for one, rows in wanted.items()],
    }


def cohorts(by: str) -> object:
    """Return what recomputes sessions divided by a column."""

    def compute(files: Files, now: datetime) -> Sheets:
        attended = [row for row in files["sessions"] if row["ending"]]
        groups = grouped(attended, lambda row: row[by])
        return {"cohorts": [(one, *_compared(rows, now)) for one, rows in groups.items()]}

    return compute


def _felt(rows: Iterable[Row]) -> tuple[int, int, int]:
    moods = [int(row["mood"]) for row in rows]
    good, bad = sum(one >= 300 for one in moods), sum(one <= -300 for one in moods)
    return good, len(moods) - good - bad, bad


def _wanted(rows: list[Row]) -> tuple[float | None, ...]:
    given = sum(row["outcome"] == "handed_off" for row in rows)
    times = [int(row["waited_ms"]) for row in rows if row["waited_ms"]]
    return len(rows), given, given / len(rows), share(sum(times), len(times))


def _compared(rows: list[Row], now: datetime) -> tuple[float | None, ...]:
    ends = Counter(row["ending"] for row in rows)
    ended = len(rows) - ends["going_on"]
    stars = [int(row["rating"]) for row in rows if row["rating"]]
    dollars = usd(rows)
    return (
        len(rows),
        share(ends["contained"], ended),
        share(ends["handed_off"], len(rows)),
        share(*durable(rows, now)),
        (total(rows, "replied") + total(rows, "handed")) / len(rows),
        share(total(rows, "answered_ms"), total(rows, "answers")),
        share(sum(stars), len(stars)),
        len(stars),
        dollars,
        dollars / len(rows),
    )


PAGES = {
    "overview": overview,
    "cost": cost,
    "latency": latency,
    "moods": moods,
    "compare?by=function": cohorts("function"),
    "compare?by=tenant": cohorts("tenant"),
    "compare?by=channel": cohorts("channel"),
}
"""What recomputes the sheets of each page."""
