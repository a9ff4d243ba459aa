"""The page of intents and moods, from exported files alone."""

from collections import Counter
from collections.abc import Sequence

from tests.contract.recount.facts import (
    Counted,
    Facts,
    Row,
    Value,
    grouped,
    numbers,
    of_time,
    share,
)


def feelings(facts: Facts) -> Counted:
    """Recompute the page."""
    page = Counted()
    felt = [row for row in facts["turns"] if row["mood"]]
    spoke = [row for row in facts["turns"] if row["outcome"] in ("replied", "handed_off")]
    if not felt and not spoke:
        return page
    of_time(facts, page)
    good, even, bad = divided(felt)
    score = sum(numbers(felt, "mood")) / len(felt) / 1000 if felt else None
    page.told |= {
        "mood_mean": (score, "score"),
        "mood_positive": (share(good, len(felt)), "share"),
        "mood_neutral": (share(even, len(felt)), "share"),
        "mood_negative": (share(bad, len(felt)), "share"),
    }
    page.says("fig.mood_mean.note", count=(len(felt), "count"))
    days = grouped(felt, lambda row: facts.day(row, "finished_at"))
    intents = grouped(spoke, lambda row: row["intent"])
    signals = Counter(one for row in facts["turns"] for one in row["signals"].split())
    page.sheets |= {
        "moods": ("day count count count", facts.by_day(days, divided)),
        "intents": (
            "name count count share ms",
            [(one, *wanted(found)) for one, found in intents.items()],
        ),
        "signals": ("name count", list(signals.items())),
    }
    return page


def divided(found: Sequence[Row]) -> tuple[int, int, int]:
    """Return how many felt well, neither, and badly."""
    moods = numbers(found, "mood")
    good, bad = sum(one >= 300 for one in moods), sum(one <= -300 for one in moods)
    return good, len(moods) - good - bad, bad


def wanted(found: Sequence[Row]) -> tuple[Value, ...]:
    """Turns, those given to people, their share, and the mean time to the answer."""
    given = sum(row["outcome"] == "handed_off" for row in found)
    times = numbers(found, "waited_ms")
    return len(found), given, given / len(found), share(sum(times), len(times))
