"""Facts as a file, row by row: nothing is held whole, and no cell is read as a formula."""

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, suppress
from typing import Literal

import orjson
from aiohttp import web

from chatcrew.analytics import KINDS, Figures, Scope, csv_line
from chatcrew.web.api._operations import Refusal
from chatcrew.web.patience import give

_TYPES = {"jsonl": "application/jsonl", "csv": "text/csv"}
_CHUNK = 64 * 1024


async def export_of(
    request: web.Request,
    figures: Figures,
    kind: str,
    scope: Scope,
    *,
    form: Literal["csv", "jsonl"],
) -> web.StreamResponse:
    """Stream the facts of one kind.

    Raises:
        Refusal: there is no such kind.
        StoreError: the database is away; nothing was sent yet.
    """
    if kind not in KINDS:
        raise Refusal(
            404, kind="unknown_kind", message=f"no facts {kind!r} (there are: {', '.join(KINDS)})"
        )
    async with aclosing(figures.export(kind, scope)) as rows:
        first = await anext(rows, None)
        answer = web.StreamResponse(
            headers={
                "Content-Type": f"{_TYPES[form]}; charset=utf-8",
                "Content-Disposition": f'attachment; filename="{kind}.{form}"',
                "Cache-Control": "no-store",
            }
        )
        with suppress(ConnectionResetError):  # who has gone is told nothing
            await answer.prepare(request)
            async for piece in _pieces(first, rows, form):
                await give(request, answer, piece)
            await answer.write_eof()
    return answer


async def _pieces(
    first: Mapping[str, object] | None, rows: AsyncIterator[Mapping[str, object]], form: str
) -> AsyncIterator[bytes]:
    waiting = bytearray()
    if first is not None:
        if form == "csv":
            waiting += csv_line(first.keys()).encode()
        async for row in _with(first, rows):
            waiting += _row(row, form)
            if len(waiting) >= _CHUNK:
                yield bytes(waiting)
                waiting.clear()
    yield bytes(waiting)


async def _with(
    first: Mapping[str, object], rows: AsyncIterator[Mapping[str, object]]
) -> AsyncIterator[Mapping[str, object]]:
    yield first
    async for row in rows:
        yield row


def _row(row: Mapping[str, object], form: str) -> bytes:
    if form == "csv":
        return csv_line(row.values()).encode()
    return orjson.dumps(row, default=str, option=orjson.OPT_APPEND_NEWLINE)
