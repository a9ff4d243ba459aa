"""``chatcrew keys``: its commands and their options."""

from typing import Annotated

import typer

from chatcrew.cli._options import Json, Lang
from chatcrew.cli._start import settings_or_exit, start

keys_app = typer.Typer(
    help="As chaves que cifram o que os clientes dizem. / Keys that seal what customers say.",
    no_args_is_help=True,
    add_completion=False,
)


@keys_app.command()
def new(
    name: Annotated[str, typer.Argument(help="Nome / name: 2026-11")],
) -> None:
    """Faz uma chave para CHATCREW_ENCRYPTION_KEYS. / Make a key for CHATCREW_ENCRYPTION_KEYS."""
    from chatcrew.cli._keys import run_new

    run_new(name)


@keys_app.command()
def rotate(
    plain: Annotated[
        bool, typer.Option("--plain", help="Nada fica cifrado / leave nothing sealed")
    ] = False,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """Cifra tudo com a primeira chave. / Seal everything with the first key."""
    from chatcrew.cli._keys import run_rotate

    quiet = settings_or_exit().model_copy(update={"log_level": "warning"})
    start(run_rotate, quiet, process="keys", language=lang, lang=lang, plain=plain, as_json=json)
