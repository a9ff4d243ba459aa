"""The page of questions that nothing answered: what is worth writing down next (S3-92)."""

from aiohttp import web

from chatcrew.analytics import Figures, GapFigures
from chatcrew.web.console._asking import Asked, Missing, Page, Shown
from chatcrew.web.console._cells import Cell
from chatcrew.web.console._sheets import Column, Sheet, scope_of
from chatcrew.web.console._streams import given
from chatcrew.web.console._words_gaps import WORDS

SHOWN = 100
_COLUMNS = (
    Column("question", "text"),
    Column("tenant", "tenant"),
    Column("asked"),
    Column("first_at", "at"),
    Column("last_at", "at"),
)


class GapsPage:
    """Questions without an answer.

    Args:
        figures: everything that is counted.
    """

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def page(self) -> Page:
        """Return the page."""
        return Page(
            "gaps", group="figures", icon="gap", show=self.show, words=WORDS, detail=self.file
        )

    async def show(self, asked: Asked) -> Shown:
        """Return one page of them, the most frequent first."""
        after = asked.query.get("after") or None
        try:
            found = await self._figures.gaps(scope_of(asked), after=after, limit=SHOWN)
        except ValueError as error:
            raise Missing from error
        sheet = Sheet("gaps", _COLUMNS, tuple(map(_cells, found.items)), bar="asked")
        rows = [[sheet]] if found.items else []
        return Shown(
            "gaps.html",
            {
                "rows": rows,
                "tiles_shown": [],
                "summary": None,
                "nothing": not found.items,
                "next": found.next,
            },
        )

    async def file(self, asked: Asked) -> web.StreamResponse:
        """Return all of them as a file."""

        async def page(after: str | None) -> tuple[list[dict[str, object]], str | None]:
            found = await self._figures.gaps(scope_of(asked), after=after, limit=SHOWN)
            keys = [one.key for one in _COLUMNS]
            return [dict(zip(keys, _cells(one), strict=True)) for one in found.items], found.next

        return await given(asked, "gaps", page, columns=[one.key for one in _COLUMNS])


def _cells(one: GapFigures) -> tuple[Cell, ...]:
    return (one.question, one.tenant, one.count, one.first_at, one.last_at)
