"""``chatcrew audit``: its commands and their options."""

from typing import Annotated

import typer

from chatcrew.cli._options import Json, Lang
from chatcrew.cli._start import settings_or_exit, start

audit_app = typer.Typer(
    help="Quem viu e mudou o quê. / Who saw and changed what.",
    no_args_is_help=True,
    add_completion=False,
)


@audit_app.command("list")
def list_deeds(
    tenant: Annotated[str | None, typer.Option(help="Só deste negócio / of this business")] = None,
    action: Annotated[
        str | None, typer.Option(help="Só isto / only this: person.erased, …")
    ] = None,
    limit: Annotated[int, typer.Option(help="Quantos / how many", min=1, max=10_000)] = 50,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """Os registros, o mais novo primeiro. / The entries, newest first."""
    from chatcrew.cli._audit import run_list

    _run(run_list, lang, tenant=tenant, action=action, limit=limit, as_json=json)


@audit_app.command()
def verify(
    seq: Annotated[
        int | None, typer.Option(help="Um registro anotado antes / noted before")
    ] = None,
    hash_: Annotated[
        str | None, typer.Option("--hash", help="Como estava então / as it was then")
    ] = None,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """Confere a corrente inteira: nada mudou, falta ou foi posto. / Verify the whole chain.

    Com --seq e --hash, de uma linha audit.head dos logs, também que ela não foi toda reescrita.

    With --seq and --hash, of an audit.head line of the logs, also that it was not rewritten whole.
    """
    from chatcrew.cli._audit import run_verify

    if (seq is None) is not (hash_ is None):
        raise typer.BadParameter("--seq e --hash: os dois / both of them")
    _run(run_verify, lang, seq=seq, digest=hash_, as_json=json)


def _run(main: object, lang: str, **options: object) -> None:
    quiet = settings_or_exit().model_copy(update={"log_level": "warning"})
    start(main, quiet, process="audit", language=lang, lang=lang, **options)  # type: ignore[arg-type]  # one of the functions above
