"""How much of what identifies people is found in 2,000 made-up messages, and what is not it.

Run from the repository's root: ``python -m benchmarks.privacy`` (``--count``, ``--seed``,
``--show`` prints every message that was read wrongly).
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a file, not as a module

from benchmarks._figures import Report, percentile
from benchmarks._letters import Letter, letters
from chatcrew.privacy import detect

LEAST = {"address": 0.90}
LEAST_OF_OTHERS = 0.99
NEVER = ("order", "price")
"""Innocent numbers that must never be taken for a person's."""


@dataclass(slots=True)
class Tally:
    """What was made of the messages.

    Attributes:
        seen: messages by kind.
        found: those whose secret is hidden whole.
        named: those of them whose secret is also called what it is.
        alarms: innocent messages in which something was hidden, by kind.
        wrong: every message that was read wrongly.
        seconds: what reading one took.
    """

    seen: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    alarms: Counter[str] = field(default_factory=Counter)
    wrong: list[Letter] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def recall(self, kind: str) -> float:
        """Return the share of secrets of a kind that are hidden."""
        return self.found[kind] / self.seen[kind]


def tally(written: Iterable[Letter]) -> Tally:
    """Read every message, and count."""
    told = Tally()
    for letter in written:
        began = time.perf_counter()
        spans = detect(letter.text)
        told.seconds.append(time.perf_counter() - began)
        told.seen[letter.kind] += 1
        if letter.start == letter.end:
            told.alarms[letter.kind] += bool(spans)
            if spans:
                told.wrong.append(letter)
            continue
        hidden = {place for one in spans for place in range(one.start, one.end)}
        secret = range(letter.start, letter.end)
        if all(place in hidden for place in secret if letter.text[place].isalnum()):
            told.found[letter.kind] += 1
            told.named[letter.kind] += any(letter.kind in one.kinds for one in spans)
        else:
            told.wrong.append(letter)
    return told


def main() -> int:
    """Print recall by kind and false alarms; 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show", action="store_true", help="print what was read wrongly")
    options = parser.parse_args()
    told = tally(letters(options.count, seed=options.seed))
    report = Report()
    report.title(f"{options.count} messages, seed {options.seed}: secrets that are hidden whole")
    for kind in sorted(told.seen & told.found):
        least = LEAST.get(kind, LEAST_OF_OTHERS)
        shown = f"{told.recall(kind):.4f} of {told.seen[kind]} (named right: {told.named[kind]})"
        report.target(kind, shown, met=told.recall(kind) >= least, wanted=f">= {least}")
    report.title("innocent messages in which something was hidden")
    for kind in sorted(set(told.seen) - set(told.found)):
        shown = f"{told.alarms[kind]} of {told.seen[kind]}"
        if kind in NEVER:
            report.target(kind, shown, met=not told.alarms[kind], wanted="0")
        else:
            report.line(kind, shown)
    report.title("time")
    report.line(
        "p50, p95 of a message",
        f"{percentile(told.seconds, 0.5) * 1e6:.0f}, {percentile(told.seconds, 0.95) * 1e6:.0f} µs",
    )
    if options.show:
        for letter in told.wrong:
            print(
                letter.kind,
                repr(letter.text),
                [letter.text[s.start : s.end] for s in detect(letter.text)],
            )
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
