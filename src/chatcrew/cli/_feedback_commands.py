"""The command ``chatcrew feedback`` with its options."""

from pathlib import Path
from typing import Annotated

import typer

from chatcrew.cli._options import Json, Lang
from chatcrew.cli._start import settings_or_exit, start


def feedback(
    tenant: Annotated[
        str | None, typer.Argument(help="dominio/negocio; sem ele, todos / none: all")
    ] = None,
    days: Annotated[int, typer.Option(help="Quantos dias / how many days.", min=1, max=366)] = 7,
    out: Annotated[
        Path | None, typer.Option(help="Grava neste arquivo / write to this file.")
    ] = None,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """Com o que os clientes ficaram insatisfeitos. / What customers were dissatisfied with."""
    from chatcrew.cli._feedback import run_feedback

    quiet = settings_or_exit().model_copy(update={"log_level": "warning"})
    start(
        run_feedback,
        quiet,
        process="feedback",
        language=lang,
        tenant=tenant,
        days=days,
        lang=lang,
        as_json=json,
        out=out,
    )
