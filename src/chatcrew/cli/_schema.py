"""Shows the tables' revision, and takes them back where the admin says so twice."""

from contextlib import AsyncExitStack

import orjson
import typer

from chatcrew.app.storage import connected
from chatcrew.cli._backup_words import YES
from chatcrew.database import CannotGoBack, downgrade, known_revisions, revision_of
from chatcrew.settings import Settings

_NAME = "chatcrew-schema"

_WORDS = {
    "pt-BR": {
        "show": "banco: {now}; este programa conhece até {known}",
        "none": "sem tabelas",
        "ask": "Voltar as tabelas à revisão {to}? O que só as novas guardam se perde: faça antes "
        "`chatcrew backup`. [s/N]",
        "kept": "Nada foi mudado.",
        "done": "As tabelas estão na revisão {to}. Inicie agora o chatcrew que a conhece: este "
        "aqui as traria de volta.",
        "unknown": "não há a revisão {to}; este programa conhece: {names}",
        "not_older": "o banco está na revisão {names}: só se volta a uma anterior",
        "in_use": "pare antes o chatcrew; ainda conectados: {names}",
        "sealed": "há dados cifrados com {names}, que o programa anterior não leria: antes, "
        "`chatcrew keys rotate --plain`",
    },
    "en": {
        "show": "database: {now}; this program knows up to {known}",
        "none": "no tables",
        "ask": "Take the tables back to revision {to}? What only the newer ones hold is lost: "
        "`chatcrew backup` first. [y/N]",
        "kept": "Nothing was changed.",
        "done": "The tables are at revision {to}. Now start the chatcrew that knows it: this one "
        "would bring them forward again.",
        "unknown": "there is no revision {to}; this program knows: {names}",
        "not_older": "the database is at revision {names}: one only goes back to an older one",
        "in_use": "stop chatcrew first; still connected: {names}",
        "sealed": "there is data sealed with {names}, which the older program could not read: "
        "first `chatcrew keys rotate --plain`",
    },
}


async def run_show(settings: Settings, *, lang: str, as_json: bool) -> None:
    """Print the revision of the database and the newest one known."""
    async with AsyncExitStack() as stack:
        database = await connected(settings, stack, name=_NAME, may_own=True)
        async with database.begin() as connection:
            now = await revision_of(connection)
    known = (await known_revisions())[-1]
    if as_json:
        typer.echo(orjson.dumps({"database": now, "known": known}).decode())
        return
    words = _WORDS[lang]
    typer.echo(words["show"].format(now=now or words["none"], known=known))


async def run_down(settings: Settings, *, to: str, yes: bool, lang: str) -> None:
    """Take the tables back.

    Raises:
        typer.Exit: with 1 where they stay, and the reason is told.
    """
    words = _WORDS[lang]
    if not yes:
        said = words["ask"].format(to=to)
        if str(typer.prompt(said, default="", show_default=False)).strip().lower() not in YES:
            typer.echo(words["kept"], err=True)
            raise typer.Exit(1)
    async with AsyncExitStack() as stack:
        database = await connected(settings, stack, name=_NAME, may_own=True)
        try:
            await downgrade(database, to=to, name=_NAME)
        except CannotGoBack as fault:
            told = words[fault.why].format(to=to, names=", ".join(fault.names))
            typer.echo(told, err=True)
            raise typer.Exit(1) from None
    typer.echo(words["done"].format(to=to))
