"""``chatcrew feedback``: what customers were dissatisfied with, as text, Markdown or JSON."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import orjson
import typer

from chatcrew.app.configuration import load_directory
from chatcrew.app.storage import open_database
from chatcrew.cli._kb import tenants_of
from chatcrew.cli._shown import shown
from chatcrew.clock import SystemClock
from chatcrew.feedback import Digest, PostgresFeedback, digest, written
from chatcrew.settings import Settings


async def run_feedback(
    settings: Settings, *, tenant: str | None, days: int, lang: str, as_json: bool, out: Path | None
) -> None:
    """Print or write the digest of each business, or of one.

    Raises:
        UnknownTenant: there is none.
    """
    until = SystemClock().now()
    since = until - timedelta(days=days)
    async with AsyncExitStack() as stack:
        directory = await load_directory(settings)
        database = await open_database(settings, stack, name="chatcrew-feedback", may_own=True)
        store = PostgresFeedback(database)
        found = [
            digest(one.key, await store.between(one.key, since, until), since=since, until=until)
            for one in tenants_of(directory.current, tenant)
        ]
    text = (
        _json(found)
        if as_json
        else "\n\n---\n\n".join(written(one, language=lang) for one in found)
    )
    if out is None:
        typer.echo(text if as_json else shown(text))
    else:
        await asyncio.to_thread(out.write_text, f"{text}\n", "utf-8")
        typer.echo(str(out))


def _json(found: list[Digest]) -> str:
    body = [
        {
            "tenant": one.tenant,
            "since": one.since,
            "until": one.until,
            "signals": one.signals,
            "conversations": one.conversations,
            "kinds": one.kinds,
            "reasons": one.reasons,
            "about": one.about,
            "places": [{"conversation": str(place), "signals": n} for place, n in one.places],
            "examples": [
                {"conversation": str(place), "said": said} for place, said in one.examples
            ],
        }
        for one in found
    ]
    return orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()
