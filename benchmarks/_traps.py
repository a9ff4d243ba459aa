"""Pairs of questions: some ask the same in other words, most only seem to."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"
TUNED = DATA / "answers_ptbr.tsv"
"""The rules were made with these before the eyes."""
HELD = DATA / "answers_held_ptbr.tsv"
"""Written once the rules stood."""
SAME = "same"


@dataclass(frozen=True, slots=True)
class Pair:
    """What one customer asked and the next one asks; every kind but ``same`` is a trap."""

    kind: str
    first: str
    second: str

    @property
    def trap(self) -> bool:
        """Whether the answer to one is wrong for the other."""
        return self.kind != SAME


def pairs(path: Path) -> Iterator[Pair]:
    """Yield the pairs of a file."""
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield Pair(*line.split("\t"))
