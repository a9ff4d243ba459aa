"""``chatcrew api-token``: its commands and their options."""

from typing import Annotated

import typer

from chatcrew.cli._options import Json, Lang
from chatcrew.cli._start import settings_or_exit, start

tokens_app = typer.Typer(
    help="Quem pode usar a API. / Who may use the API.", no_args_is_help=True, add_completion=False
)

_Name = Annotated[str, typer.Argument(help="Nome, como a auditoria o mostra / name, as audited")]


@tokens_app.command("add")
def add_token(
    name: _Name,
    role: Annotated[str, typer.Option(help="viewer, admin, owner")] = "viewer",
    tenant: Annotated[
        list[str] | None, typer.Option(help="Só destes / of these only: health/varizemed")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all-tenants", help="De todos / of every tenant")
    ] = False,
    days: Annotated[int, typer.Option(min=0, help="Dias até acabar, 0 nunca / days, 0 never")] = 90,
    lang: Lang = "pt-BR",
) -> None:
    """Cria um token e o mostra, só desta vez. / Make a token and show it, this one time."""
    from chatcrew.cli._tokens import run_add

    _run(run_add, lang, name=name, role=role, tenants=tenant or [], every=every, days=days)


@tokens_app.command("list")
def list_tokens(lang: Lang = "pt-BR", json: Json = False) -> None:
    """Lista os tokens. / List the tokens."""
    from chatcrew.cli._tokens import run_list

    _run(run_list, lang, as_json=json)


@tokens_app.command("revoke")
def revoke_token(name: _Name, lang: Lang = "pt-BR") -> None:
    """Acaba com um token já. / End a token at once."""
    from chatcrew.cli._tokens import run_revoke

    _run(run_revoke, lang, name=name)


def _run(main: object, lang: str, **options: object) -> None:
    quiet = settings_or_exit().model_copy(update={"log_level": "warning"})
    start(main, quiet, process="api-token", language=lang, lang=lang, **options)  # type: ignore[arg-type]  # one of the functions above
