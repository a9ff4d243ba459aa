"""A simulated month: what it says follows from its seed alone, and every promise is kept (N12)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks._figures import Report
from benchmarks._month import live
from benchmarks._month_report import tell
from benchmarks._world import setting
from benchmarks.month import EACH

from chatcrew.messages import DebtEnd

ROOT = Path(__file__).parents[2]


def test_a_month_is_the_same_to_the_byte_in_every_process(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Neither hashes, nor addresses, nor this machine's clock have a part in it (N12)."""
    lived = live(setting(), seed=3, days=1, per_hour=300 / EACH)
    capsys.readouterr()
    report = Report()
    tell(report, lived, days=1)
    mine = capsys.readouterr().out

    other = subprocess.run(
        [sys.executable, "-m", "benchmarks.month", "--seed=3", "--days=1", "--messages=300"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert other.stdout == mine, other.stderr
    assert report.missed == []
    assert lived.seen.messages.keys() == {"customers", "bot", "people", "notes"}
    assert lived.books.calls > 0
    assert lived.seen.served.total() == lived.seen.handed > 0
    assert {one.ending for one in lived.debts} == {DebtEnd.ANSWERED}, "nobody is forgotten"
