"""How true the promises were, and how much was finished in time; pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from chatcrew.messages import Debt, DebtEnd


@dataclass(frozen=True, slots=True)
class Calibration:
    """What became of the promises of one team or of all.

    Attributes:
        promises: how many were made whose end is known, or that already lasted too long.
        within: share that ended between the soonest and the longest told; 0.8 is right.
        by_likely: share that ended no later than the likely one; 0.5 is right.
        by_at_most: share that ended no later than the longest told; 0.9 is right.
    """

    promises: int
    within: float
    by_likely: float
    by_at_most: float


def calibration_of(waits: Iterable[tuple[Debt, float]]) -> Calibration | None:
    """Return how true the promises were, None where nothing can be told yet.

    Waits that go on count once they are longer than what was told, or those that come late
    would be missing for as long as they are late. Those that ended without an answer count
    likewise: before the longest told nobody knows how they would have gone on.

    Args:
        waits: each debt with the seconds it has lasted or lasted.
    """
    made, within, likely, most = 0, 0, 0, 0
    for debt, waited in waits:
        told = debt.owed.promise
        answered = debt.ending == "answered"
        if told is None or (not answered and waited <= told.at_most):
            continue
        made += 1
        if answered:
            within += told.soonest <= waited <= told.at_most
            likely += waited <= told.likely
            most += waited <= told.at_most
    if not made:
        return None
    return Calibration(made, within / made, likely / made, most / made)


@dataclass(frozen=True, slots=True)
class Resolution:
    """How many of the conversations that people got they finished in time.

    Attributes:
        within: seconds of time at work that were allowed.
        judged: those that people resolved, and those they have had for longer than that.
        in_time: how many of these were resolved in time.
    """

    within: float
    judged: int
    in_time: int


def resolution_of(waits: Iterable[tuple[Debt, float]], *, within: float) -> Resolution:
    """Return how many conversations were resolved in time.

    Those that went back to the bot, and those that may still be resolved in time, are not judged.

    Args:
        waits: each debt of a resolution with the seconds it has lasted or lasted.
        within: seconds of time at work that are allowed.
    """
    judged, in_time = 0, 0
    for debt, waited in waits:
        if debt.ending is DebtEnd.RETURNED or (debt.ending is None and waited <= within):
            continue
        judged += 1
        in_time += waited <= within
    return Resolution(within, judged, in_time)
