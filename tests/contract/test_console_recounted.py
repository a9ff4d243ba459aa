"""Every figure on every page of the console, recomputed from exported files (S3-101)."""

import ast
import asyncio
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.contract.analytics_rows import NOW
from tests.contract.figures_console import RATE, FiguresConsole, figures_console
from tests.contract.recount import facts as script
from tests.contract.recount.beside import compared_by, experiments
from tests.contract.recount.comparing import faults
from tests.contract.recount.facts import Counted, Facts
from tests.contract.recount.feelings import feelings
from tests.contract.recount.lists import conversations, gaps, unhappy
from tests.contract.recount.money import money
from tests.contract.recount.operations import live, mailbox, owed
from tests.contract.recount.overview import overview
from tests.contract.recount.pace import pace
from tests.contract.recount.rendered import Rendered, Sentences
from tests.contract.recount.world import QUIET, ZONES, fill

from chatcrew.analytics import COHORTS, KINDS, PERSONAL, Figures
from chatcrew.app._console_reads import ConsoleNow, ConsolePeople, ConsoleQueue
from chatcrew.app._console_sql import ConsoleRecords
from chatcrew.app.figure_pages import pages_over
from chatcrew.database import Database
from chatcrew.debts import PostgresDebts
from chatcrew.mailbox import PostgresMailbox
from chatcrew.testing import ManualClock
from chatcrew.testing.door import configuration
from chatcrew.web.console import (
    Business,
    DebtsPage,
    FilesNow,
    LivePage,
    MailboxPage,
    Page,
    TenantRow,
    TenantsPage,
    load,
)

Recount = Callable[[Facts], Counted]
PAGES: Mapping[str, Recount] = {
    "overview": overview,
    "conversations": conversations(),
    "conversations?unhappy=1": conversations(unhappy),
    "conversations?ending=abandoned": conversations(lambda row: row["ending"] == "abandoned"),
    "cost": money,
    "latency": pace,
    "moods": feelings,
    "gaps": gaps,
    **{f"compare?by={one}": compared_by(one) for one in COHORTS if one != "variant"},
    "experiments": experiments,
    "debts": owed,
    "mailbox": mailbox,
    "live": live,
}
"""What recomputes each page that the filters narrow."""

FILED = frozenset(
    {"overview", "cost", "latency", "moods", "gaps", "compare?by=tenant", "experiments"}
)
"""Pages whose tables are files, too."""

SCOPES = (
    "",
    "tenant=shop/acme&days=90",
    "tenant=clinic/tokyo&days=7",
    "days=1",
    "since=2026-10-31&until=2026-11-01",
    "tenant=clinic/chile&since=2026-09-05&until=2026-09-06",
    f"tenant={QUIET}",
)
"""Everybody, one business, one day, the end of a month, a day of 23 hours, nothing at all."""


class NoLimits:
    """Satisfies ``Budgets``: nobody has one."""

    async def state(self, tenants=None):
        """See ``Budgets.state``."""
        return []


class Houses:
    """Satisfies ``web.console.Houses``: the businesses of the test, with their newest turns."""

    def __init__(self, records: ConsoleRecords) -> None:
        self._records = records

    async def rows(self, tenants):
        """See ``Houses.rows``."""
        shown = [*ZONES, QUIET]
        last = await self._records.last(shown)
        zones = {**ZONES, QUIET: "America/Recife"}
        return [
            TenantRow(key, key, "Bia", zones[key], ["support"], [], *last.get(key, (None, "")))
            for key in shown
        ]

    async def files(self):
        """See ``Houses.files``."""
        return FilesNow("v1")


def pages_of(database: Database) -> Callable[[Figures], Sequence[Page]]:
    """Return all pages that have figures of our records."""
    clock, records = ManualClock(NOW), ConsoleRecords(database)
    mail = PostgresMailbox(database, clock)
    queue = ConsoleQueue(records, mailbox=mail, why=None, clock=clock)  # type: ignore[arg-type]
    people = ConsolePeople(PostgresDebts(database, clock), configuration=configuration)

    def pages(figures: Figures) -> Sequence[Page]:
        return [
            *pages_over(figures, budgets=NoLimits(), exchange=lambda: RATE),
            MailboxPage(queue).page(),
            DebtsPage(people).page(),
            LivePage(ConsoleNow(records)).page(),
            TenantsPage(Houses(records)).page(),
        ]

    return pages


async def exported(console: FiguresConsole, query: str) -> Mapping[str, list[script.Row]]:
    """Return the files of a choice as a person downloads them."""
    kinds = [one for one in KINDS if one not in PERSONAL]
    return {one: script.rows(await console.text(f"exports/{one}.csv?{query}")) for one in kinds}


async def facts_of(console: FiguresConsole, query: str) -> Facts:
    """Return the files of a choice, and those of all time."""
    asked = dict(one.split("=") for one in query.split("&") if one)
    tenant = asked.get("tenant", "")
    zone = {**ZONES, QUIET: "America/Recife"}.get(tenant, "UTC")
    today = NOW.astimezone(ZoneInfo(zone)).date()
    first = today - timedelta(int(asked.get("days", 30)) - 1)
    return Facts(
        await exported(console, query),
        await exported(console, f"tenant={tenant}&since=2025-06-01&until=2026-11-23"),
        NOW,
        date.fromisoformat(asked.get("since", first.isoformat())),
        date.fromisoformat(asked.get("until", today.isoformat())),
        zone,
        (RATE.brl, RATE.as_of),
    )


async def unlike_their_files(console: FiguresConsole, path: str, page: Rendered) -> list[str]:
    """Return which tables of a page, and which of its figures that stand out, its files deny."""
    name, _, query = path.partition("?")
    figures = {key: one.raw for key, one in page.told.items()}
    sheets = {one: page.sheets[one] for one in page.sheets if (name, one) != ("overview", "gaps")}
    found = []
    for sheet, rows in sheets.items():
        text = await console.text(f"{name}/{sheet}.csv?{query}")
        listed = json_rows(await console.text(f"{name}/{sheet}.json?{query}"))
        filed = [list(one.values()) for one in script.rows(text)]
        cells = [[cell.raw for cell in one.cells] for one in rows]
        # Days and moments are seconds on the page
        dated = {"day", "first_at", "last_at"}
        keys = list(script.rows(text)[0]) if filed else []
        left = [at for at, key in enumerate(keys) if key not in dated]
        if [[one[at] for at in left] for one in filed] != [
            [one[at] for at in left] for one in cells
        ]:
            found.append(f"{sheet}.csv")
        if len(listed) != len(cells):
            found.append(f"{sheet}.json")
    if figures:
        rows = script.rows(await console.text(f"{name}/summary.csv"))
        if {row["figure"]: row["value"] for row in rows} != figures:
            found.append("summary.csv")
    return found


def json_rows(text: str) -> list[object]:
    """Return the rows of a JSON file, or of JSON lines."""
    return json.loads(text) if text.startswith("[") else [*map(json.loads, text.splitlines())]


@pytest.fixture
async def console(database: Database):
    """Give a console over a house in which everything has happened."""
    await fill(database)
    known = [Business(key, key, ZoneInfo(zone)) for key, zone in ZONES.items()]
    known.append(Business(QUIET, QUIET, ZoneInfo("America/Recife")))
    async with figures_console(database, pages_of(database), known=known) as running:
        yield running


async def test_every_figure_on_every_page_equals_the_one_recomputed_from_exported_files(
    console: FiguresConsole, database: Database
) -> None:
    """Values, what people read, bars, sentences; whatever nobody recomputes is a fault (S3-101)."""
    made = pages_of(database)(console.figures)
    words = (await asyncio.to_thread(load, made)).words
    wrong = []
    for place, scope in enumerate(SCOPES):
        lang = ("pt-BR", "en")[place % 2]
        await console.client.post("/console/view", data={"language": lang, "next": "/console/"})
        facts, sentences = await facts_of(console, scope), Sentences(words[lang])
        for path, recount in PAGES.items():
            page = Rendered(await console.text(f"{path}{'&' if '?' in path else '?'}{scope}"))
            found = faults(page, recount(facts), sentences=sentences, lang=lang, zone=facts.zone)
            if place == 0 and path in FILED:
                found += await unlike_their_files(console, path, page)
            wrong += [f"{path} {scope}: {one}" for one in found]
    assert wrong == []


def test_the_script_that_recomputes_knows_nothing_of_the_house() -> None:
    """The standard library alone, and nothing of what it is to check."""
    folder = Path(script.__file__).parent
    apart = {"world", "comparing", "rendered"}
    for path in sorted(folder.glob("*.py")):
        if path.stem in apart:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = [one.name for one in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            for name in names:
                mine = name.startswith("tests.contract.recount")
                assert mine or name.split(".")[0] in sys.stdlib_module_names, (path.name, name)
