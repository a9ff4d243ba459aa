"""By performance: who does better gets more, and nobody gets nothing (S3-85)."""

from collections.abc import Mapping, Sequence
from statistics import median

from chatcrew.desk._methods.share import by_share
from chatcrew.desk._values import Given, Score

_KNOWN = 5
"""Ratings that count beside somebody's own, with the usual content: one bad day is no verdict."""
_USUAL = 0.8
_FASTEST, _SLOWEST = 1.5, 2 / 3
"""Bounds of what being quick makes of a part."""


def by_performance(
    units: Mapping[str, int], scores: Mapping[int, Score], given: Sequence[Given]
) -> str:
    """Return whose turn it is, by parts that follow content customers and quick first words.

    Args:
        units: person's id by unit; at least one.
        scores: how each did.
        given: what was given before.
    """
    return by_share(weights(units, scores), given)


def weights(units: Mapping[str, int], scores: Mapping[int, Score]) -> dict[str, float]:
    """Return everybody's part: content by speed, within bounds."""
    words = [score.first_word for score in scores.values() if score.first_word is not None]
    usual = median(words) if words else None
    return {
        unit: _content(scores.get(agent, Score())) * _quick(scores.get(agent, Score()), usual)
        for unit, agent in units.items()
    }


def _content(score: Score) -> float:
    return (score.content + _USUAL * _KNOWN) / (score.rated + _KNOWN)


def _quick(score: Score, usual: float | None) -> float:
    if usual is None or score.first_word is None:
        return 1.0
    # a minute on both sides: ten seconds against five is no difference to a customer
    return min(_FASTEST, max(_SLOWEST, (usual + 60) / (score.first_word + 60)))
