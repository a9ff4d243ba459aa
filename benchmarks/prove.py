"""Every promise with the command that shows it: runs a bounded form of each and prints one table.

Run it by ``./scripts/prove``; ``--only WORD`` runs those whose promise or command has the word.
"""

import argparse
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_LINE = re.compile(r"^ {0,4}(?P<name>\S(?:.*?\S)?) {2,}(?P<value>\S.*)$")
_TARGET = re.compile(r"\s*\[target [^\]]*\]")
_PASSED = re.compile(r"^(?P<passed>\d+ passed.*) in [\d.]+s")


@dataclass(frozen=True)
class Proof:
    """A promise and what shows it.

    Attributes:
        promise: what the README says.
        command: after ``python -m``; the bounded form.
        shows: lines of its output that are the figure, by how they begin.
        whole: the long form, where there is one.
    """

    promise: str
    command: str
    shows: tuple[str, ...]
    whole: str = ""


_TESTS = "pytest -q -n 2 --dist loadgroup --no-header -p no:cacheprovider "

PROOFS: tuple[Proof, ...] = (
    Proof(
        "nothing lost, nothing twice: real processes killed and stopped",
        "benchmarks.chaos --seeds 24",
        ("blows at points", "restarts", "messages", "violations"),
        "benchmarks.chaos --seeds 300",
    ),
    Proof(
        "the same in small worlds of faults, in virtual time",
        "benchmarks.month --faults --seeds 600",
        ("customers' messages", "points of processes", "worlds that broke a promise"),
        "benchmarks.month --faults --seeds 10000",
    ),
    Proof(
        "a month with customers, shifts and a clock",
        "benchmarks.month --days 3 --messages 6000",
        ("seconds until it answered", "broken: silent, twice, out of order, over"),
        "benchmarks.month",
    ),
    Proof(
        "a new version comes in under load",
        "benchmarks.latency --rate 5 --seconds 24 --kill restart --outage 6",
        ("bursts without a visible end", "answered more than once", "webhooks, of them"),
    ),
    Proof(
        "never over a person: bounded, measured",
        "benchmarks.talkover --turns 1000",
        ("talked over",),
        "benchmarks.talkover",
    ),
    Proof(
        "95 % of answers within 3 s",
        "benchmarks.latency --rate 10 --seconds 30",
        ("last message to answer, p95", "bursts without a visible end"),
        "benchmarks.latency --rate 10",
    ),
    Proof(
        "webhooks are stored and acknowledged at once",
        "benchmarks.ingress --rounds 3 --seconds 10 --rate 1000",
        ("chatcrew, committed per s", "ratio to the bare handler", "acknowledged after"),
        "benchmarks.ingress --rate 1000",
    ),
    Proof(
        "a thousand users, every echo on",
        "benchmarks.load --seconds 40 --ramp 10",
        ("answers per s", "webhooks, of them", "CPU s per 1,000 turns"),
        "benchmarks.load",
    ),
    Proof(
        "nothing grows",
        "benchmarks.soak --minutes 1.5 --rate 10",
        ("messages without an answer", "MB of worker", "descriptors of worker", "connections"),
        "benchmarks.soak",
    ),
    Proof(
        "what it costs beside bots that do less",
        "benchmarks.peers --rates 5 --seconds 10",
        ("chatcrew", "aiohttp", "flask", "crewai"),
        "benchmarks.peers",
    ),
    Proof(
        "limits hold before the money is spent",
        "benchmarks.budget --rounds 2 --calls 200",
        ("let through", "counted as spent"),
        "benchmarks.budget",
    ),
    Proof(
        "nothing invented reaches a customer",
        "benchmarks.grounding",
        ("inventions that pass", "right replies refused"),
    ),
    Proof(
        "kept answers are never another question's",
        "benchmarks.answers",
        ("same: served", "wrong answers"),
    ),
    Proof(
        "what identifies people does not leave",
        "benchmarks.privacy",
        ("cpf", "card", "phone", "address"),
    ),
    Proof(
        "no tenant sees another's data",
        _TESTS + "tests/scenario/test_canary.py tests/scenario/test_isolation.py",
        ("passed",),
    ),
    Proof(
        "the same behaviour without Redis, with it, with it dying; 1, 2 and 4 workers",
        _TESTS + "tests/scenario/test_conformance.py",
        ("passed",),
        "benchmarks.conformance",
    ),
    Proof(
        "each threat has a test",
        _TESTS + "tests/security",
        ("passed",),
    ),
    Proof(
        "erased is erased, a backup comes back",
        _TESTS + "tests/scenario/test_erasure.py tests/scenario/test_backup_drill.py",
        ("passed",),
    ),
    Proof(
        "a backup comes back to the row, by command",
        "benchmarks.backup --conversations 500",
        ("business: tables that differ", "house: tables that differ", "house: brought back"),
        "benchmarks.backup",
    ),
    Proof(
        "deployable: linted, drained, migrated both ways, each alert fires",
        _TESTS + "tests/docs/test_deploying.py tests/docs/test_stack.py tests/docs/test_alerts.py "
        "tests/contract/test_database_back.py",
        ("passed",),
    ),
)


@dataclass(frozen=True)
class Seen:
    """What one proof gave."""

    proof: Proof
    figures: tuple[str, ...]
    held: bool
    seconds: float


def main() -> int:
    """Run from the command line; return 1 where a promise did not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--only", default="", help="a word of the promise or the command")
    parser.add_argument(
        "--log", type=Path, default=Path("data/prove.log"), help="all that was said"
    )
    options = parser.parse_args()
    chosen = [one for one in PROOFS if options.only in f"{one.promise} {one.command}"]
    if not chosen:
        parser.error(f"no promise has {options.only!r}")
    options.log.parent.mkdir(parents=True, exist_ok=True)
    seen = []
    with options.log.open("w", encoding="utf-8") as log:
        for number, proof in enumerate(chosen, 1):
            print(f"[{number}/{len(chosen)}] {proof.promise}: {_shown(proof.command)}", flush=True)
            seen.append(_prove(proof, log.write))
            print(f"    {'; '.join(seen[-1].figures)} ({seen[-1].seconds:.0f} s)", flush=True)
    print(f"\n{os.cpu_count()} cores, {sum(one.seconds for one in seen) / 60:.1f} min\n")
    print("\n".join(table(seen)))
    return 0 if all(one.held for one in seen) else 1


def table(seen: Sequence[Seen]) -> Iterator[str]:
    """Yield the lines of the Markdown table: promise, command, figure."""
    yield "| promise | command | figure | |"
    yield "|---|---|---|---|"
    for one in seen:
        figure = "; ".join(one.figures) or "–"
        whole = f"; whole: `{_shown(one.proof.whole)}`" if one.proof.whole else ""
        verdict = "held" if one.held else "**missed**"
        command = f"`{_shown(one.proof.command)}`{whole}"
        yield f"| {one.proof.promise} | {command} | {figure} | {verdict} |"


def figures(output: str, shows: Sequence[str]) -> tuple[str, ...]:
    """Return the lines of a benchmark's output that begin as ``shows`` says, or what passed."""
    found: dict[str, str] = {}
    for line in output.splitlines():
        if passed := _PASSED.match(line):
            found["passed"] = passed["passed"]
        elif (match := _LINE.match(line)) and (
            begins := next((one for one in shows if match["name"].startswith(one)), None)
        ):
            value = _TARGET.sub("", match["value"]).strip()
            found.setdefault(begins, f"{match['name']}: {value}")
    return tuple(found[one] for one in shows if one in found)


def _prove(proof: Proof, log: Callable[[str], object]) -> Seen:
    begun = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-m", *shlex.split(proof.command)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    log(f"\n$ {_shown(proof.command)}\n{run.stdout}")
    told = figures(run.stdout, proof.shows)
    # Whatever says nothing has shown nothing
    held = run.returncode == 0 and len(told) == len(proof.shows)
    return Seen(proof, told, held, time.monotonic() - begun)


def _shown(command: str) -> str:
    """Return the command as somebody would type it."""
    short = re.sub(r"pytest .*?(?=tests/)", "pytest ", command)
    return f"python -m {short}"


if __name__ == "__main__":
    sys.exit(main())
