"""``chatcrew kb gaps``: what customers asked in vain, and what the knowledge says in two ways."""

from collections.abc import Sequence
from contextlib import AsyncExitStack

import orjson
import typer

from chatcrew.app.configuration import load_directory
from chatcrew.cli._kb import opened, tenants_of, today_of
from chatcrew.cli._kb_words import words_of
from chatcrew.cli._shown import shown
from chatcrew.clock import SystemClock
from chatcrew.knowledge import Gap, PostgresGaps, Remark
from chatcrew.settings import Settings
from chatcrew.tenancy.known import knowledge_version


async def run_gaps(
    settings: Settings, *, tenant: str, limit: int, lang: str, as_json: bool
) -> None:
    """Print a tenant's unanswered questions, the most frequent first, then what to look at.

    Raises:
        UnknownTenant: there is none.
    """
    async with AsyncExitStack() as stack:
        directory = await load_directory(settings)
        (whose,) = tenants_of(directory.current, tenant)
        database, knowledge = await opened(settings, directory, stack)
        version = knowledge_version(whose)
        await knowledge.sync(whose.key, whose.faq, version=version, documents=whose.documents)
        gaps = await PostgresGaps(database, SystemClock()).gaps(whose.key, limit=limit)
        remarks = await knowledge.report(whose.key, version=version, today=today_of(whose))
    if as_json:
        typer.echo(_json(gaps, remarks))
    else:
        _show(gaps, remarks, lang=lang)


def _json(gaps: Sequence[Gap], remarks: Sequence[Remark]) -> str:
    body = {
        "gaps": [
            {"question": one.question, "count": one.count, "first_at": one.first_at}
            | {"last_at": one.last_at}
            for one in gaps
        ],
        "remarks": [
            {"kind": str(one.kind), "sources": one.sources, "detail": one.detail} for one in remarks
        ],
    }
    return orjson.dumps(body).decode()


def _show(gaps: Sequence[Gap], remarks: Sequence[Remark], *, lang: str) -> None:
    words = words_of(lang)
    if not gaps and not remarks:
        typer.echo(words["no_gaps"])
    if gaps:
        typer.echo(words["asked"])
    for gap in gaps:
        typer.echo(shown(f"{gap.count:>5}×  {gap.last_at:%Y-%m-%d}  {gap.question}"))
    if remarks:
        typer.echo(words["look"])
    for remark in remarks:
        kind = words["kinds"][str(remark.kind)]
        detail = f": {remark.detail}" if remark.detail else ""
        typer.echo(f"{kind}: {' ↔ '.join(remark.sources)}{detail}")
