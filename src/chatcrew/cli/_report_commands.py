"""The command ``chatcrew report`` with its options."""

from enum import StrEnum
from typing import Annotated

import typer

from chatcrew.cli._options import Json, Lang
from chatcrew.cli._start import settings_or_exit, start


class Kind(StrEnum):
    """What a report is about."""

    SUMMARY = "summary"
    ROLES = "roles"
    MODELS = "models"
    TENANTS = "tenants"
    DAYS = "days"
    CONVERSATIONS = "conversations"
    SAVINGS = "savings"
    COSTLY = "costly"
    EXPERIMENTS = "experiments"


def report(  # noqa: PLR0913, PLR0917 - every option is one of the command's own
    kind: Annotated[
        Kind, typer.Argument(help="Qual relatório / which report.", show_default=True)
    ] = Kind.SUMMARY,
    tenant: Annotated[
        str | None, typer.Option(help="dominio/negocio; sem ele, todos / without it: all")
    ] = None,
    days: Annotated[int, typer.Option(help="Quantos dias / how many days.", min=1, max=1096)] = 30,
    since: Annotated[
        str | None, typer.Option(help="Primeiro dia / first day, 2026-11-01 (no lugar de --days).")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="Último dia / last day, 2026-11-30; sem ele, hoje / today.")
    ] = None,
    limit: Annotated[
        int, typer.Option(help="Quantas conversas / how many conversations.", min=1)
    ] = 50,
    lang: Lang = "pt-BR",
    json: Json = False,
    csv: Annotated[bool, typer.Option("--csv", help="Uma tabela / a table, RFC 4180.")] = False,
) -> None:
    """O que o bot trouxe e custou, e por quê. / What the bot brought and cost, and why.

    summary: os números principais; roles, models, tenants, days: custo; conversations: uma linha
    por sessão; savings: o que não foi gasto; costly: por que custa caro; experiments: duas
    personas.

    summary: the main figures; roles, models, tenants, days: cost; conversations: a row for each
    session; savings: what was not spent; costly: why it is dear; experiments: two personas.
    """
    from chatcrew.cli._report import run_report

    if json and csv:
        raise typer.BadParameter("--json ou / or --csv")
    quiet = settings_or_exit().model_copy(update={"log_level": "warning"})
    start(
        run_report,
        quiet,
        process="report",
        language=lang,
        kind=kind.value,
        tenant=tenant,
        when=(days, since, until),
        limit=limit,
        lang=lang,
        form="json" if json else "csv" if csv else "table",
    )
