"""A month of a business in minutes, and thousands of small worlds in which everything fails.

Run from the repository's root: ``python -m benchmarks.month``. See benchmarks/README.md.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks import _faults
from benchmarks._bugs import BUGS
from benchmarks._collecting import seldom
from benchmarks._figures import Report
from benchmarks._month import live
from benchmarks._month_report import tell
from benchmarks._script import Script, Shorter, drawn
from benchmarks._seeds import played as worlds
from benchmarks._world import Setting, World, setting
from chatcrew.telemetry import configure

EACH = 170.0
"""Messages a day for each talk of a usual hour: nights, lunches and Sundays have fewer."""


def faults(shared: Setting, options: argparse.Namespace, report: Report) -> None:
    """Play the scripts of many seeds; write a test of each that breaks a promise."""
    known = _faults.points(shared)
    plant = BUGS[options.bug][0] if options.bug else None
    seldom()
    seeds = range(options.seed, options.seed + options.seeds)
    ends: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    struck = broken = messages = 0
    hours = 0.0
    for seed, played in worlds(shared, seeds, known, bug=options.bug, workers=options.workers):
        ends += played.ends
        passed += played.passed
        messages += played.messages
        struck += played.struck
        hours += played.seconds / 3600
        if played.violations:
            broken += 1
            if broken <= options.show:
                _tell(shared, drawn(seed, known), played, plant, options.out)
    report.title(f"{options.seeds:,} worlds of faults, from seed {options.seed}")
    report.line("customers' messages, hours of virtual time", f"{messages:,}, {hours:,.1f}")
    report.line("turns", ", ".join(f"{name} {n:,}" for name, n in sorted(ends.items())))
    report.line(
        "points of processes, passed in all, struck",
        f"{len(passed)}, {passed.total():,}, {struck:,}",
    )
    report.target("worlds that broke a promise", str(broken), met=not broken, wanted="0")


def repeat(shared: Setting, path: Path, report: Report, *, bug: str) -> None:
    """Play one script that was written down."""
    script = Script.from_json(path.read_text("utf-8"))
    plant = BUGS[bug][0] if bug else None
    played = _faults.play(shared, script, bug=plant)
    report.title(str(path))
    for one in played.violations:
        report.line("broken", one)
    report.target(
        "promises broken", str(len(played.violations)), met=not played.violations, wanted="0"
    )


def _tell(
    shared: Setting,
    script: Script,
    played: _faults.Played,
    plant: Callable[[World], None] | None,
    out: Path,
) -> None:
    """Make a script that broke a promise as short as it gets, and write it down."""
    kinds = played.kinds

    def breaks(shorter: Script) -> bool:
        return bool(kinds & _faults.play(shared, shorter, bug=plant).kinds)

    short = Shorter(breaks).of(script)
    violations = _faults.play(shared, short, bug=plant).violations
    out.mkdir(parents=True, exist_ok=True)
    (out / f"world_{script.seed}.json").write_text(short.to_json(), "utf-8")
    test = out / f"test_world_{script.seed}.py"
    test.write_text(_faults.shown(short, violations), "utf-8")
    print(f"\nseed {script.seed}: {'; '.join(violations)}\n{short.to_json()}\n{test}", flush=True)


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--messages", type=int, default=100_000, help="in all, about")
    parser.add_argument("--faults", action="store_true", help="small worlds in which things fail")
    parser.add_argument("--seeds", type=int, default=1000, help="of --faults")
    parser.add_argument("--workers", type=int, default=1, help="processes of --faults")
    parser.add_argument("--show", type=int, default=3, help="violations that are made short")
    parser.add_argument("--out", type=Path, default=Path("data/worlds"), help="where they go")
    parser.add_argument("--bug", choices=sorted(BUGS), default="", help="plant a mistake")
    parser.add_argument("--repeat", type=Path, help="play one script that was written down")
    options = parser.parse_args()
    configure("critical", form="console", process="benchmark")
    report, begun = Report(), time.perf_counter()
    shared = setting()
    if options.repeat is not None:
        repeat(shared, options.repeat, report, bug=options.bug)
    elif options.faults:
        faults(shared, options, report)
    else:
        seldom()
        per_hour = options.messages / (EACH * options.days)
        lived = live(shared, seed=options.seed, days=options.days, per_hour=per_hour)
        tell(report, lived, days=options.days)
    print(f"\n{time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
