"""``chatcrew drafts``: what people made of the bot's suggestions, in figures."""

from contextlib import AsyncExitStack
from datetime import timedelta

import orjson
import typer

from chatcrew.app.storage import open_database
from chatcrew.cli._proposals_words import words_of
from chatcrew.clock import SystemClock
from chatcrew.messages import Fate
from chatcrew.proposals import DraftFigures, PostgresDrafts
from chatcrew.settings import Settings


async def run_drafts(
    settings: Settings, *, tenant: str | None, days: int, lang: str, as_json: bool
) -> None:
    """Print how many suggestions were sent, edited and ignored, by business."""
    words, clock = words_of(lang), SystemClock()
    async with AsyncExitStack() as stack:
        database = await open_database(settings, stack, name="chatcrew-drafts", may_own=True)
        since = clock.now() - timedelta(days=days)
        found = await PostgresDrafts(database, clock).figures(since=since, tenant=tenant)
    for one in found:
        counts = _counts(one)
        if as_json:
            body = {"tenant": one.tenant, "days": days, "made": one.made, **counts}
            body |= {"used": one.used, "likeness_of_edited": one.likeness}
            typer.echo(orjson.dumps(body).decode())
            continue
        used = "–" if one.used is None else f"{one.used:.0%}"
        typer.echo(f"{one.tenant}: " + words["drafts"].format(made=one.made, used=used, **counts))
    if not found and not as_json:
        typer.echo(words["drafts_none"].format(days=days))


def _counts(one: DraftFigures) -> dict[str, int]:
    return {
        "sent": one.fates.get(Fate.SENT, 0),
        "edited": one.fates.get(Fate.EDITED, 0),
        "ignored": one.fates.get(Fate.IGNORED, 0),
        "open": one.fates.get(None, 0),
    }
