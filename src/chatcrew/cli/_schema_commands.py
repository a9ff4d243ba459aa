"""``chatcrew schema``: which tables the database has, and the way back to those before."""

from typing import Annotated

import typer

from chatcrew.cli._options import Json, Lang
from chatcrew.cli._start import settings_or_exit, start
from chatcrew.settings import Settings

schema_app = typer.Typer(
    help="Mostra a revisão das tabelas, ou volta a uma anterior. / The tables' revision, and back.",
    no_args_is_help=True,
    add_completion=False,
)


@schema_app.command("show")
def show(lang: Lang = "pt-BR", json: Json = False) -> None:
    """Mostra a revisão do banco e a deste programa. / The database's revision, and ours."""
    from chatcrew.cli._schema import run_show

    start(run_show, _quiet(), process="schema", language=lang, lang=lang, as_json=json)


@schema_app.command("down")
def down(
    to: Annotated[str, typer.Argument(help="Revisão / revision: 0029", metavar="REVISION")],
    yes: Annotated[bool, typer.Option("--yes", help="Não perguntar / do not ask")] = False,
    lang: Lang = "pt-BR",
) -> None:
    """Volta as tabelas para um chatcrew anterior. / Take the tables back for an older chatcrew."""
    from chatcrew.cli._schema import run_down

    start(run_down, _quiet(), process="schema", language=lang, to=to, yes=yes, lang=lang)


def _quiet() -> Settings:
    return settings_or_exit().model_copy(update={"log_level": "warning"})
