"""The page of experiments: two personas of a business, and whether they really differ (S2-41)."""

from chatcrew.analytics import Figures, Scope, Trial, trials
from chatcrew.web.console._asking import Asked, Page
from chatcrew.web.console._cells import Cell
from chatcrew.web.console._compare import FIGURES, compared
from chatcrew.web.console._figures_page import Content, figures_page
from chatcrew.web.console._sheets import Column, Sheet, scope_of
from chatcrew.web.console._words_experiments import WORDS

_WHICH = (Column("experiment", "text"), Column("tenant", "tenant"))
_VARIANTS = (*_WHICH, Column("variant", "text"), *FIGURES)
_SHARES = tuple(
    Column(f"{variant}{end}", "share") for variant in ("a", "b") for end in ("", "_low", "_high")
)
_DIFFERENCES = (
    *_WHICH,
    Column("measure", "name:measure"),
    Column("verdict", "name:verdict"),
    *_SHARES,
    Column("difference", "points"),
)


class ExperimentsPage:
    """Variants beside each other.

    Args:
        figures: everything that is counted.
    """

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def page(self) -> Page:
        """Return the page."""
        return figures_page("experiments", self.read, icon="flask", words=WORDS)

    async def read(self, asked: Asked) -> Content:
        """Return the variants and what can be said about them."""
        found = await self._trials(scope_of(asked))
        variants = tuple(
            (trial.name, tenant, variant, *compared(one))
            for tenant, trial in found
            for variant, one in trial.arms.items()
        )
        differences = tuple(row for tenant, trial in found for row in _differences(tenant, trial))
        return Content(
            [],
            [
                [Sheet("differences", _DIFFERENCES, differences)],
                [Sheet("variants", _VARIANTS, variants, bar="attended")],
            ],
            empty=not found,
        )

    async def _trials(self, scope: Scope) -> list[tuple[str, Trial]]:
        """Return the experiments of each business: names are its own."""
        if not trials(await self._figures.cohorts(scope, by="variant")):
            return []
        found = []
        for one in await self._figures.tenants(scope):
            mine = Scope(frozenset({one.tenant}), scope.since, scope.until)
            cohorts = await self._figures.cohorts(mine, by="variant")
            found += [(one.tenant, trial) for trial in trials(cohorts)]
        return found


def _differences(tenant: str, trial: Trial) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for measure, shares in trial.shares.items():
        ends: list[Cell] = []
        for variant in ("a", "b"):
            one = shares[variant]
            ends += [one.value, one.low, one.high]
        apart = trial.differences[measure]
        rows.append((trial.name, tenant, measure, apart.verdict, *ends, apart.value))
    return rows
