"""The command ``chatcrew limits`` with its options."""

from typing import Annotated

import typer

from chatcrew.cli._options import Json, Lang
from chatcrew.cli._start import settings_or_exit, start


def limits(
    tenant: Annotated[
        str | None, typer.Argument(help="dominio/negocio; sem ele, todos / none: all")
    ] = None,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """O que o bot já usou de cada limite, o que resta e a previsão. / Limits: used, left, forecast.

    Os limites estão em limits:, no arquivo do negócio.

    They stand under limits: in the business's file.
    """
    from chatcrew.cli._limits import run_limits

    quiet = settings_or_exit().model_copy(update={"log_level": "warning"})
    start(
        run_limits,
        quiet,
        process="limits",
        language=lang,
        tenant=tenant,
        lang=lang,
        as_json=json,
    )
