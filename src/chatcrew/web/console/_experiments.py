"""The page of experiments: two variants of a persona, and whether they really differ (S3-93)."""

import math

from chatcrew.analytics import Cohort, Figures
from chatcrew.web.console._asking import Asked, Page
from chatcrew.web.console._compare import FIGURES, compared
from chatcrew.web.console._figures_page import Content, figures_page
from chatcrew.web.console._sheets import Column, Sheet, scope_of
from chatcrew.web.console._words_experiments import WORDS

LEAST = 30
"""Ended sessions of each variant below which nothing is said about a difference."""

_Z = 1.959963984540054
"""Standard deviations between which 95 % of all chance lies."""


class ExperimentsPage:
    """Variants beside each other.

    Args:
        figures: everything that is counted.
    """

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def page(self) -> Page:
        """Return the page."""
        return figures_page(
            "experiments", self.read, icon="flask", words=WORDS, template="experiments.html"
        )

    async def read(self, asked: Asked) -> Content:
        """Return the variants and what can be said about them."""
        cohorts = await self._figures.cohorts(scope_of(asked), by="variant")
        found = sorted((one for one in cohorts if one.name), key=lambda one: one.name)
        bounds = (Column("ended"), Column("low", "share"), Column("high", "share"))
        sheet = Sheet(
            "variants",
            (Column("variant", "text"), *FIGURES[:2], *bounds, *FIGURES[2:]),
            tuple(
                (one.name, *compared(one)[:2], *_bounds(one), *compared(one)[2:]) for one in found
            ),
            bar="containment",
        )
        return Content([], [[sheet]], empty=not found, more={"verdict": verdict(found)})


def interval(part: int, whole: int) -> tuple[float, float] | None:
    """Return between which shares the true one lies with 95 % (Wilson's score interval, 1927)."""
    if not whole:
        return None
    share, square = part / whole, _Z * _Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    spread = math.sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    half = _Z * spread / (1 + square / whole)
    return max(0.0, middle - half), min(1.0, middle + half)


def verdict(found: list[Cohort]) -> str:
    """Return what can be said: ``alone``, ``few``, ``open`` or ``differs``.

    Two variants differ where their intervals of contained sessions do not touch: that is stricter
    than a test of the difference at 5 %, so who looks every day is not fooled as easily.
    """
    if len(found) < 2:
        return "alone"
    if min(one.outcomes.ended for one in found) < LEAST:
        return "few"
    known = (interval(one.outcomes.contained, one.outcomes.ended) for one in found)
    bounds = sorted(one for one in known if one is not None)
    apart = any(one[1] < other[0] for one in bounds for other in bounds)
    return "differs" if apart else "open"


def _bounds(one: Cohort) -> tuple[int, float | None, float | None]:
    ended = one.outcomes.ended
    return (ended, *(interval(one.outcomes.contained, ended) or (None, None)))
