"""The commands of ``chatcrew kb`` with their options."""

from typing import Annotated

import typer

from chatcrew.cli._options import Json, Lang, Tenant
from chatcrew.cli._start import settings_or_exit, start
from chatcrew.settings import Settings

kb = typer.Typer(
    help="O que o negócio escreveu e o bot consulta. / What a business wrote and the bot searches.",
    no_args_is_help=True,
    add_completion=False,
)


@kb.command()
def index(
    tenant: Annotated[
        str | None, typer.Argument(help="dominio/negocio; sem ele, todos / none: all")
    ] = None,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """Põe os documentos no índice e diz o que não dá para ler. / Index the documents.

    Pode ser interrompido: o que já está no índice não é lido de novo.

    It may be interrupted: what is indexed is not read again.
    """
    from chatcrew.cli._kb import run_index

    quiet = _quiet(settings_or_exit())
    start(run_index, quiet, process="kb", language=lang, tenant=tenant, lang=lang, as_json=json)


@kb.command()
def search(
    tenant: Tenant,
    question: Annotated[str, typer.Argument(help="Como o cliente pergunta / as customers ask.")],
    limit: Annotated[int, typer.Option(help="Quantas passagens / how many.", min=1, max=50)] = 5,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """O que o bot acha para uma pergunta, de onde e por quê. / What a question finds, and why."""
    from chatcrew.cli._kb import run_search

    quiet = _quiet(settings_or_exit())
    start(
        run_search,
        quiet,
        process="kb",
        language=lang,
        tenant=tenant,
        question=question,
        limit=limit,
        lang=lang,
        as_json=json,
    )


@kb.command()
def gaps(
    tenant: Tenant,
    limit: Annotated[int, typer.Option(help="Quantas perguntas / how many.", min=1, max=500)] = 50,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """O que os clientes perguntaram e o bot não soube; o que se contradiz. / What is wanting.

    As perguntas ficam sem números nem dados pessoais, e sem quem perguntou.

    Questions are kept without numbers, personal data, and who asked.
    """
    from chatcrew.cli._kb_gaps import run_gaps

    start(
        run_gaps,
        _quiet(settings_or_exit()),
        process="kb",
        language=lang,
        tenant=tenant,
        limit=limit,
        lang=lang,
        as_json=json,
    )


def _quiet(settings: Settings) -> Settings:
    """Return settings that log nothing: what is at fault is told as an answer.

    Who chose a level gets it.
    """
    if "log_level" in settings.model_fields_set:
        return settings
    return settings.model_copy(update={"log_level": "critical", "log_format": "console"})
