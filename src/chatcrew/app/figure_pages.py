"""Wires the console's pages of figures over our records."""

from collections.abc import Callable

from chatcrew.analytics import Figures
from chatcrew.app.figures import open_figures
from chatcrew.app.foundation import Foundation
from chatcrew.app.telling import why_over
from chatcrew.tenancy.model import Exchange
from chatcrew.web.console import OverviewPage, Page


def figure_pages(base: Foundation) -> list[Page]:
    """Return the pages of what the bot brought and cost, for a process with its foundation."""
    figures = open_figures(base.database, why=why_over(base), clock=base.clock)
    return pages_over(figures, exchange=lambda: base.directory.current.models.exchange)


def pages_over(figures: Figures, *, exchange: Callable[[], Exchange | None]) -> list[Page]:
    """Return the same pages over any figures.

    Args:
        figures: everything that is counted.
        exchange: what a dollar is now, or None.
    """
    return [
        OverviewPage(figures, exchange=exchange).page(),
    ]
