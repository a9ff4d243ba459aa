"""The page that compares: versions, functions, crews, channels, businesses (S3-92, S3-117)."""

from chatcrew.analytics import COHORTS, Cohort, Figures
from chatcrew.web.console._asking import Asked, Page
from chatcrew.web.console._cells import Cell
from chatcrew.web.console._figures_page import Content, figures_page
from chatcrew.web.console._sheets import Column, Sheet, scope_of
from chatcrew.web.console._words_compare import WORDS

BY = tuple(one for one in COHORTS if one != "variant")
"""What this page compares; variants of an experiment have a page of their own."""

_KINDS = {"function": "function", "tenant": "tenant", "channel": "channel", "crew": "channel"}

FIGURES = (
    Column("attended"),
    Column("containment", "share"),
    Column("escalation", "share"),
    Column("durability", "share"),
    Column("depth", "score"),
    Column("mean_ms", "ms"),
    Column("stars", "score"),
    Column("ratings"),
    Column("usd", "money"),
    Column("usd_each", "money"),
)
"""What sessions are compared by."""


class ComparePage:
    """Sessions beside each other, by what they have in common.

    Args:
        figures: everything that is counted.
    """

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def page(self) -> Page:
        """Return the page."""
        return figures_page(
            "compare",
            self.read,
            icon="chart",
            words=WORDS,
            template="compare.html",
            keeps=("by",),
        )

    async def read(self, asked: Asked) -> Content:
        """Return the sessions divided by what was chosen."""
        by = asked.query.get("by", "")
        by = by if by in BY else BY[0]
        found = await self._figures.cohorts(scope_of(asked), by=by)
        sheet = Sheet(
            "cohorts",
            (Column(by, _KINDS.get(by, "text")), *FIGURES),
            tuple((one.name, *compared(one)) for one in found),
            bar="attended",
            asks={"by": by},
        )
        return Content([], [[sheet]], empty=not found, more={"by": by, "choices": BY})


def compared(one: Cohort) -> tuple[Cell, ...]:
    """Return the cells of ``FIGURES``."""
    ended, rated, usd = one.outcomes, one.satisfaction, one.spend.known_usd
    shares = (ended.containment, ended.escalation, ended.durability, ended.depth)
    each = usd / ended.attended if ended.attended and usd is not None else None
    return (ended.attended, *shares, one.answer.ms, rated.mean, rated.count, usd, each)
