"""Long lists as files: written row by row, so that nothing is held whole."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, suppress

from aiohttp import web

from chatcrew.analytics import csv_file, json_lines
from chatcrew.web.console._asking import Asked, Missing
from chatcrew.web.console._files import HEADERS
from chatcrew.web.patience import give

Row = Mapping[str, object]
Paged = Callable[[str | None], Awaitable[tuple[Sequence[Row], str | None]]]


async def given(
    asked: Asked, name: str, page: Paged, *, columns: Sequence[str]
) -> web.StreamResponse:
    """Return a list that is read page by page as the file that the address names.

    Args:
        asked: for ``<name>.csv`` or ``<name>.json`` (a JSON object a line).
        name: of the list.
        page: gives the rows after a place, and the next place.
        columns: in their order.

    Raises:
        Missing: it is another address.
    """
    found, _, form = asked.rest.rpartition(".")
    if found != name or form not in ("csv", "json"):
        raise Missing

    async def rows() -> AsyncGenerator[Row, None]:
        after: str | None = None
        while True:
            some, after = await page(after)
            for row in some:
                yield row
            if after is None:
                return

    return await streamed(asked, name, rows(), columns=columns, form=form)


async def streamed(
    asked: Asked, name: str, rows: AsyncGenerator[Row, None], *, columns: Sequence[str], form: str
) -> web.StreamResponse:
    """Send rows as a file.

    Raises:
        StoreError: the records are away; nothing was sent yet.
    """
    pieces = csv_file(rows, columns) if form == "csv" else json_lines(rows)
    async with aclosing(rows), aclosing(pieces):
        # The first piece is asked for before the answer begins: a fault is still told as one
        first = await anext(pieces, b"")
        response = _response(asked, name, form)
        with suppress(ConnectionResetError):  # who has gone is told nothing
            await response.prepare(asked.request)
            await give(asked.request, response, first)
            async for piece in pieces:
                await give(asked.request, response, piece)
            await response.write_eof()
    return response


def _response(asked: Asked, name: str, form: str) -> web.StreamResponse:
    days = f"{asked.filters.first}_{asked.filters.last}"
    kind = "text/csv" if form == "csv" else "application/jsonl"
    return web.StreamResponse(
        headers={
            **HEADERS,
            "Content-Type": f"{kind}; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{name}-{days}.{form}"',
        }
    )
