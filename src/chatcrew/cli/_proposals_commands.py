"""``chatcrew proposals`` and ``chatcrew drafts``: their commands and options."""

from typing import Annotated

import typer

from chatcrew.cli._options import Json, Lang
from chatcrew.cli._start import settings_or_exit, start

proposals_app = typer.Typer(
    help="O que a equipe corrigiu no bot. / What people corrected of the bot's.",
    no_args_is_help=True,
    add_completion=False,
)

_Number = Annotated[int, typer.Argument(help="Número da proposta / of the proposal")]
_Whose = Annotated[str | None, typer.Argument(help="De quem / whose: health/varizemed")]


@proposals_app.command("list")
def list_proposals(
    tenant: _Whose = None,
    every: Annotated[bool, typer.Option("--all", help="Também as fechadas / closed, too")] = False,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """Lista as propostas abertas. / List the open proposals."""
    from chatcrew.cli._proposals import run_list

    _run(run_list, lang, tenant=tenant, every=every, as_json=json)


@proposals_app.command()
def show(
    number: _Number,
    play: Annotated[
        bool, typer.Option("--play", help="Joga os testes antes e depois / play its tests")
    ] = False,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """Mostra uma proposta com o diff dos arquivos. / Show one, with the diff of the files."""
    from chatcrew.cli._proposals import run_show

    _run(run_show, lang, number=number, play=play, as_json=json)


@proposals_app.command()
def accept(
    number: _Number,
    answer: Annotated[str, typer.Option(help="A resposta certa / what is right")] = "",
    question: Annotated[str, typer.Option(help="Outra pergunta / another question")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Não pergunta / do not ask")] = False,
    lang: Lang = "pt-BR",
) -> None:
    """Testa e escreve nos arquivos. / Try it and write it into the files."""
    from chatcrew.cli._proposals import run_accept

    _run(run_accept, lang, number=number, answer=answer, question=question, yes=yes)


@proposals_app.command()
def reject(
    number: _Number,
    reason: Annotated[str, typer.Option(help="Por quê / why")] = "",
    lang: Lang = "pt-BR",
) -> None:
    """Fecha sem mudar nada. / Close it without any change."""
    from chatcrew.cli._proposals import run_reject

    _run(run_reject, lang, number=number, reason=reason)


def drafts(
    tenant: _Whose = None,
    days: Annotated[int, typer.Option(help="Quantos dias / how many days", min=1)] = 30,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """Conta o que a equipe fez dos rascunhos. / Count what people made of drafts."""
    from chatcrew.cli._drafts import run_drafts

    _run(run_drafts, lang, tenant=tenant, days=days, as_json=json)


def _run(main: object, lang: str, **options: object) -> None:
    quiet = settings_or_exit().model_copy(update={"log_level": "error", "log_format": "console"})
    start(main, quiet, process="proposals", language=lang, lang=lang, **options)  # type: ignore[arg-type]  # one of the functions above
