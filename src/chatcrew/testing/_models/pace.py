"""How slow and how unreliable a model of ``FakeModelServer`` is, drawn from a seed."""

import math
import random
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

_Z99 = NormalDist().inv_cdf(0.99)


@dataclass(frozen=True, slots=True)
class ModelPace:
    """How one model behaves.

    Attributes:
        p50: median seconds of a whole answer; the times are log-normal.
        p99: 99th percentile of them; as much as ``p50``, every answer takes exactly that.
        errors: share of requests answered 500, when the first word would have come.
        hangs: share of requests that are never answered.
        tools: share of first requests (tools offered, no result yet) answered by one tool call.
        first_word: share of the time after which a streamed answer begins; the rest comes evenly.

    Raises:
        ValueError: no such pace can be.
    """

    p50: float = 0.0
    p99: float = 0.0
    errors: float = 0.0
    hangs: float = 0.0
    tools: float = 0.0
    first_word: float = 0.4

    def __post_init__(self) -> None:
        if not 0 <= self.p50 <= self.p99 or (self.p99 > 0 and not self.p50):
            raise ValueError(f"no distribution has p50 {self.p50!r} and p99 {self.p99!r}")
        shares = (self.errors, self.hangs, self.tools, self.first_word, self.errors + self.hangs)
        if not all(0 <= share <= 1 for share in shares):
            raise ValueError("a share lies between 0 and 1, that of errors and hangs together too")

    def seconds(self, normal: float) -> float:
        """Return the time that a draw from the standard normal distribution stands for."""
        if not self.p50:
            return 0.0
        return self.p50 * math.exp(math.log(self.p99 / self.p50) / _Z99 * normal)


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one request.

    Attributes:
        end: ``answer``, ``error`` or ``hang``.
        seconds: until the whole answer.
        first_word: seconds until it begins.
        tool: it is a tool call, if one is possible.
    """

    end: Literal["answer", "error", "hang"]
    seconds: float = 0.0
    first_word: float = 0.0
    tool: bool = False


class Fates:
    """The fates of one model's requests, one after the other; the same seed gives the same ones.

    Args:
        pace: how the model behaves; may be exchanged at any time, without shifting the draws.
        seed: of the draws.
    """

    def __init__(self, pace: ModelPace, *, seed: str) -> None:
        self.pace = pace
        self._random = random.Random(seed)  # noqa: S311 - repeatable, no secret

    def draw(self) -> Fate:
        """Return what becomes of the next request."""
        luck, normal, tool = self._random.random(), self._random.gauss(), self._random.random()
        pace = self.pace
        seconds = pace.seconds(normal)
        first = seconds * pace.first_word
        if luck < pace.errors:
            return Fate("error", first, first)
        if luck < pace.errors + pace.hangs:
            return Fate("hang")
        return Fate("answer", seconds, first, tool < pace.tools)


@dataclass(slots=True)
class ModelTally:
    """What became of one model's requests.

    Attributes:
        answered: to the last word.
        failed: with an error, or a cut connection.
        hung: never; whether or not the client waited.
        left: by the client before the last word, those that hung among them.
    """

    answered: int = 0
    failed: int = 0
    hung: int = 0
    left: int = 0
