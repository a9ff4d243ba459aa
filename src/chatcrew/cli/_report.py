"""``chatcrew report``: a sheet of figures on a terminal, as JSON or as CSV."""

import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import date, timedelta

import orjson
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from chatcrew.analytics import Scope, csv_line
from chatcrew.app.configuration import load_directory
from chatcrew.app.figures import open_figures
from chatcrew.app.report_sheets import Sheet, narrow
from chatcrew.app.report_words import cell, named, told
from chatcrew.app.reports import Reports, scope_of
from chatcrew.app.storage import open_database
from chatcrew.app.telling import open_why
from chatcrew.cli._kb import tenants_of
from chatcrew.cli._shown import shown
from chatcrew.clock import SystemClock
from chatcrew.mailbox import PostgresMailbox
from chatcrew.settings import Settings

_EMPTY = {"pt-BR": "Nada neste período.", "en": "Nothing in this time."}


async def run_report(
    settings: Settings,
    *,
    kind: str,
    tenant: str | None,
    when: tuple[int, str | None, str | None],
    limit: int,
    lang: str,
    form: str,
) -> None:
    """Print one report.

    Args:
        settings: where the records are.
        kind: see ``Reports.sheet``.
        tenant: of one business; None: of all.
        when: of how many days, where the next is None; first day, as 2026-11-01; last day, or
            None for today.
        limit: most conversations.
        lang: ``pt-BR`` or ``en``.
        form: ``table``, ``json`` or ``csv``.

    Raises:
        UnknownTenant: there is none.
        BadParameter: a day is none.
    """
    clock, (days, since, until) = SystemClock(), when
    async with AsyncExitStack() as stack:
        directory = await load_directory(settings)
        wanted = tenants_of(directory.current, tenant)
        scope = scope_of(
            wanted,
            everybody=tenant is None,
            now=clock.now(),
            days=days,
            since=_day(since),
            until=_day(until),
        )
        database = await open_database(settings, stack, name="chatcrew-report", may_own=True)
        why = open_why(
            database,
            states=PostgresMailbox(database, clock),
            configuration=lambda: directory.current,
            settings=settings,
            clock=clock,
        )
        figures = open_figures(database, why=why, clock=clock)
        with _progress(kind, lang) as read:
            sheet = await Reports(figures, directory.current.models).sheet(
                kind,
                scope,
                tenants=[one.key for one in wanted],
                limit=limit,
                language=lang,
                read=read,
            )
    if form == "json":
        body = {"report": sheet.name, "since": scope.since, "until": scope.until}
        typer.echo(orjson.dumps(body | {"rows": sheet.records()}).decode())
    elif form == "csv":
        typer.echo(csv_line(sheet.columns), nl=False)
        for row in sheet.rows:
            typer.echo(csv_line(row), nl=False)
    else:
        _show(sheet, scope, lang, whose=tenant or "*")


class _Read:
    """Shows how many rows of a long report are read."""

    def __init__(self, progress: Progress, words: str) -> None:
        self._progress, self._task = progress, progress.add_task(words, total=None)

    def __call__(self, rows: int) -> None:
        self._progress.update(self._task, completed=rows)


@contextmanager
def _progress(kind: str, lang: str) -> Iterator[_Read]:
    """Show on a terminal that something goes on, on stderr: stdout is the report's."""
    words = f"{told(kind, lang)}…"
    columns = (SpinnerColumn(), TextColumn("{task.description} {task.completed:.0f}"))
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        yield _Read(bar, words)


def _show(sheet: Sheet, scope: Scope, lang: str, *, whose: str) -> None:
    console, sheet = Console(highlight=False), narrow(sheet)
    last = scope.until - timedelta(microseconds=1)
    console.print(Text(f"{whose} · {scope.since:%Y-%m-%d} – {last:%Y-%m-%d}", style="bold"))
    if not sheet.rows:
        console.print(_EMPTY["en" if lang == "en" else "pt-BR"])
        return
    table = Table(box=None, pad_edge=False)
    for place, column in enumerate(sheet.columns):
        numbers = any(isinstance(row[place], int | float) for row in sheet.rows)
        table.add_column(named(column, lang), justify="right" if numbers else "left")
    for row in sheet.rows:
        figure = str(row[0]) if sheet.name == "summary" else ""
        table.add_row(*(Text(shown(cell(one, lang, figure=figure))) for one in row))
    console.print(table)


def _day(said: str | None) -> date | None:
    if said is None:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise typer.BadParameter(f"{said}: 2026-11-30") from error
