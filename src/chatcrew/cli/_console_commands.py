"""The commands of ``chatcrew console`` with their options."""

from pathlib import Path
from typing import Annotated

import typer

from chatcrew.cli._options import Json, Lang
from chatcrew.cli._start import settings_or_exit, start

console_app = typer.Typer(
    help="Quem pode entrar no console. / Who may enter the console.",
    no_args_is_help=True,
    add_completion=False,
)

Name = Annotated[str, typer.Argument(help="Nome com que entra, como ana / as he signs in.")]
PasswordFile = Annotated[
    Path | None,
    typer.Option(help="Lê a senha da primeira linha deste arquivo / first line is the password"),
]


@console_app.command("add-user")
def add_user(
    name: Name,
    role: Annotated[
        str,
        typer.Option(help="viewer (só olha / looks), admin (age / acts), owner (decide / decides)"),
    ] = "viewer",
    tenant: Annotated[
        list[str] | None,
        typer.Option(help="Só este negócio; repita; sem ele, todos / only this one; none: all"),
    ] = None,
    password_file: PasswordFile = None,
    lang: Lang = "pt-BR",
) -> None:
    """Cria uma conta; pergunta a senha. / Make an account; the password is asked for."""
    from chatcrew.cli._console import password, role_of, run_add

    wanted = role_of(role)
    _run(
        run_add,
        lang,
        name=name,
        role=wanted,
        tenants=tenant,
        secret=password(password_file, lang=lang),
    )


@console_app.command()
def users(lang: Lang = "pt-BR", json: Json = False) -> None:
    """Lista as contas e quem está dentro agora. / List accounts and who is signed in."""
    from chatcrew.cli._console import run_users

    _run(run_users, lang, as_json=json)


@console_app.command()
def passwd(name: Name, password_file: PasswordFile = None, lang: Lang = "pt-BR") -> None:
    """Troca a senha; encerra as sessões. / Set a new password; sessions end."""
    from chatcrew.cli._console import password, run_passwd

    _run(run_passwd, lang, name=name, secret=password(password_file, lang=lang))


@console_app.command()
def revoke(
    name: Name,
    remove: Annotated[
        bool, typer.Option("--remove", help="Apaga também a conta / delete the account as well")
    ] = False,
    lang: Lang = "pt-BR",
) -> None:
    """Encerra todas as sessões de alguém. / Sign somebody out everywhere."""
    from chatcrew.cli._console import run_revoke

    _run(run_revoke, lang, name=name, remove=remove)


def _run(main: object, lang: str, **options: object) -> None:
    quiet = settings_or_exit().model_copy(update={"log_level": "warning"})
    start(main, quiet, process="console", language=lang, lang=lang, **options)  # type: ignore[arg-type]  # one of the functions above
