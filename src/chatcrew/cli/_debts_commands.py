"""The command ``chatcrew debts`` with its options."""

from typing import Annotated

import typer

from chatcrew.cli._options import Json, Lang
from chatcrew.cli._start import settings_or_exit, start


def debts(
    tenant: Annotated[
        str | None, typer.Argument(help="dominio/negocio; sem ele, todos / none: all")
    ] = None,
    days: Annotated[
        int, typer.Option(help="Dias medidos / days that are measured.", min=1, max=180)
    ] = 30,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """Quem espera uma pessoa agora, e se o tempo dito foi verdade. / Who waits, and calibration.

    O tempo é o de atendimento (people.opening).

    Time is opening time (people.opening).
    """
    from chatcrew.cli._debts import run_debts

    quiet = settings_or_exit().model_copy(update={"log_level": "warning"})
    start(
        run_debts,
        quiet,
        process="debts",
        language=lang,
        tenant=tenant,
        days=days,
        lang=lang,
        as_json=json,
    )
