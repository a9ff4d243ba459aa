"""The commands ``chatcrew cache answers`` with their options."""

from typing import Annotated

import typer

from chatcrew.cli._options import Json, Lang
from chatcrew.cli._start import settings_or_exit, start

answers_app = typer.Typer(
    help="Respostas dadas de novo, e em que se apoiam. / Answers given again, what they rest on.",
    no_args_is_help=True,
    add_completion=False,
)

Tenant = Annotated[str, typer.Argument(help="De quem / whose: health/varizemed")]


@answers_app.command("list")
def list_answers(
    tenant: Tenant,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Quantas / how many")] = 30,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """As respostas guardadas, as mais dadas primeiro. / Kept answers, the most given first."""
    from chatcrew.cli._answers import run_list

    quiet = settings_or_exit().model_copy(update={"log_level": "warning"})
    start(
        run_list,
        quiet,
        process="answers",
        language=lang,
        tenant=tenant,
        limit=limit,
        lang=lang,
        as_json=json,
    )


@answers_app.command()
def why(
    tenant: Tenant,
    number: Annotated[int, typer.Argument(help="Da lista / of the list")],
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """Em que uma resposta se apoia, e o que mudou. / What one rests on, and what has changed."""
    from chatcrew.cli._answers import run_why

    quiet = settings_or_exit().model_copy(update={"log_level": "warning"})
    start(
        run_why,
        quiet,
        process="answers",
        language=lang,
        tenant=tenant,
        number=number,
        lang=lang,
        as_json=json,
    )


@answers_app.command()
def forget(
    tenant: Tenant,
    number: Annotated[int | None, typer.Argument(help="Só esta / this one only")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Não pergunta / do not ask")] = False,
    lang: Lang = "pt-BR",
) -> None:
    """Esquece uma resposta, ou todas do negócio. / Forget one answer, or all of a business."""
    from chatcrew.cli._answers import run_forget

    quiet = settings_or_exit().model_copy(update={"log_level": "warning"})
    start(
        run_forget,
        quiet,
        process="answers",
        language=lang,
        tenant=tenant,
        number=number,
        lang=lang,
        yes=yes,
    )
