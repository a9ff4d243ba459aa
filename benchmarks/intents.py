"""How well and how fast customer messages are told apart without a model, on any labelled lines.

Run from the repository's root:
``python -m benchmarks.intents --train T.jsonl --test V.jsonl`` (each line ``{"text", "intent"}``;
intent ``oos`` is out of scope), or ``python -m benchmarks.intents --sample portuguese``.
"""

import argparse
import gc
import json
import os
import resource
import runpy
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a file, not as a module

from benchmarks._figures import Report, percentile
from chatcrew.intents import Classifier, Guess, Lesson

OOS = "oos"
COVERAGES = (0.2, 0.4, 0.6, 0.8)
REJECTS = (0.2, 0.3, 0.4, 0.5)
SAMPLES = Path(__file__).parents[1] / "tests" / "samples" / "intents" / "generate.py"
_WANTED_P95 = 0.005
_WANTED_TRAINING = 10.0

Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """A test line and what was made of it."""

    intent: str
    guess: Guess
    seconds: float

    @property
    def right(self) -> bool:
        """Whether the nearest intent is the right one; never out of scope."""
        return self.guess.best == self.intent

    @property
    def outside(self) -> bool:
        """Whether the line is out of scope."""
        return self.intent == OOS


def read(path: Path) -> list[Line]:
    """Return the labelled lines of a JSONL file.

    Raises:
        SystemExit: a line is not ``{"text": …, "intent": …}``.
    """
    lines: list[Line] = []
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not row.strip():
            continue
        try:
            found = json.loads(row)
            lines.append((str(found["text"]), str(found["intent"])))
        except (ValueError, KeyError, TypeError):
            sys.exit(f'{path}:{number}: not a line of the form {{"text": …, "intent": …}}')
    return lines


def trained(lines: Sequence[Line]) -> Classifier:
    """Return a classifier of labelled lines; those out of scope are told as such."""
    examples: dict[str, list[str]] = {}
    for text, intent in lines:
        examples.setdefault(intent, []).append(text)
    aside = examples.pop(OOS, [])
    lessons = [Lesson(intent, tuple(texts)) for intent, texts in examples.items()]
    return Classifier.train(lessons, aside=aside)


def asked(classifier: Classifier, lines: Sequence[Line]) -> list[Told]:
    """Ask every line once and take the time."""
    rows: list[Told] = []
    for text, intent in lines:
        began = time.perf_counter()
        guess = classifier.classify(text)
        rows.append(Told(intent, guess, time.perf_counter() - began))
    return rows


def precision_at(rows: Sequence[Told], coverage: float) -> float:
    """Return how many of the most confident share of ``rows`` are right."""
    ranked = sorted(rows, key=lambda row: -row.guess.confidence)
    chosen = ranked[: max(1, round(len(ranked) * coverage))]
    return statistics.fmean(row.right for row in chosen)


def accuracy(rows: Sequence[Told], *, reject: float | None) -> float:
    """Return how many rows are right; below ``reject`` the answer is "out of scope".

    None forces an answer for each.
    """
    if reject is None:
        return statistics.fmean(row.right for row in rows)
    return statistics.fmean(
        (row.guess.best if row.guess.confidence >= reject else OOS) == row.intent for row in rows
    )


def show(report: Report, classifier: Classifier, rows: Sequence[Told]) -> None:
    """Print what the rows say."""
    inside = [row for row in rows if not row.outside]
    outside = [row for row in rows if row.outside]
    told = [row for row in rows if row.guess.intent is not None]
    own = classifier.reject
    report.title(f"Quality: {len(inside)} lines in scope, {len(outside)} out of scope")
    if inside:
        report.line("accuracy without oos, answer forced", f"{accuracy(inside, reject=None):.4f}")
        report.line(
            f"accuracy without oos, from confidence {own:.2f} on",
            f"{accuracy(inside, reject=own):.4f}",
        )
    report.line(
        f"accuracy with oos, from confidence {own:.2f} on", f"{accuracy(rows, reject=own):.4f}"
    )
    shown = ", ".join(f"{at}: {accuracy(rows, reject=at):.4f}" for at in REJECTS)
    report.line("accuracy with oos, by where refusing begins", shown)
    if told:
        right = statistics.fmean(row.right for row in told)
        share = len(told) / len(rows)
        report.line("precision of what is told", f"{right:.4f} of {share:.1%} of the lines")
    if outside:
        refused = statistics.fmean(row.guess.intent is None for row in outside)
        shares = (
            (at, statistics.fmean(row.guess.confidence < at for row in outside)) for at in REJECTS
        )
        shown = ", ".join(f"{at}: {share:.4f}" for at, share in shares)
        report.line("out of scope refused", f"{refused:.4f}")
        report.line("out of scope refused, by where it begins", shown)
    for name, chosen in (("all lines", rows), ("lines in scope", inside)):
        if chosen and (outside or chosen is rows):
            shown = ", ".join(f"{at}: {precision_at(chosen, at):.4f}" for at in COVERAGES)
            report.line(f"precision at coverage, {name}", shown)


def memory() -> float:
    """Return the memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def lines_of(options: argparse.Namespace) -> tuple[list[Line], list[Line]]:
    """Return training and test lines as the options say."""
    if options.train and options.test:
        return read(options.train), read(options.test)
    made = runpy.run_path(str(SAMPLES))
    if options.sample == "many":
        lines = list(made["many"](each=130))
        return [one for at, one in enumerate(lines) if at % 130 < 100], [
            one for at, one in enumerate(lines) if at % 130 >= 100
        ]
    return made["drawn"](options.sample, each=100), made["by_hand"](options.sample)


def main() -> int:
    """Train, ask, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, help="JSONL of examples")
    parser.add_argument("--test", type=Path, help="JSONL of messages")
    parser.add_argument(
        "--sample",
        choices=("english", "portuguese", "many"),
        default="portuguese",
        help="our own lines instead: patterns to learn from, lines written by hand to be asked",
    )
    options = parser.parse_args()
    if (options.train is None) != (options.test is None):
        parser.error("--train and --test go together")
    train, test = lines_of(options)
    if not train or not test:
        parser.error("there is nothing to learn or nothing to ask")
    report = Report()
    trained([("warm", "a"), ("up", "b")])  # numpy and the stemmers are loaded once per process
    gc.collect()
    before = memory()
    began, cpu = time.perf_counter(), time.process_time()
    classifier = trained(train)
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    gc.collect()
    intents = len({intent for _, intent in train} - {OOS})
    report.title(f"Training: {len(train)} examples of {intents} intents")
    report.target(
        "training",
        f"{took:.2f} s ({cpu:.2f} s of CPU)",
        met=cpu < _WANTED_TRAINING,
        wanted=f"< {_WANTED_TRAINING:.0f} s of one core",
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report.line("memory kept / peak of the process", f"{memory() - before:.0f} MB / {peak:.0f} MB")
    rows = asked(classifier, test)
    show(report, classifier, rows)
    report.title("Time per message")
    times = [row.seconds for row in rows]
    p95 = percentile(times, 0.95)
    report.target(
        "p50 / p95",
        f"{percentile(times, 0.5) * 1e3:.3f} / {p95 * 1e3:.3f} ms",
        met=p95 < _WANTED_P95,
        wanted=f"p95 < {_WANTED_P95 * 1e3:.0f} ms",
    )
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
