"""What a run of chaos came to, as it is counted while it is played."""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks._chaos_script import Step
from benchmarks._chaos_trial import Trial, Violation


@dataclass
class Played:
    """What a run came to.

    Attributes:
        fired: steps whose blow fell.
        missed: those whose blow did not fall, each with the reason.
        struck: other blows, by kind.
        found: violations with the steps that were under way.
        known: what was said twice, or after a person, behind the fence, as documented.
        spent: seconds by what they were spent on.
        slowest: seconds until a blow fell, with its step.
        settling: seconds in which everything ended, each round.
        lag: the longest that the machine kept this process from running.
        seconds: the run took.
    """

    fired: list[Step] = field(default_factory=list)
    missed: list[tuple[Step, str]] = field(default_factory=list)
    struck: list[Step] = field(default_factory=list)
    trial: Trial = field(default_factory=Trial)
    found: list[tuple[Violation, list[Step]]] = field(default_factory=list)
    known: list[Violation] = field(default_factory=list)
    spent: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    slowest: list[tuple[float, Step]] = field(default_factory=list)
    settling: list[float] = field(default_factory=list)
    lag: float = 0.0
    seconds: float = 0.0

    @contextmanager
    def spending(self, what: str) -> Iterator[None]:
        """Count the seconds inside to something."""
        begun = time.monotonic()
        try:
            yield
        finally:
            self.spent[what] += time.monotonic() - begun
