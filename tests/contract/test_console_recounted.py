"""Every figure on every page of the console, recomputed from exported files (S3-101)."""

import ast
import asyncio
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from html import unescape
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
from tests.contract.recount.money import limits, money
from tests.contract.recount.operations import businesses, live, mailbox, owed
from tests.contract.recount.overview import overview
from tests.contract.recount.pace import pace
from tests.contract.recount.rendered import Rendered, Sentences
from tests.contract.recount.world import QUIET, ZONES, fill

from chatcrew.accounts import Role
from chatcrew.analytics import COHORTS, KINDS, PERSONAL, Figures
from chatcrew.app._console_reads import ConsoleNow, ConsolePeople, ConsoleQueue
from chatcrew.app._console_sql import ConsoleRecords
from chatcrew.app.figure_pages import pages_over
from chatcrew.budgets import LimitState
from chatcrew.database import Database
from chatcrew.debts import PostgresDebts
from chatcrew.mailbox import PostgresMailbox
from chatcrew.testing import ManualClock
from chatcrew.testing.door import configuration
from chatcrew.web.console import (
    Business,
    DebtsPage,
    FilesNow,
    LimitsPage,
    LivePage,
    MailboxPage,
    Page,
    TenantRow,
    TenantsPage,
    load,
)

Recount = Callable[..., Counted]
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
    "limits": limits,
}
"""What recomputes each page that the filters narrow."""

FILED = frozenset(
    {"overview", "cost", "latency", "moods", "gaps", "compare?by=tenant", "experiments"}
)
"""Pages whose tables are files, too."""

NO_FILE = frozenset({("overview", "gaps"), ("cost", "limits")})
"""Tables that are shown on the side, and have their file on another page."""

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


UNTIL = NOW + timedelta(hours=9)
KNOWN = [
    Business(key, key, ZoneInfo(zone)) for key, zone in {**ZONES, QUIET: "America/Recife"}.items()
]
LIMITS = (
    LimitState("shop/acme", "tenant", "money", "month", "BRL", 100.0, 82.5, 1.25, forecast=131.7),
    LimitState("shop/acme", "tenant", "money", "day", "USD", 5.0, 5.01, until=UNTIL, refused=1203),
    LimitState("shop/acme", "role:attendant", "tokens", "day", "", 10_000.0, 12.0),
    LimitState("shop/acme", "tenant", "calls", "minute", "", 60.0, None),
    LimitState("clinic/tokyo", "tenant", "money", "month", "USD", None, 0.0471, forecast=0.0598),
    LimitState("clinic/tokyo", "tenant", "calls", "hour", "", None, 17.0),
    LimitState("clinic/tokyo", "tenant", "slots", "now", "", 4.0, 0.0, 3.0, refused=2),
)


class Limits:
    """Satisfies ``Budgets``: with and without a limit, near it, at its end, unseen."""

    async def state(self, tenants=None):
        """See ``Budgets.state``."""
        return [one for one in LIMITS if tenants is None or one.tenant in tenants]


class Houses:
    """Satisfies ``web.console.Houses``: the businesses of the test, with their newest turns."""

    def __init__(self, records: ConsoleRecords) -> None:
        self._records = records

    async def rows(self, tenants):
        """See ``Houses.rows``."""
        shown = [one for one in (*ZONES, QUIET) if tenants is None or one in tenants]
        last = await self._records.last(shown)
        zones = {**ZONES, QUIET: "America/Recife"}
        return [
            TenantRow(key, key, "Bia", zones[key], ["support"], [], *last.get(key, (None, "")))
            for key in shown
        ]

    async def files(self):
        """See ``Houses.files``."""
        return FilesNow("v2")


def pages_of(database: Database) -> Callable[[Figures], Sequence[Page]]:
    """Return all pages that have figures of our records."""
    clock, records = ManualClock(NOW), ConsoleRecords(database)
    mail = PostgresMailbox(database, clock)
    queue = ConsoleQueue(records, mailbox=mail, why=None, clock=clock)  # type: ignore[arg-type]
    book = PostgresDebts(database, clock)
    people = ConsolePeople(book, records=records, configuration=configuration)

    def pages(figures: Figures) -> Sequence[Page]:
        return [
            *pages_over(figures, budgets=Limits(), exchange=lambda: RATE),
            MailboxPage(queue).page(),
            DebtsPage(people).page(),
            LivePage(ConsoleNow(records)).page(),
            TenantsPage(Houses(records)).page(),
            LimitsPage(Limits()).page(),
        ]

    return pages


async def exported(console: FiguresConsole, query: str) -> Mapping[str, list[script.Row]]:
    """Return the files of a choice as a person downloads them."""
    kinds = [one for one in KINDS if one not in PERSONAL]
    paths = {**{one: f"exports/{one}.csv" for one in kinds}, "limits": "limits/limits.csv"}
    return {one: script.rows(await console.text(f"{path}?{query}")) for one, path in paths.items()}


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
    sheets = {one: page.sheets[one] for one in page.sheets if (name, one) not in NO_FILE}
    found = []
    for sheet, rows in sheets.items():
        text = await console.text(f"{name}/{sheet}.csv?{query}")
        cells = [[cell.raw for cell in one.cells] for one in rows]
        # A list's file has all of it, its page the first hundred
        listed = json_rows(await console.text(f"{name}/{sheet}.json?{query}"))[: len(cells)]
        filed = [list(one.values()) for one in script.rows(text)][: len(cells)]
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
    async with figures_console(database, pages_of(database), known=KNOWN) as running:
        yield running


async def unlike_the_files(
    console: FiguresConsole, scope: str, *, lang: str, words: Mapping[str, str]
) -> list[str]:
    """Return where the pages of a choice differ from what its exported files say."""
    await console.client.post("/console/view", data={"language": lang, "next": "/console/"})
    facts, sentences, wrong = await facts_of(console, scope), Sentences(words), []
    for path, recount in PAGES.items():
        where, counted = f"/console/{path}{'&' if '?' in path else '?'}{scope}", recount(facts)
        # Not because there is nothing to see
        assert scope or counted.told or any(rows for _, rows in counted.sheets.values()), path
        place = 0
        while where:
            html = await console.text(where.removeprefix("/console/"))
            page = Rendered(html)
            found = faults(page, counted, sentences=sentences, lang=lang, zone=facts.zone)
            if path in FILED and scope == SCOPES[0] and not place:
                found += await unlike_their_files(console, path, page)
            wrong += [f"{where}: {one}" for one in found]
            further = re.search(r'href="(/console/[^"]*after=[^"]*)"', html)
            where, place = unescape(further[1]) if further else "", place + 1
            counted = recount(facts, place) if further else counted
    return wrong


async def test_every_figure_on_every_page_equals_the_one_recomputed_from_exported_files(
    console: FiguresConsole, database: Database
) -> None:
    """Values, what people read, bars, sentences; whatever nobody recomputes is a fault (S3-101)."""
    made = pages_of(database)
    words = (await asyncio.to_thread(load, made(console.figures))).words
    for place, scope in enumerate(SCOPES):
        lang = ("pt-BR", "en")[place % 2]
        assert await unlike_the_files(console, scope, lang=lang, words=words[lang]) == []
    two = ["shop/other", "clinic/chile"]
    some = figures_console(database, made, known=KNOWN, role=Role.VIEWER, tenants=two)
    async with some as viewer:
        assert await unlike_the_files(viewer, "days=90", lang="en", words=words["en"]) == []
    files = await facts_of(console, "")
    page = Rendered(await console.text("tenants"))
    counted = businesses(files)
    # What the files of the house hold is told by them, not by records
    counted.told |= {"version": ("v2", "text"), "faults": (0, "count"), "advice": (0, "count")}
    sentences = Sentences(words["pt-BR"])
    assert faults(page, counted, sentences=sentences, lang="pt-BR", zone="UTC") == []


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
