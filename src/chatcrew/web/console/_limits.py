"""The page of limits: what is used, what is left, where the month will end (S3-112, S3-113)."""

from collections.abc import Sequence
from itertools import groupby

from aiohttp import web

from chatcrew.budgets import Budgets, LimitState
from chatcrew.web.console._asking import Asked, Page, Shown
from chatcrew.web.console._sheets import Column, Sheet, file_of
from chatcrew.web.console._words_limits import WORDS

COLUMNS = (
    *("tenant", "scope", "kind", "span", "currency", "most", "used", "reserved", "left"),
    *("share", "forecast", "refused", "since", "until"),
)
"""Of its file: money in its currency; ``used`` is empty where this process cannot see it."""

NEAR = 0.8
"""Share of a limit from which on it is shown as nearly used up."""


class LimitsPage:
    """Limits as they stand.

    Args:
        budgets: counts them.
    """

    def __init__(self, budgets: Budgets) -> None:
        self._budgets = budgets

    def page(self) -> Page:
        """Return the page."""
        return Page(
            "limits",
            group="businesses",
            icon="gauge",
            show=self.show,
            words=WORDS,
            detail=self.file,
            filters=("tenant",),
        )

    async def show(self, asked: Asked) -> Shown:
        """Return every limit by tenant, the fullest tenants first."""
        found = await self._budgets.state(asked.filters.tenants)
        ordered = sorted(found, key=lambda one: one.tenant)
        tenants = [(key, list(rows)) for key, rows in groupby(ordered, lambda one: one.tenant)]
        tenants.sort(key=lambda one: (-_fullest(one[1]), one[0]))
        return Shown(
            "limits.html",
            {
                "tenants": tenants,
                "sheet": _sheet(found),
                "full": sum((one.share or 0.0) >= 1.0 for one in found),
                "near": sum(NEAR <= (one.share or 0.0) < 1.0 for one in found),
                "refused": sum(one.refused for one in found),
                "near_at": NEAR,
            },
        )

    async def file(self, asked: Asked) -> web.StreamResponse:
        """Return every limit as a file."""
        return file_of(asked, [_sheet(await self._budgets.state(asked.filters.tenants))])


def _sheet(found: Sequence[LimitState]) -> Sheet:
    rows = tuple(tuple(getattr(one, key) for key in COLUMNS) for one in found)
    return Sheet("limits", tuple(map(Column, COLUMNS)), rows)


def _fullest(rows: Sequence[LimitState]) -> float:
    return max((one.share or 0.0 for one in rows), default=0.0)
