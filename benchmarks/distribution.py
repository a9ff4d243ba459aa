"""How fairly each way of choosing a person divides conversations over simulated working days.

Run from the repository's root: ``python -m benchmarks.distribution`` (``--days``, ``--seed``,
``--per-hour``).
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a file, not as a module

from benchmarks._figures import Report, percentile
from benchmarks._office import SCORES, Day, Office
from chatcrew.tenancy.model import Distribution, Part

LIMIT = 8
PARTS = tuple(
    Part(percent, agent=str(number)) for number, percent in enumerate((30, 20, 20, *[6] * 5), 1)
)
POINTS = 2.0
"""Percentage points by which a part may be missed: only the newest 400 are counted."""
FAIR = 0.98
"""Least index of fairness: 1 is that everybody has the same, by hour at work."""


def jain(values: Sequence[float]) -> float:
    """Return the index of fairness of Jain, Chiu and Hawe (1984): 1/n to 1."""
    return sum(values) ** 2 / (len(values) * sum(value**2 for value in values))


def play(policy: Distribution, options: argparse.Namespace) -> Day:
    """Return the days under a policy; the same customers come under each."""
    return Office(policy, seed=options.seed, per_hour=options.per_hour).run(options.days)


def common(report: Report, day: Day) -> None:
    """Print what holds for every method."""
    placed = day.given.total()
    report.line("conversations given, nobody free", f"{placed:,}, {day.unplaced:,}")
    per_hour = " ".join(f"{rate:.1f}" for rate in day.rates())
    report.line("per hour at work, by person", per_hour)
    report.target(
        "most open at once", str(day.most), met=day.most <= LIMIT, wanted=f"at most {LIMIT}"
    )
    report.target(
        "a choice takes",
        f"p50 {percentile(day.seconds, 0.5) * 1e3:.2f} ms, "
        f"p95 {percentile(day.seconds, 0.95) * 1e3:.2f} ms",
        met=percentile(day.seconds, 0.95) < 0.02,
        wanted="p95 < 20 ms",
    )


def fairness(report: Report, day: Day) -> None:
    """Print how evenly conversations were given, by hour at work."""
    fair = jain(day.rates())
    report.target(
        "index of fairness, by hour at work", f"{fair:.4f}", met=fair >= FAIR, wanted=f">= {FAIR}"
    )


def main() -> int:
    """Print the report; 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=5)
    parser.add_argument("--per-hour", type=float, default=80.0)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    report = Report()
    print(
        f"8 people in two shifts with breaks, {options.per_hour:g} conversations an hour, "
        f"{options.days} days of 10 hours, at most {LIMIT} open each"
    )

    def policy(method: str, *, previous: bool = False) -> Distribution:
        return Distribution(method=method, previous=previous, per_agent=LIMIT, shares=PARTS)

    report.title("round robin")
    day = play(policy("round_robin"), options)
    common(report, day)
    fairness(report, day)

    report.title("by load")
    day = play(policy("load"), options)
    common(report, day)
    fairness(report, day)

    report.title("by share: 30, 20, 20 and five of 6 %")
    day = play(policy("share"), options)
    common(report, day)
    worst = max(abs(day.given[one] - owed) for one, owed in day.owed.items())
    points = worst / day.given.total() * 100
    report.target(
        "furthest from what was agreed",
        f"{worst:.0f} of {day.given.total():,}, {points:.1f} points",
        met=points <= POINTS,
        wanted=f"at most {POINTS:g} points",
    )

    report.title("by performance")
    day = play(policy("performance"), options)
    common(report, day)
    rates = {one: day.given[one] / day.hours[one] for one in day.hours}
    best, worst_of = rates[min(SCORES)], rates[max(SCORES)]
    report.target(
        "the best over the worst, per hour at work",
        f"{best / worst_of:.2f}",
        met=best > worst_of > 0,
        wanted="more than 1, nobody without",
    )

    report.title("previous operator first, then round robin")
    day = play(policy("round_robin", previous=True), options)
    common(report, day)
    report.target(
        "customers who met their operator again",
        f"{day.again:,} of {day.known:,} whose operator was free",
        met=day.again == day.known > 0,
        wanted="all",
    )
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
