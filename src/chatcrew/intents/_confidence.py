"""How sure a classifier may be: logistic regression on what it saw in rehearsals."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

SIGNS: Final = 7
"""Constant, chance, margin, score, similarity, margin of similarity, share of known terms."""

# Learned on tests/samples/intents; where a tenant's own examples are few, these hold.
_BEFORE: Final = (-2.9, 0.3, 0.6, 0.4, 0.2, 1.6, 2.8)
_TRUST: Final = 20.0
"""How many rehearsed messages move what was known before half-way."""
_MOST: Final = 15
"""As how many rehearsals count at most: examples are more like each other than messages are."""

_LOWEST, _HIGHEST = 0.55, 0.9
_WANTED = 0.95

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Confidence:
    """The chance that the best intent is right, and from which chance on it is told.

    Attributes:
        factors: one per sign.
        reject: below it the answer is "don't know".
    """

    factors: tuple[float, ...]
    reject: float

    def of(self, signs: Sequence[float]) -> float:
        """Return the chance (0..1) that a guess with these ``signs`` is right."""
        odds = sum(factor * sign for factor, sign in zip(self.factors, signs, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def rehearsed(signs: Doubles, right: Doubles, weight: Doubles) -> Confidence:
    """Return what the rehearsed guesses teach.

    Args:
        signs: a row per guess.
        right: 1 where the guess was right, else 0 (also for every message out of scope).
        weight: how much each guess counts.
    """
    before = np.asarray(_BEFORE)
    factors = before.copy()
    if not len(signs):
        return Confidence(_BEFORE, 0.6)
    weight = weight * min(1.0, _MOST / float(weight.sum()))
    scale = np.maximum(np.sqrt((signs**2).mean(axis=0)), 1e-3)
    hold = np.diag(_TRUST * scale**2 / 4)
    for _ in range(15):
        chance = _chance(signs @ factors)
        slope = signs.T @ (weight * (right - chance)) - hold @ (factors - before)
        bend = (signs * (weight * chance * (1 - chance))[:, None]).T @ signs + hold
        step = np.linalg.solve(bend, slope)
        factors += step * min(1.0, 4.0 / float(np.abs(step).max() + 1e-9))
    chance = _chance(signs @ factors)
    return Confidence(
        tuple(float(one) for one in factors),
        _threshold(chance, right, weight),
    )


def _chance(odds: Doubles) -> Doubles:
    chances: Doubles = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    return chances


def _threshold(chance: Doubles, right: Doubles, weight: Doubles) -> float:
    """Return the lowest chance from which on at least ``_WANTED`` of the guesses were right."""
    order = np.argsort(-chance, kind="stable")
    precision = np.cumsum((right * weight)[order]) / np.cumsum(weight[order])
    good = np.flatnonzero(precision >= _WANTED)
    lowest = float(chance[order][good[-1]]) if len(good) else _HIGHEST
    return min(max(lowest, _LOWEST), _HIGHEST)
