"""How many right replies the grounding check refuses, and how many inventions it lets through.

Run from the repository's root: ``python -m benchmarks.grounding`` (``--show`` prints the replies
that were judged wrongly; ``--held-out`` judges only the third that nobody looked at).
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a file, not as a module

from benchmarks._claims import Checked, check, rows, warm
from benchmarks._figures import Report, percentile
from benchmarks._shipped import load_shipped

MOST_REFUSED = 0.02
_WANTED_P95 = 0.005


def share(part: int, whole: int) -> str:
    """Return a count with its share."""
    return f"{part} of {whole} ({part / max(whole, 1):.1%})"


def main() -> int:
    """Check both files and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="print what was judged wrongly")
    parser.add_argument("--held-out", action="store_true", help="only the held-out third")
    parser.add_argument("--tuned", action="store_true", help="only the two thirds that were seen")
    options = parser.parse_args()
    tenants = load_shipped().configuration.tenants
    warm(tenants)

    def judged(name: str) -> list[Checked]:
        chosen = [
            row
            for row in rows(name)
            if not ((options.held_out and not row.held_out) or (options.tuned and row.held_out))
        ]
        return [check(row, tenants) for row in chosen]

    correct, invented = judged("correct"), judged("invented")
    refused = [one for one in correct if one.found]
    passed = [one for one in invented if not one.found]
    report = Report()
    report.title("Replies")
    report.target(
        "right replies refused",
        share(len(refused), len(correct)),
        met=len(refused) <= MOST_REFUSED * len(correct),
        wanted=f"≤ {MOST_REFUSED:.0%}",
    )
    report.target(
        "inventions that pass", share(len(passed), len(invented)), met=not passed, wanted="0"
    )
    for name, wrong, whole in (("refused", refused, correct), ("passed", passed, invented)):
        held = [one for one in whole if one.row.held_out]
        count = sum(one.row.held_out for one in wrong)
        report.line(f"{name}, of the held-out third", share(count, len(held)))
    swapped = judged("swapped")
    caught = sum(bool(one.found) for one in swapped)
    report.line("right figures of the wrong thing, caught", share(caught, len(swapped)))
    kinds = Counter(one.row.kind for one in invented)
    report.line("kinds of inventions", ", ".join(f"{kind} {n}" for kind, n in kinds.most_common()))
    report.title("Time per reply")
    times = [one.seconds for one in (*correct, *invented)]
    p95 = percentile(times, 0.95)
    report.target(
        "p50 / p95",
        f"{percentile(times, 0.5) * 1e3:.2f} / {p95 * 1e3:.2f} ms",
        met=p95 < _WANTED_P95,
        wanted=f"p95 < {_WANTED_P95 * 1e3:.0f} ms",
    )
    if options.show:
        for one in (*refused, *passed, *(one for one in swapped if not one.found)):
            told = ", ".join(f"{claim.kind}: {claim.text}" for claim in one.found) or one.row.kind
            print(f"\n{one.row.tenant} {one.row.number} [{told}]\n  {one.row.reply}")
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
