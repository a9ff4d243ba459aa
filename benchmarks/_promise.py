"""What a load came to, against what is promised: times, ends, and whose answer it was."""

import math
from collections import Counter
from collections.abc import Sequence

from benchmarks._customers import Seen, Visited
from benchmarks._figures import Report, percentile

PROMISE = 3.0
"""Seconds from the last message of the burst, for 95 % of them (S4-30, S4-46)."""


def waits(seen: Sequence[Seen]) -> list[float]:
    """Return the seconds of each burst; who was never answered waited for ever."""
    return [math.inf if one.seconds is None else one.seconds for one in seen]


def report_promise(
    report: Report,
    visited: Visited,
    *,
    judged: bool,
    in_time: bool = True,
    unbroken: bool = False,
) -> None:
    """Print times and ends of a load.

    Args:
        report: prints.
        visited: what the customers saw.
        judged: hold it to what is promised; the baseline is only shown.
        in_time: to the time as well; not while something is broken on purpose.
        unbroken: no webhook may be refused, and nobody left to people for it; Chatwoot opens the
            conversation of one that it cannot deliver.
    """
    seen = visited.seen
    times = waits(seen)
    silent = [one for one in seen if one.ended is None]
    written = Counter(one.messages for one in seen)
    rows = ", ".join(f"{count} of {n}" for n, count in sorted(written.items()))
    report.line("bursts (of so many messages)", f"{len(seen)} ({rows})")
    report.aim(
        "last message to answer, p95",
        f"{percentile(times, 0.95):.2f} s",
        met=percentile(times, 0.95) <= PROMISE,
        wanted=f"<= {PROMISE:.1f} s" * (judged and in_time),
    )
    shown = ", ".join(f"p{share * 100:g} {percentile(times, share):.2f}" for share in _SHARES)
    report.line("all percentiles", f"{shown}, max {max(times):.2f} s")
    within = sum(time <= PROMISE for time in times)
    report.line(f"answered within {PROMISE:.0f} s", f"{within / len(seen) * 100:.1f} % of all")
    given = sum(one.status == "open" for one in silent)
    report.aim(
        "bursts without a visible end",
        f"{len(silent) - given}",
        met=len(silent) == given,
        wanted="0" * judged,
    )
    report.aim(
        "not answered, the conversation is people's",
        f"{given}",
        met=not given,
        wanted="0" * unbroken,
    )
    wrong = sum(one.foreign for one in seen)
    report.aim("answers of another customer", f"{wrong}", met=not wrong, wanted="0" * judged)
    twice = sum(one.again for one in seen)
    report.aim("answered more than once", f"{twice}", met=not twice, wanted="0" * judged)
    report.line("answers to a part of a burst", f"{sum(one.early for one in seen)}")
    refused = {name: count for name, count in visited.deliveries.items() if name != "200"}
    total = sum(visited.deliveries.values())
    report.aim(
        "webhooks, of them not answered 200",
        f"{total}, {refused or 'none'}",
        met=not refused,
        wanted="none" * unbroken,
    )


_SHARES = (0.5, 0.75, 0.9, 0.95, 0.99)


def seconds_by_window(
    seen: Sequence[Seen], *, since: float, width: float
) -> dict[float, tuple[float, int]]:
    """Return p95 and the number of unanswered bursts by window of time, keyed by its beginning."""
    grouped: dict[int, list[Seen]] = {}
    for one in seen:
        grouped.setdefault(int((one.asked - since) // width), []).append(one)
    found = {}
    for at, some in grouped.items():
        unanswered = sum(one.ended is None for one in some)
        found[at * width] = (percentile(waits(some), 0.95), unanswered)
    return found
