"""Figures as sheets: what a page shows, what its chart draws and what its file holds are one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import orjson
from aiohttp import web

from chatcrew.analytics import Mean, Scope, Spend, Times, csv_line
from chatcrew.web.console._asking import Asked, Missing, download
from chatcrew.web.console._cells import NAMES, Cell
from chatcrew.web.console._filters import Filters


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet.

    Attributes:
        key: its name in files; its heading is ``col.<key>``.
        kind: how its cells are shown: ``count``, ``money`` (US dollars), ``ms``, ``share`` (of 1),
            ``score``, or one of ``NAMES``; ``name:<prefix>`` takes the word ``<prefix>.<cell>``.
    """

    key: str
    kind: str = "count"

    @property
    def is_name(self) -> bool:
        """Whether its cells are no figures."""
        return self.kind.partition(":")[0] in NAMES


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of figures.

    Attributes:
        name: in its file's name; its heading is ``sheet.<name>``, what it means
            ``sheet.<name>.note``, and what is said while it is empty ``sheet.<name>.none``.
        columns: the first says what a row is.
        rows: one cell for each column.
        chart: ``line``, ``bar`` or ``stack``; "" for none.
        unit: of the chart's axis: ``ms``, ``US$``, or "".
        bar: key of the column whose cells get a bar, or "".
        asks: what else its address asks for.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    chart: str = ""
    unit: str = ""
    bar: str = ""
    asks: Mapping[str, str] = field(default_factory=dict)

    @property
    def most(self) -> float:
        """The highest figure of the column with bars; at least a little more than nothing."""
        if not self.bar:
            return 1.0
        place = [one.key for one in self.columns].index(self.bar)
        found = [cell for row in self.rows if isinstance(cell := row[place], int | float)]
        return max([*found, 1e-9])


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure that stands out.

    Attributes:
        key: its name is ``fig.<key>``.
        value: None where nobody knows it.
        kind: see ``Column``.
        note: below it, in words.
        tone: ``good``, ``warn``, ``bad`` or "".
    """

    key: str
    value: Cell
    kind: str = "count"
    note: str = ""
    tone: str = ""


def summary(tiles: Sequence[Tile]) -> Sheet:
    """Return the figures that stand out as a sheet, for its file."""
    columns = (Column("figure", "name:fig"), Column("value"), Column("kind", "text"))
    return Sheet("summary", columns, tuple((one.key, one.value, one.kind) for one in tiles))


def scope_of(asked: Asked) -> Scope:
    """Return what was chosen above the page as analytics asks for it."""
    return Scope(asked.filters.tenants, asked.filters.since, asked.filters.until)


def file_of(asked: Asked, sheets: Sequence[Sheet]) -> web.Response:
    """Return the sheet that the address names, as ``<name>.csv`` or ``<name>.json``.

    Raises:
        Missing: there is none of that name.
    """
    name, _, form = asked.rest.rpartition(".")
    found = next((one for one in sheets if one.name == name), None)
    if found is None or form not in ("csv", "json"):
        raise Missing
    keys = [one.key for one in found.columns]
    page = asked.request.match_info["page"]
    days = f"{asked.filters.first}_{asked.filters.last}"
    file = f"{page}-{name}-{days}.{form}"
    if form == "csv":
        text = "".join(csv_line(row) for row in (keys, *found.rows))
        return download(file, text.encode(), "text/csv")
    rows = [dict(zip(keys, row, strict=True)) for row in found.rows]
    return download(file, orjson.dumps(rows), "application/json")


def days_of(filters: Filters, today: date) -> list[date]:
    """Return the days that were chosen and have begun, in their order."""
    last = min(filters.last, today)
    return [filters.first + timedelta(n) for n in range((last - filters.first).days + 1)]


SPENT = (
    Column("usd", "money"),
    Column("calls"),
    Column("from_cache"),
    Column("failed"),
    Column("prompt_tokens"),
    Column("completion_tokens"),
    Column("unpriced"),
)
TIMED = (
    Column("count"),
    Column("mean_ms", "ms"),
    Column("p50_ms", "ms"),
    Column("p95_ms", "ms"),
    Column("p99_ms", "ms"),
)


def spent(one: Spend) -> tuple[Cell, ...]:
    """Return the cells of ``SPENT``."""
    used = (one.calls, one.from_cache, one.failed, one.prompt_tokens, one.completion_tokens)
    return (one.known_usd, *used, one.unpriced)


def timed(one: Times) -> tuple[Cell, ...]:
    """Return the cells of ``TIMED``; of nothing measured there is no time."""
    if not one.count:
        return (0, None, None, None, None)
    return (one.count, one.mean, one.p50, one.p95, one.p99)


def mean_ms(one: Mean) -> Cell:
    """Return a mean of milliseconds."""
    return one.ms
