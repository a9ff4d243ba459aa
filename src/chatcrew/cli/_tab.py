"""``chatcrew tab sessions``: the browsers that operators have paired, listed and ended."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict

import orjson
import typer

from chatcrew.app.storage import open_database
from chatcrew.cli._shown import shown
from chatcrew.clock import SystemClock
from chatcrew.pairing import PostgresPairings
from chatcrew.settings import Settings

_WORDS = {
    "pt-BR": {
        "none": "Nenhum navegador pareado.",
        "row": "{account}  {tenant}  {name} (nº {user}), desde {since}, até {until}",
        "ended": "{account}: sessões encerradas: {count}.",
    },
    "en": {
        "none": "No browser is paired.",
        "row": "{account}  {tenant}  {name} (no. {user}), since {since}, until {until}",
        "ended": "{account}: sessions ended: {count}.",
    },
}


async def run_list(settings: Settings, *, lang: str, as_json: bool) -> None:
    """Print the sessions that hold, the newest first; with ``as_json`` one object a line."""
    async with _pairings(settings) as pairings:
        sessions = await pairings.sessions()
    if as_json:
        for one in sessions:
            typer.echo(orjson.dumps(asdict(one)).decode())
        return
    words = _words(lang)
    if not sessions:
        typer.echo(words["none"])
    for one in sessions:
        typer.echo(
            words["row"].format(
                account=one.account,
                tenant=one.tenant,
                name=shown(one.user_name) or "?",
                user=one.user_id,
                since=f"{one.paired_at.astimezone():%Y-%m-%d %H:%M}",
                until=f"{one.expires_at.astimezone():%Y-%m-%d %H:%M}",
            )
        )


async def run_revoke(settings: Settings, *, account: str, user: int | None, lang: str) -> None:
    """End the sessions of a person, or (None) of everybody in the account; open tabs close.

    Args:
        settings: where the database is.
        account: label of the mapping.
        user: Chatwoot's id.
        lang: of what is printed.
    """
    async with _pairings(settings) as pairings:
        count = await pairings.revoke(account, user)
    typer.echo(_words(lang)["ended"].format(account=account, count=count))


@asynccontextmanager
async def _pairings(settings: Settings) -> AsyncIterator[PostgresPairings]:
    async with AsyncExitStack() as stack:
        database = await open_database(settings, stack, name="chatcrew-tab", may_own=True)
        yield PostgresPairings(database, SystemClock())


def _words(lang: str) -> dict[str, str]:
    return _WORDS["en" if lang == "en" else "pt-BR"]
