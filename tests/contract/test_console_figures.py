"""Pages of figures: what they show is what is counted, and what their files hold (S2-19..25)."""

import csv
import io
import json
import random
from collections.abc import Sequence
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from tests.contract import figures_script as script
from tests.contract.analytics_rows import NOW, Records
from tests.contract.figures_console import OTHER, RATE, SHOP, figures_console
from tests.contract.figures_pages_script import PAGES

from chatcrew.analytics import COLUMNS, KINDS, Figures, PostgresFacts, Scope, csv_file
from chatcrew.app.figure_pages import pages_over
from chatcrew.budgets import LimitState
from chatcrew.database import Database
from chatcrew.testing import ManualClock
from chatcrew.web.console import Page


class Limits:
    """Satisfies ``Budgets``: one shop has a limit of money that is nearly used up."""

    async def state(self, tenants=None):
        """See ``Budgets.state``."""
        month = LimitState(SHOP, "tenant", "money", "month", "BRL", 100.0, 82.5, forecast=131.0)
        return [one for one in [month] if tenants is None or one.tenant in tenants]


def pages(figures: Figures) -> Sequence[Page]:
    """Return the pages of the house over figures of a test."""
    return pages_over(figures, budgets=Limits(), exchange=lambda: RATE)


async def fill(database: Database) -> None:
    """Write three weeks of two shops, always the same."""
    records, chance = Records(database), random.Random(7)
    for number in range(1, 61):
        at = NOW - timedelta(hours=chance.randrange(30, 500))
        ends = chance.choice(
            [["replied"], ["replied", "replied"], ["replied", "slot:order:number"]]
        )
        given = chance.random() < 0.3
        await records.talk(
            number,
            at=at,
            turns=[*ends, "handed_off"] if given else ends,
            tenant=SHOP if number % 3 else OTHER,
            closed=at + timedelta(hours=1) if chance.random() < 0.6 else None,
            spoke=not given and chance.random() < 0.1,
            cost=chance.choice([None, 0.0123, 0.2, 0.00071]),
            rating=chance.choice([None, None, 1, 4, 5]),
            intent=chance.choice(["price", "hours", "wants_person", ""]),
            mood=chance.choice([-0.8, -0.1, 0.2, 0.7]),
            rungs=[
                {"name": "cache", "end": "nothing", "ms": chance.randrange(9)},
                {"name": "crew", "end": "answered", "ms": chance.randrange(400, 4000)},
            ],
            feedback=chance.choice([[], ["complaint"], ["generic", "asked"]]),
            variant=chance.choice(["ab:a", "ab:b"]),
            handoff=chance.choice(["customer_asked", "emergency"]) if given else "",
        )
    await PostgresFacts(database, ManualClock(NOW)).run(
        {SHOP: "America/Sao_Paulo", OTHER: "America/Sao_Paulo"}
    )


class Shown(HTMLParser):
    """What a page shows: figures that stand out, and the cells of its sheets as they were put."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tiles: dict[str, str] = {}
        self.sheets: dict[str, list[list[str]]] = {}
        self._sheet = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take figures out of attributes."""
        found = dict(attrs)
        if "data-sheet" in found:
            self._sheet = found["data-sheet"] or ""
            self.sheets[self._sheet] = []
        value = found.get("data-value")
        if value is None:
            return
        if "data-figure" in found:
            self.tiles[found["data-figure"] or ""] = value
        elif tag == "th":
            self.sheets[self._sheet].append([value])
        else:
            self.sheets[self._sheet][-1].append(value)


async def exported(figures: Figures) -> dict[str, list[dict[str, str]]]:
    """Return the exported facts as the independent script reads them from files."""
    scope = Scope(None, NOW - timedelta(days=30), NOW)
    files = {}
    for kind in KINDS:
        pieces = csv_file(figures.export(kind, scope), COLUMNS[kind])
        files[kind] = script.rows(b"".join([piece async for piece in pieces]).decode())
    return files


def same(shown: str, wanted: float | None) -> bool:
    """Compare a cell with a figure, exactly."""
    return shown == "" if wanted is None else shown != "" and float(shown) == wanted


def rows_of(text: str) -> set[tuple[object, ...]]:
    """Return the rows of a sheet's file, without those of days on which nothing was."""
    found = list(csv.reader(io.StringIO(text, newline="")))[1:]
    rows = ((row[0], *map(_figure, row[1:])) for row in found)
    return {row for row in rows if any(row[1:])}


def _figure(cell: str) -> float | str | None:
    try:
        return float(cell) if cell else None
    except ValueError:
        return cell


def wanted_rows(rows: Sequence[tuple[object, ...]]) -> set[tuple[object, ...]]:
    """Return what the script found in the same way."""
    return {row for row in rows if any(row[1:])}


@pytest.fixture
async def shop(database: Database):
    """Give a console over three weeks of two shops."""
    await fill(database)
    async with figures_console(database, pages, zone="America/Sao_Paulo") as console:
        yield console


async def test_what_a_page_shows_is_what_an_independent_script_finds_in_the_files(shop) -> None:
    """Each tile, each cell, each file, of each page, exactly; a chart is its table (S3-101)."""
    files = await exported(shop.figures)
    tiles = Shown(await shop.text("overview")).tiles
    wanted = script.tiles(files, NOW)
    assert set(tiles) == set(wanted)
    assert [key for key, value in wanted.items() if not same(tiles[key], value)] == []
    for path, compute in PAGES.items():
        shown = Shown(await shop.text(path)).sheets
        for name, rows in compute(files, NOW).items():
            page, _, query = path.partition("?")
            text = await shop.text(f"{page}/{name}.csv?{query}")
            assert rows_of(text) == wanted_rows(rows), (path, name)
            read = list(csv.reader(io.StringIO(text, newline="")))[1:]
            assert [row[1:] for row in shown[name]] == [row[1:] for row in read], (path, name)
            listed = json.loads(await shop.text(f"{page}/{name}.json?{query}"))
            assert len(listed) == len(read)
