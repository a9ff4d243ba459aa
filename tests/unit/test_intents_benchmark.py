"""The figures of benchmarks/intents.py mean what they say."""

import json
import runpy
import sys
import time
from pathlib import Path

import pytest

from chatcrew.intents import Guess

sys.path.append(str(Path(__file__).parents[2]))  # pytest, unlike python -m pytest, leaves it out
from benchmarks import intents as benchmark

ROOT = Path(__file__).parents[2]


def told(intent: str, best: str, confidence: float, *, refused: bool = False) -> benchmark.Told:
    """Return a line and its guess."""
    return benchmark.Told(intent, Guess(None if refused else best, confidence, best), seconds=0.001)


ROWS = [
    told("a", "a", 0.9),
    told("b", "b", 0.8),
    told("a", "b", 0.7),
    told("oos", "a", 0.6),
    told("b", "b", 0.3, refused=True),
    told("oos", "b", 0.2, refused=True),
]


def test_accuracy_counts_refusals_of_what_is_out_of_scope_as_right() -> None:
    """And of what is in scope as wrong."""
    inside = [row for row in ROWS if not row.outside]

    assert benchmark.accuracy(inside, reject=None) == pytest.approx(3 / 4)
    assert benchmark.accuracy(inside, reject=0.5) == pytest.approx(2 / 4)
    assert benchmark.accuracy(ROWS, reject=0.5) == pytest.approx(3 / 6)
    assert benchmark.accuracy(ROWS, reject=0.65) == pytest.approx(4 / 6)


def test_precision_at_coverage_looks_at_the_most_confident() -> None:
    """A line out of scope that is told is wrong."""
    assert benchmark.precision_at(ROWS, 0.33) == 1.0
    assert benchmark.precision_at(ROWS, 0.5) == pytest.approx(2 / 3)
    assert benchmark.precision_at(ROWS, 1.0) == pytest.approx(3 / 6)


def test_a_broken_line_is_told_with_its_number(tmp_path: Path) -> None:
    """Files of others are read line by line."""
    good = {"text": "oi", "intent": "greeting"}
    path = tmp_path / "lines.jsonl"
    path.write_text(json.dumps(good) + "\n\n" + json.dumps(good), encoding="utf-8")
    assert benchmark.read(path) == [("oi", "greeting")] * 2

    path.write_text(json.dumps(good) + '\n{"text": "oi"}\n', encoding="utf-8")
    with pytest.raises(SystemExit, match=r"lines.jsonl:2"):
        benchmark.read(path)


def test_a_message_is_told_apart_from_150_intents_within_5_ms() -> None:
    """Of this thread's own time, whatever else the machine does (issue 4, Figures)."""
    made = runpy.run_path(str(ROOT / "tests" / "samples" / "intents" / "generate.py"))
    lines = list(made["many"](each=25))
    train = [one for at, one in enumerate(lines) if at % 25 < 20]
    test = [one for at, one in enumerate(lines) if at % 25 >= 20]
    classifier = benchmark.trained(train)
    times = []
    right = 0
    for text, intent in test:
        began = time.thread_time()
        right += classifier.classify(text).best == intent
        times.append(time.thread_time() - began)

    assert sorted(times)[int(len(times) * 0.95)] < 0.005
    assert right / len(test) > 0.95
