"""How true the promises were: the share of waits that ended inside what was told; pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from chatcrew.messages import Debt


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
