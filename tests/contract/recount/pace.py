"""The page of times, from exported files alone."""

from collections import defaultdict

from tests.contract.recount.facts import (
    Counted,
    Facts,
    Value,
    grouped,
    numbers,
    of_time,
    percentile,
)

TIMED = "count ms ms ms ms"


def pace(facts: Facts) -> Counted:
    """Recompute the page."""
    page, turns = Counted(), facts["turns"]
    answers = numbers(turns, "waited_ms")
    firsts = numbers(facts["sessions"], "first_reply_ms")
    stages, rungs = defaultdict(list), defaultdict(list)
    for row in turns:
        for one in row["stages"].split():
            name, _, ms = one.rpartition("=")
            stages[name].append(int(ms))
        for one in row["rungs"].split():
            step, _, ms = one.rpartition("=")
            name, _, end = step.partition("/")
            rungs[name, end].append(int(ms))
    if not stages and not answers:
        return page
    of_time(facts, page)
    page.told |= {
        **{f"latency_p{one}": (percentile(answers, one), "ms") for one in (50, 95, 99)},
        **{f"latency_first_p{one}": (percentile(firsts, one), "ms") for one in (50, 95)},
    }
    page.says("fig.latency.note", count=(len(answers), "count"))
    page.says("fig.latency_first.note", count=(len(firsts), "count"))
    if answers:
        page.says("fig.latency_mean.note", mean=(sum(answers) / len(answers) / 1000, "s"))
    engines = grouped((row for row in turns if row["waited_ms"]), lambda row: row["engine"])
    page.sheets |= {
        "stages": (f"name {TIMED}", [(name, *timed(times)) for name, times in stages.items()]),
        "rungs": (f"name name {TIMED}", [(*step, *timed(times)) for step, times in rungs.items()]),
        "engines": (
            f"name {TIMED}",
            [(name, *timed(numbers(found, "waited_ms"))) for name, found in engines.items()],
        ),
    }
    return page


def timed(times: list[int]) -> tuple[Value, ...]:
    """Count, mean and percentiles."""
    mean = sum(times) / len(times) if times else None
    return (len(times), mean, *(percentile(times, one) for one in (50, 95, 99)))
