"""``chatcrew keys``: makes keys, and seals everything anew with the first of them."""

from contextlib import AsyncExitStack

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from chatcrew.app._rotation_sql import Rotated, rotate
from chatcrew.app.storage import open_database
from chatcrew.privacy import BadKeys, keyring, new_key
from chatcrew.settings import Settings

_WORDS = {
    "pt-BR": {
        "no_keys": "CHATCREW_ENCRYPTION_KEYS não está definida: não há chave com que cifrar. "
        "Faça uma com chatcrew keys new; para deixar tudo legível, --plain.",
        "plain": "O que estava cifrado fica legível.",
        "first": "Tudo passa para a chave {name!r}.",
        "changed": "{changed} valores foram mudados no banco e não abrem para ninguém; ficaram "
        "como estavam, e saem com a pessoa em chatcrew privacy erase.",
        "opened": "Pronto: {sealed} de {rows} linhas mudaram.",
        "done": "Pronto: {sealed} de {rows} linhas mudaram. Outras chaves já não são usadas e "
        "podem sair de CHATCREW_ENCRYPTION_KEYS, quando todos os processos tiverem a nova.",
    },
    "en": {
        "no_keys": "CHATCREW_ENCRYPTION_KEYS is not set: there is no key to seal with. Make one "
        "with chatcrew keys new; to leave everything readable, --plain.",
        "plain": "What was sealed becomes readable.",
        "first": "Everything goes to the key {name!r}.",
        "changed": "{changed} values were changed in the database and open for nobody; they stayed "
        "as they were, and go with their person in chatcrew privacy erase.",
        "opened": "Done: {sealed} of {rows} rows changed.",
        "done": "Done: {sealed} of {rows} rows changed. Other keys are used no more and may leave "
        "CHATCREW_ENCRYPTION_KEYS, once every process has the new one.",
    },
}
_BAD_NAME = "nome inválido: a-z, 0-9, - e _ / not a name: a-z, 0-9, - and _"


def run_new(name: str) -> None:
    """Print a new key with its name, alone on its line: it goes into a secret, not into a log."""
    entry = new_key(name)
    try:
        keyring(entry)
    except BadKeys:
        typer.echo(_BAD_NAME, err=True)
        raise typer.Exit(2) from None
    typer.echo(entry)


async def run_rotate(settings: Settings, *, lang: str, plain: bool, as_json: bool) -> None:
    """Seal every stored word with the first key, or open it; may be stopped and begun again.

    Raises:
        Unsealable: something is sealed with a key that is not configured.
    """
    if settings.encryption_keys is None and not plain:
        typer.echo(_WORDS[lang]["no_keys"], err=True)
        raise typer.Exit(2)
    words, columns = _WORDS[lang], dict[str, Rotated]()
    console = Console(stderr=True, highlight=False)
    async with AsyncExitStack() as stack:
        database = await open_database(settings, stack, name="chatcrew-keys", may_own=True)
        names = () if plain else database.keys.names
        console.print(words["first"].format(name=names[0]) if names else words["plain"])
        bars = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console
        )
        shown: dict[str, TaskID] = {}
        with bars:
            async for told in rotate(database, plain=plain or not names):
                columns[told.name] = told
                if told.name not in shown:
                    shown[told.name] = bars.add_task(told.name, total=told.total)
                bars.update(shown[told.name], completed=told.rows, total=told.total)
    rows, sealed, changed = (
        sum(getattr(one, field) for one in columns.values())
        for field in ("rows", "sealed", "changed")
    )
    if as_json:
        body = {"rows": rows, "sealed": sealed, "changed": changed}
        body["key"] = names[0] if names else None
        body["columns"] = {
            one.name: {"rows": one.rows, "sealed": one.sealed} for one in columns.values()
        }
        typer.echo(orjson.dumps(body).decode())
        return
    typer.echo(words["done" if names else "opened"].format(rows=rows, sealed=sealed))
    if changed:
        typer.echo(words["changed"].format(changed=changed), err=True)
