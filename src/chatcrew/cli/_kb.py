"""``chatcrew kb``: brings documents into the index, searches it as a turn does."""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import date
from zoneinfo import ZoneInfo

import orjson
import typer

from chatcrew.app.configuration import load_directory
from chatcrew.app.knowing import open_knowledge
from chatcrew.app.storage import open_database
from chatcrew.cli._documents import looked_at
from chatcrew.cli._kb_words import counted, words_of
from chatcrew.cli._reasons import UnknownTenant
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.knowledge import Indexed, PostgresKnowledge, indexed, shared_words
from chatcrew.messages import Passage
from chatcrew.settings import Settings
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Configuration, Directory, Fault, Tenant
from chatcrew.tenancy.known import knowledge_version

_SHOWN = 400
"""Characters of a passage that people read to know which it is."""


def tenants_of(configuration: Configuration, name: str | None) -> list[Tenant]:
    """Return the tenant of this name, or all.

    Raises:
        UnknownTenant: there is none.
    """
    if name is None:
        return [*configuration.tenants.values()]
    if name not in configuration.tenants:
        raise UnknownTenant(name, known=", ".join(sorted(configuration.tenants)))
    return [configuration.tenants[name]]


async def opened(
    settings: Settings, directory: Directory, stack: AsyncExitStack
) -> tuple[Database, PostgresKnowledge]:
    """Return the database of this installation, and the knowledge that its turns search."""
    database = await open_database(settings, stack, name="chatcrew-kb", may_own=True)
    knowledge = await open_knowledge(
        settings,
        database,
        directory=directory,
        clock=SystemClock(),
        metrics=Metrics(),
        stack=stack,
    )
    return database, knowledge


async def run_index(settings: Settings, *, tenant: str | None, lang: str, as_json: bool) -> None:
    """Bring what tenants' files say into the index; say what could not be read at the end.

    Raises:
        typer.Exit: with 2 where a document could not be read.
    """
    faults: list[Fault] = []
    async with AsyncExitStack() as stack:
        directory = await load_directory(settings)
        tenants = tenants_of(directory.current, tenant)
        database, knowledge = await opened(settings, directory, stack)
        for one in tenants:
            faults += await _index(database, knowledge, one, lang=lang, as_json=as_json)
    # what two tenants share is one file to mend
    once = {str(fault): fault for fault in faults}
    if not once:
        return
    language = "en" if lang == "en" else "pt-BR"
    for fault in once.values():
        typer.echo(fault.render(language), err=as_json)
    typer.echo(counted(words_of(lang), "faults", len({one.file for one in faults})), err=True)
    raise typer.Exit(2)


async def _index(
    database: Database, knowledge: PostgresKnowledge, tenant: Tenant, *, lang: str, as_json: bool
) -> list[Fault]:
    """Index one tenant and say what there is; return what could not be read."""
    words, documents = words_of(lang), tenant.documents
    before = await indexed(database, tenant.key, documents)
    progress = _Progress(tenant.key, lang=lang)
    await knowledge.sync(
        tenant.key,
        tenant.faq,
        version=knowledge_version(tenant),
        documents=documents,
        progress=progress,
    )
    progress.end()
    now = await indexed(database, tenant.key, documents)
    broken = [one for one in documents if one.path not in now or now[one.path].fault is not None]
    faults = (await asyncio.to_thread(looked_at, broken, date.min)).faults
    _tell(tenant, before, now, words=words, as_json=as_json)
    return [*faults]


def _tell(
    tenant: Tenant,
    before: dict[str, Indexed],
    now: dict[str, Indexed],
    *,
    words: dict[str, object],
    as_json: bool,
) -> None:
    read = [one for one in now.values() if one.fault is None]
    known = sum(now[path].fault is None for path in before if path in now)
    pages, passages = sum(one.pages for one in read), sum(one.passages for one in read)
    if as_json:
        row = {"tenant": tenant.key, "entries": len(tenant.faq), "documents": len(read)}
        row |= {"pages": pages, "passages": passages, "known": known}
        typer.echo(orjson.dumps(row).decode())
    elif not tenant.documents:
        typer.echo(str(words["none"]).format(tenant=tenant.key))
    else:
        said = str(words["done"]).format(
            tenant=tenant.key,
            documents=counted(words, "documents", len(read)),
            pages=counted(words, "pages", pages),
            passages=counted(words, "passages", passages),
            known=str(words["known"]).format(number=known) if known else "",
        )
        typer.echo(said)


class _Progress:
    """Writes one line that goes on, where somebody looks; each tenth elsewhere."""

    def __init__(self, tenant: str, *, lang: str) -> None:
        self._tenant = tenant
        self._words = words_of(lang)
        self._live = sys.stderr.isatty()
        self._tenths = 0
        self._said = False

    def __call__(self, done: int, every: int) -> None:
        """Say how far it is."""
        tenths = done * 10 // max(1, every)
        if not every or (not self._live and tenths <= self._tenths):
            return
        self._tenths = tenths
        line = self._words["progress"].format(tenant=self._tenant, done=done, every=every)
        typer.echo(f"\r{line}" if self._live else line, err=True, nl=not self._live)
        self._said = self._live

    def end(self) -> None:
        """End the line."""
        if self._said:
            typer.echo("", err=True)


def today_of(tenant: Tenant) -> date:
    """Return the day that a tenant's customers have now."""
    return SystemClock().now().astimezone(ZoneInfo(tenant.timezone)).date()


async def run_search(
    settings: Settings, *, tenant: str, question: str, limit: int, lang: str, as_json: bool
) -> None:
    """Print what a turn would find for a question, best first, and why.

    Raises:
        typer.Exit: with 1 where nothing is found.
    """
    async with AsyncExitStack() as stack:
        directory = await load_directory(settings)
        (whose,) = tenants_of(directory.current, tenant)
        _, knowledge = await opened(settings, directory, stack)
        version = knowledge_version(whose)
        await knowledge.sync(whose.key, whose.faq, version=version, documents=whose.documents)
        today = today_of(whose)
        found = await knowledge.search(
            whose.key, question, version=version, limit=limit, today=today
        )
    if as_json:
        rows = [
            {"source": one.source, "title": one.title, "text": one.text, "score": one.score}
            | {"certain": one.certain, "words": shared_words(question, one)}
            for one in found
        ]
        typer.echo(orjson.dumps(rows).decode())
    else:
        _show(found, question, lang=lang)
    if not found:
        raise typer.Exit(1)


def _show(found: Sequence[Passage], question: str, *, lang: str) -> None:
    words = words_of(lang)
    if not found:
        typer.echo(words["nothing"])
    for place, one in enumerate(found, 1):
        sure = f" {words['certain']}" if one.certain else ""
        typer.echo(f"{place}. {one.score:.3f}{sure}  {one.source}")
        typer.echo(f"   {one.title}")
        text = " ".join(one.text.split())
        typer.echo(f"   {text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}")
        shared = shared_words(question, one)
        why = words["shared"].format(words=", ".join(shared)) if shared else words["related"]
        typer.echo(f"   {why}")
