"""``chatcrew tab``: who sees the tab in Chatwoot, and how an admin ends that."""

from typing import Annotated

import typer

from chatcrew.cli._options import Json, Lang
from chatcrew.cli._start import settings_or_exit, start

tab_app = typer.Typer(
    help="A aba chatcrew no Chatwoot. / The tab in Chatwoot.",
    no_args_is_help=True,
    add_completion=False,
)
sessions_app = typer.Typer(
    help="Navegadores pareados. / Paired browsers.", no_args_is_help=True, add_completion=False
)
tab_app.add_typer(sessions_app, name="sessions")

_Account = Annotated[str, typer.Argument(help="Conta do mapeamento / account of the mapping")]


@sessions_app.command("list")
def list_sessions(lang: Lang = "pt-BR", json: Json = False) -> None:
    """Lista quem tem um navegador pareado, e até quando. / List who is paired, until when."""
    from chatcrew.cli._tab import run_list

    quiet = settings_or_exit().model_copy(update={"log_level": "warning"})
    start(run_list, quiet, process="tab", language=lang, lang=lang, as_json=json)


@sessions_app.command()
def revoke(
    account: _Account,
    user: Annotated[
        int | None, typer.Option(help="Número da pessoa no Chatwoot / user id", min=1)
    ] = None,
    everybody: Annotated[
        bool, typer.Option("--all", help="Todos desta conta / everybody of this account")
    ] = False,
    lang: Lang = "pt-BR",
) -> None:
    """Encerra as sessões de uma pessoa, ou de todas. / End somebody's sessions, or all."""
    from chatcrew.cli._tab import run_revoke

    if (user is None) != everybody:
        raise typer.BadParameter("--user NÚMERO ou --all / --user NUMBER or --all")
    quiet = settings_or_exit().model_copy(update={"log_level": "warning"})
    start(run_revoke, quiet, process="tab", language=lang, account=account, user=user, lang=lang)
