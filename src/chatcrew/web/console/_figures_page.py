"""What most pages of figures have in common: figures that stand out, sheets, and their files."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from chatcrew.web.console._asking import Asked, Page, Shown
from chatcrew.web.console._sheets import Sheet, Tile, file_of, summary


@dataclass(frozen=True, slots=True)
class Content:
    """What a page of figures shows.

    Attributes:
        tiles: figures that stand out.
        rows: sheets in their order; those of one row stand beside each other.
        empty: there is nothing to show: the words ``<page>.none`` and ``<page>.none.how`` say why.
        more: what else its template is given.
    """

    tiles: Sequence[Tile]
    rows: Sequence[Sequence[Sheet]]
    empty: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)


def figures_page(
    name: str,
    read: Callable[[Asked], Awaitable[Content]],
    *,
    icon: str,
    words: Mapping[str, tuple[str, str]],
    template: str = "figures.html",
    keeps: tuple[str, ...] = (),
) -> Page:
    """Return a page whose sheets are files too.

    Args:
        name: of the page.
        read: gives what it shows.
        icon: name of its picture.
        words: both languages by key.
        template: extends ``figures.html``, or is it.
        keeps: what of its address stays when a filter changes.
    """

    async def show(asked: Asked) -> Shown:
        found = await read(asked)
        return Shown(
            template,
            {
                "tiles_shown": found.tiles,
                "summary": summary(found.tiles),
                "rows": found.rows,
                "nothing": found.empty,
                **found.more,
            },
        )

    async def file(asked: Asked) -> web.StreamResponse:
        found = await read(asked)
        sheets = [one for row in found.rows for one in row]
        return file_of(asked, [summary(found.tiles), *sheets])

    return Page(
        name,
        group="figures",
        icon=icon,
        show=show,
        words=words,
        detail=file,
        keeps=keeps,
    )
