"""``chatcrew audit``: prints the log of who did what, and verifies its chain."""

from contextlib import AsyncExitStack
from dataclasses import asdict

import orjson
import typer

from chatcrew.app.storage import open_database
from chatcrew.audit import PostgresAudit
from chatcrew.cli._privacy_words import words_of
from chatcrew.cli._shown import shown
from chatcrew.clock import SystemClock
from chatcrew.settings import Settings


async def run_list(
    settings: Settings,
    *,
    tenant: str | None,
    action: str | None,
    limit: int,
    lang: str,
    as_json: bool,
) -> None:
    """Print entries, newest first, in this machine's own time."""
    async with AsyncExitStack() as stack:
        log = await _open(settings, stack)
        tenants = None if tenant is None else frozenset({tenant})
        found = await log.entries(tenants=tenants, action=action, limit=limit)
    if found and not as_json:
        zone = f"{found[0].at.astimezone():%Z}"
        typer.echo(words_of(lang)["deeds"].format(zone=zone))
    for one in found:
        if as_json:
            typer.echo(orjson.dumps(asdict(one)).decode())
            continue
        at = f"{one.at.astimezone():%Y-%m-%d %H:%M:%S}"
        said = (at, f"{one.actor:<18}", f"{one.action:<22}", one.tenant or "-")
        rest = " ".join(part for part in (one.target, one.detail) if part)
        typer.echo(shown(f"{one.seq:>8}  {'  '.join(said)}  {rest}".rstrip()))
    if not found and not as_json:
        typer.echo(words_of(lang)["no_deeds"])


async def run_verify(
    settings: Settings, *, seq: int | None, digest: str | None, lang: str, as_json: bool
) -> None:
    """Say whether the chain is whole.

    Raises:
        typer.Exit: with 1 where it is not, or an entry is not what it was.
    """
    async with AsyncExitStack() as stack:
        log = await _open(settings, stack)
        verdict = await log.verify()
        broken, why = verdict.broken, verdict.why
        if verdict.whole and seq is not None:
            found = await log.entries(before=seq + 1, limit=1)
            if not found or (found[0].seq, found[0].hash) != (seq, digest):
                broken, why = seq, "changed"
    if as_json:
        said = {**asdict(verdict), "broken": broken, "why": why, "whole": broken is None}
        typer.echo(orjson.dumps(said).decode())
    else:
        words = words_of(lang)
        said_so = words["whole" if broken is None else "broken"]
        known = {**asdict(verdict), "broken": broken, "why": why}
        typer.echo(said_so.format(**known), err=broken is not None)
    if broken is not None:
        raise typer.Exit(1)


async def _open(settings: Settings, stack: AsyncExitStack) -> PostgresAudit:
    database = await open_database(settings, stack, name="chatcrew-audit", may_own=True)
    return PostgresAudit(database, SystemClock())
