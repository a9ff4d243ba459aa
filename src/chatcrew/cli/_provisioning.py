"""What ``connect``, ``sync`` and ``doctor`` share: files, a way to Chatwoot, our own records."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import typer

from chatcrew import tools
from chatcrew.app.storage import connected
from chatcrew.chatwoot import Pacing, Transport, open_session
from chatcrew.cli._reasons import fault_lines, system_reason
from chatcrew.clock import Clock
from chatcrew.database import Database, has_embedded
from chatcrew.errors import ConfigError, ConfigErrors, StoreError
from chatcrew.provision.refusals import Refusal
from chatcrew.settings import Settings
from chatcrew.tenancy import Configuration, Fault
from chatcrew.tenancy import check as check_files

LANGUAGES = ("pt-BR", "en")
_NOTHING_YET = frozenset({"empty_mapping", "no_accounts", "no_bots"})
_PATIENCE = 1.5
"""Seconds the embedded database may take to answer, where a server has ever been started."""


def language_of(lang: str) -> str:
    """Return one of ``LANGUAGES``."""
    return lang if lang in LANGUAGES else "pt-BR"


def faults_of(settings: Settings, mapping: Path) -> Sequence[Fault]:
    """Return what is wrong with the files if the mapping were this one; secrets are not read."""
    return _report(settings, mapping)[1]


def configured(settings: Settings, mapping: Path) -> Configuration | None:
    """Return what the files say, None where the mapping says nothing yet.

    Raises:
        ConfigErrors: a file is at fault.
    """
    if not mapping.exists():
        return None
    configuration, faults = _report(settings, mapping)
    if configuration is None and not all(fault.code in _NOTHING_YET for fault in faults):
        found: list[ConfigError] = [*faults]
        raise ConfigErrors(found)
    return configuration


def _report(settings: Settings, mapping: Path) -> tuple[Configuration | None, Sequence[Fault]]:
    report = check_files(
        mapping,
        settings.config_dir,
        settings.crews_dir,
        tools=tools.names(),
        read_secrets=False,
    )
    return report.configuration, report.faults


@contextlib.asynccontextmanager
async def to_chatwoot(settings: Settings, clock: Clock) -> AsyncIterator[Transport]:
    """Give a transport until the block ends."""
    async with open_session() as session:
        pacing = Pacing(clock, per_minute=settings.chatwoot_per_minute)
        yield Transport(lambda: session, pacing=pacing, clock=clock, attempts=1)


@contextlib.asynccontextmanager
async def our_records(settings: Settings) -> AsyncIterator[Database | None]:
    """Give the database of a server that runs, None where there is none; nothing is migrated."""
    async with contextlib.AsyncExitStack() as stack:
        begun = await asyncio.to_thread(has_embedded, settings.data_dir)
        try:
            database: Database | None = await connected(
                settings, stack, name="chatcrew-doctor", within=_PATIENCE if begun else 0.0
            )
        except (StoreError, OSError):
            database = None
        yield database


def say_refusal(error: Refusal | ConfigError | ConfigErrors | OSError, language: str) -> int:
    """Print what stands in the way; return the exit code."""
    if isinstance(error, Refusal):
        typer.echo(error.render(language), err=True)
        return error.exit_code
    if isinstance(error, ConfigErrors):
        for line in fault_lines(error, language):
            typer.echo(line, err=True)
        return 2
    if isinstance(error, OSError):
        reason = system_reason(error, language)
        refusal = Refusal("disk", path=error.filename or "?", reason=reason)
        typer.echo(refusal.render(language), err=True)
        return 1
    typer.echo(error.render(language) if isinstance(error, Fault) else str(error), err=True)
    return 2
