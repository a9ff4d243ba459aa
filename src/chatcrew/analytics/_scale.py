"""The scale of times: where a measured time stands on it, and what percentiles of it are."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from itertools import accumulate

from chatcrew.analytics._measures import Times

_DECADE = (
    *(10, 11, 12, 13, 15, 16, 18, 20, 22, 24, 27, 30),
    *(33, 36, 39, 43, 47, 51, 56, 62, 68, 75, 82, 91),
)

STEPS = (
    *range(1, 10),
    *(ten**power * one for power in range(6) for ten in (10,) for one in _DECADE),
)
"""Milliseconds to which times are rounded up (IEC 60063's series E24): 1 ms to 2 h 31 min.

Up, so that a percentile never promises more than was kept. A step is at most 16 % from the next.
"""

LONGEST = STEPS[-1]


def step(ms: int) -> int:
    """Return the step a time stands on: the smallest that is no shorter, or the longest."""
    return STEPS[min(bisect_left(STEPS, ms), len(STEPS) - 1)] if ms > 0 else 0


def times(counted: Iterable[tuple[int, int]], *, total: int) -> Times:
    """Return count, mean and percentiles.

    Args:
        counted: step and how many times stand on it; a step may come more than once.
        total: milliseconds of all, as they were measured.
    """
    steps: dict[int, int] = {}
    for one, count in counted:
        steps[one] = steps.get(one, 0) + count
    count = sum(steps.values())
    if not count:
        return Times()
    return Times(
        count=count,
        mean=total / count,
        p50=_rank(steps, count, percent=50),
        p95=_rank(steps, count, percent=95),
        p99=_rank(steps, count, percent=99),
    )


def _rank(steps: Mapping[int, int], count: int, *, percent: int) -> int:
    """Return the smallest step that at least ``percent`` of all do not exceed (nearest rank)."""
    needed = -(-count * percent // 100)
    places = sorted(steps)
    reached = accumulate(steps[one] for one in places)
    return next(one for one, so_far in zip(places, reached, strict=True) if so_far >= needed)
