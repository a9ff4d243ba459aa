"""How long people will take, told from how long they took before; pure.

Waits that nobody ended by an answer (resolved unanswered, given back, still standing) are not left
out, or a team that answers only the quick ones would look quick: they count as "at least so long"
(the product-limit estimate of Kaplan and Meier, 1958).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chatcrew.messages import Promise

FEWEST = 20
"""Answered waits below which no figure is told: with fewer, p90 is the longest of a handful."""

_BLOCK = 3
_SATURDAY = 5
_SOONEST, _LIKELY, _AT_MOST = 0.1, 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Sample:
    """One wait of the past.

    Attributes:
        at: when it began, in the tenant's own time zone.
        team_id: Chatwoot's team that owed the answer, or None.
        waited: seconds of time at work.
        answered: a person's word ended it; else it lasted at least that long.
    """

    at: datetime
    team_id: int | None
    waited: float
    answered: bool


def promise_of(samples: Sequence[Sample], *, team_id: int | None, at: datetime) -> Promise | None:
    """Return what may be promised to who begins to wait at ``at``, or None: too little is known.

    The team's own waits of the same part of the week come first, then all of the team's, then the
    whole business's of that part of the week, then all there are. The first of them that has
    ``FEWEST`` answered waits decides.

    Args:
        samples: waits of one tenant.
        team_id: who will owe the answer.
        at: now, in the tenant's own time zone.
    """
    part = part_of_week(at)
    own = [one for one in samples if one.team_id == team_id]
    for group in (
        [one for one in own if part_of_week(one.at) == part],
        own,
        [one for one in samples if part_of_week(one.at) == part],
        samples,
    ):
        if sum(one.answered for one in group) >= FEWEST:
            return _promise(group)
    return None


def part_of_week(at: datetime) -> tuple[bool, int]:
    """Return weekend or not, and the three hours of the day that a moment falls into."""
    return at.weekday() >= _SATURDAY, at.hour // _BLOCK


def _promise(samples: Sequence[Sample]) -> Promise | None:
    """Return the percentiles; None where too many were never answered to tell the last."""
    curve = _answered_by(samples)
    soonest, likely = _below(curve, _SOONEST), _at(curve, _LIKELY)
    at_most = _at(curve, _at_most_of(len(samples)))
    if likely is None or at_most is None:
        return None
    return Promise(soonest, likely, at_most)


def _at_most_of(count: int) -> float:
    """Return the share whose bound holds for the next one: of 20 known waits the 19th longest."""
    return min(1.0, math.ceil((count + 1) * _AT_MOST) / count)


def _answered_by(samples: Sequence[Sample]) -> list[tuple[float, float]]:
    """Return (seconds, share answered by then), growing in both."""
    waiting, left = len(samples), 1.0
    curve: list[tuple[float, float]] = []
    # At the same second answers come first: who is not answered then was still waiting
    for one in sorted(samples, key=lambda one: (one.waited, not one.answered)):
        if one.answered:
            left *= 1 - 1 / waiting
            curve.append((one.waited, 1 - left))
        waiting -= 1
    return curve


def _at(curve: Sequence[tuple[float, float]], share: float) -> float | None:
    return next((seconds for seconds, answered in curve if answered >= share - 1e-9), None)


def _below(curve: Sequence[tuple[float, float]], share: float) -> float:
    """Return the longest wait that at most this share was done with, 0 where there is none."""
    return max((seconds for seconds, answered in curve if answered <= share + 1e-9), default=0.0)
