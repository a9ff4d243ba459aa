"""Wires the console's pages of figures over our records."""

from collections.abc import Callable

from chatcrew.analytics import Figures
from chatcrew.app.figures import open_figures
from chatcrew.app.foundation import Foundation
from chatcrew.app.telling import why_over
from chatcrew.budgets import Budgets
from chatcrew.tenancy.model import Exchange
from chatcrew.web.console import (
    ComparePage,
    CostPage,
    ExperimentsPage,
    ExportsPage,
    GapsPage,
    LatencyPage,
    MoodsPage,
    OverviewPage,
    Page,
    TalksPage,
)


def figure_pages(base: Foundation, *, budgets: Budgets) -> list[Page]:
    """Return the pages of what the bot brought and cost.

    Args:
        base: of the process.
        budgets: limits of money.
    """
    figures = open_figures(base.database, why=why_over(base), clock=base.clock)

    return pages_over(
        figures, budgets=budgets, exchange=lambda: base.directory.current.models.exchange
    )


def pages_over(
    figures: Figures, *, budgets: Budgets, exchange: Callable[[], Exchange | None]
) -> list[Page]:
    """Return the same pages over any figures.

    Args:
        figures: everything that is counted.
        budgets: limits of money.
        exchange: what a dollar is now, or None.
    """
    return [
        OverviewPage(figures, exchange=exchange).page(),
        TalksPage(figures).page(),
        CostPage(figures, budgets=budgets, exchange=exchange).page(),
        LatencyPage(figures).page(),
        MoodsPage(figures).page(),
        GapsPage(figures).page(),
        ComparePage(figures).page(),
        ExperimentsPage(figures).page(),
        ExportsPage(figures).page(),
    ]
