"""``scripts/prove``: each promise has a command that exists and a figure it cannot miss."""

import re
import shlex
from pathlib import Path

import pytest
from benchmarks.prove import PROOFS, Proof, Seen, figures, table

ROOT = Path(__file__).parents[2]

REPORT = """
Latency
  machine                                      2 cores, load before 1.2
  last message to answer, p95                  2.77 s   [target <= 3 s: ok]
  all percentiles                              p50 1.8, p95 2.77 s
blows at points     24 (22 different, point and signal)
violations          0
missed: nothing
12 passed, 1 skipped in 3.21s
"""


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.promise)
def test_every_promise_has_a_command_that_exists(proof: Proof) -> None:
    """A program of benchmarks/, or tests that are there; the long form is the same program."""
    module, *words = shlex.split(proof.command)
    if module == "pytest":
        tests = [word for word in words if word.startswith("tests/")]
        assert tests
        assert all((ROOT / path).exists() for path in tests)
    else:
        assert (ROOT / f"{module.replace('.', '/')}.py").exists()
    if proof.whole and module != "pytest":
        assert shlex.split(proof.whole)[0] == module
    assert proof.shows


def test_figures_are_read_from_reports_from_plain_lines_and_from_pytest() -> None:
    """By how they begin, without what was asked of them; in the order of the promise."""
    shows = ("violations", "last message to answer", "passed", "blows")

    assert figures(REPORT, shows) == (
        "violations: 0",
        "last message to answer, p95: 2.77 s",
        "12 passed, 1 skipped",
        "blows at points: 24 (22 different, point and signal)",
    )
    assert figures("nothing of the kind", shows) == ()


def test_what_says_nothing_has_not_held() -> None:
    """The table tells it apart."""
    proof = Proof("a", "benchmarks.answers", ("x",), "benchmarks.answers --all")
    held, missed = list(table([Seen(proof, ("x: 1",), True, 1.0), Seen(proof, (), False, 1.0)]))[2:]

    assert held.endswith("| x: 1 | held |")
    assert missed.endswith("| – | **missed** |")
    assert "`python -m benchmarks.answers --all`" in held


@pytest.mark.parametrize(
    ("page", "heading"), [("README.md", "Proof"), ("README.pt-BR.md", "Prova")]
)
def test_the_readme_shows_what_was_seen_for_each(page: str, heading: str) -> None:
    """A row for each promise, with its command."""
    said = (ROOT / page).read_text("utf-8")
    section = said.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (?!---|promise|promessa)(.*) \|$", section, re.MULTILINE)
    commands = [re.findall(r"`python -m ([^`]*)`", row)[0] for row in rows]

    assert commands == [re.sub(r"pytest .*?(?=tests/)", "pytest ", one.command) for one in PROOFS]
