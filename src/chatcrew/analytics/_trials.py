"""Two variants compared: shares with their uncertainty, and what may be concluded (S2-41)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import sqrt

from chatcrew.analytics._lists import Cohort

Z95 = 1.959963984540054
"""Of a two-sided interval that holds the true value in 95 of 100 cases."""

ENOUGH = 30
"""Ended sessions of each variant below which nothing is concluded."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share with the interval in which the true one lies, with 95 % confidence.

    Attributes:
        hits: of ``count``.
        count: of how many.
        low: lower end, 0 to 1 (Wilson's score interval); 0 where nothing was counted.
        high: upper end; 1 where nothing was counted.
    """

    hits: int
    count: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """0 to 1; None where nothing was counted."""
        return self.hits / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class Difference:
    """How far ``b`` is from ``a``.

    Attributes:
        value: share of ``b`` less that of ``a``, -1 to 1; None where one of them has nothing.
        low: lower end of the 95 % interval (Newcombe's hybrid score).
        high: upper end.
        verdict: ``not_enough_data``, ``no_difference`` (the interval holds 0: none was shown, which
            is not that there is none), ``a`` or ``b``: which one is better.
    """

    value: float | None
    low: float
    high: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Trial:
    """One experiment of one business.

    Attributes:
        name: of the experiment.
        arms: the figures of ``a`` and ``b``.
        shares: by measure (``containment``, ``escalation``, ``durability``, ``satisfied``), of
            ``a`` and ``b``.
        differences: by measure.
    """

    name: str
    arms: Mapping[str, Cohort]
    shares: Mapping[str, Mapping[str, Share]] = field(default_factory=dict)
    differences: Mapping[str, Difference] = field(default_factory=dict)


def share(hits: int, count: int) -> Share:
    """Return a share with Wilson's score interval.

    Raises:
        ValueError: there are more hits than there were chances, or fewer than none.
    """
    if not 0 <= hits <= count:
        raise ValueError(f"{hits} of {count} is no share")
    if not count:
        return Share(0, 0, 0.0, 1.0)
    p, z2 = hits / count, Z95 * Z95
    middle = (p + z2 / (2 * count)) / (1 + z2 / count)
    reach = Z95 * sqrt(p * (1 - p) / count + z2 / (4 * count * count)) / (1 + z2 / count)
    low = 0.0 if hits == 0 else max(0.0, middle - reach)
    return Share(hits, count, low, 1.0 if hits == count else min(1.0, middle + reach))


def difference(a: Share, b: Share, *, less_is_better: bool = False) -> Difference:
    """Return how far ``b`` is from ``a``, and whether that shows anything.

    Args:
        a: one share.
        b: the other.
        less_is_better: of what is shared, such as sessions given to people.
    """
    if a.value is None or b.value is None:
        return Difference(None, -1.0, 1.0, "not_enough_data")
    value = b.value - a.value
    low = value - sqrt((b.value - b.low) ** 2 + (a.high - a.value) ** 2)
    high = value + sqrt((b.high - b.value) ** 2 + (a.value - a.low) ** 2)
    if min(a.count, b.count) < ENOUGH:
        verdict = "not_enough_data"
    elif low <= 0 <= high:
        verdict = "no_difference"
    else:
        verdict = "b" if (value > 0) is not less_is_better else "a"
    return Difference(value, max(-1.0, low), min(1.0, high), verdict)


def trials(cohorts: Iterable[Cohort]) -> list[Trial]:
    """Return the experiments among cohorts that were divided by ``variant``, by name.

    Sessions count, not customers: one who comes back often counts as often, so that intervals are
    a little narrower than they should be where few customers come back very often.

    Args:
        cohorts: of one business; two businesses may use the same name for different things.
    """
    arms: dict[str, dict[str, Cohort]] = {}
    for one in cohorts:
        name, _, variant = one.name.rpartition("/")
        if name and variant in ("a", "b"):
            arms.setdefault(name, {})[variant] = one
    return [_trial(name, arms[name]) for name in sorted(arms)]


def _trial(name: str, found: Mapping[str, Cohort]) -> Trial:
    arms = {variant: found.get(variant, Cohort(f"{name}/{variant}")) for variant in ("a", "b")}
    measured = {variant: _shares(one) for variant, one in arms.items()}
    shares = {
        measure: {variant: measured[variant][measure] for variant in arms}
        for measure in measured["a"]
    }
    differences = {
        measure: difference(pair["a"], pair["b"], less_is_better=measure == "escalation")
        for measure, pair in shares.items()
    }
    return Trial(name, arms, shares, differences)


def _shares(one: Cohort) -> dict[str, Share]:
    ends, rated = one.outcomes, one.satisfaction
    return {
        "containment": share(ends.contained, ends.ended),
        "escalation": share(ends.handed_off, ends.attended),
        "durability": share(ends.durable, ends.matured),
        "satisfied": share(rated.satisfied, rated.count),
    }
