"""By percentage: each gets a fixed part of the conversations (S3-86)."""

from collections.abc import Mapping, Sequence

from chatcrew.desk._values import Given

_DIGITS = 9
"""Sums of parts are as good as equal where they differ by less."""


def by_share(weights: Mapping[str, float], given: Sequence[Given]) -> str:
    """Return whose turn it is: who has fallen furthest behind his part.

    Counted is only what was given away while one could have been chosen: who comes back from a
    holiday is not flooded with what the others had meanwhile.

    Args:
        weights: part of each unit that is free, above 0; at least one.
        given: what was given before.
    """
    owed = dict.fromkeys(weights, 0.0)
    for one in given:
        there = [unit for unit in one.pool if unit in weights]
        whole = sum(weights[unit] for unit in there)
        for unit in there:
            owed[unit] += weights[unit] / whole
        if one.unit in owed and there:
            owed[one.unit] -= 1
    whole = sum(weights.values())
    return max(weights, key=lambda unit: (round(owed[unit] + weights[unit] / whole, _DIGITS), unit))
