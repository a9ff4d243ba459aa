"""``chatcrew backup`` and ``chatcrew restore``: their options."""

from pathlib import Path
from typing import Annotated

import typer

from chatcrew.cli._options import Json, Lang
from chatcrew.cli._start import settings_or_exit, start

_Only = Annotated[
    str | None, typer.Option("--tenant", help="Só um negócio / one alone: health/varizemed")
]


def backup(
    to: Annotated[Path | None, typer.Option(help="Pasta / folder (CHATCREW_BACKUP_DIR)")] = None,
    tenant: _Only = None,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """Faz uma cópia de segurança, com tudo rodando. / Take a backup while everything runs."""
    from chatcrew.cli._backup import run_backup

    quiet = settings_or_exit().model_copy(update={"log_level": "warning"})
    start(
        run_backup,
        quiet,
        process="backup",
        language=lang,
        tenant=tenant,
        to=to,
        lang=lang,
        as_json=json,
    )


def restore(
    file: Annotated[Path, typer.Argument(help="A cópia / the backup")],
    tenant: _Only = None,
    files: Annotated[
        Path | None,
        typer.Option(help="Pasta nova para mapping, config e crews / new folder for these"),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Não perguntar / do not ask")] = False,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """Restaura uma cópia; quem foi apagado não volta. / Restore a backup; the erased stay so."""
    from chatcrew.cli._backup import run_restore

    quiet = settings_or_exit().model_copy(update={"log_level": "warning"})
    start(
        run_restore,
        quiet,
        process="restore",
        language=lang,
        file=file,
        tenant=tenant,
        files=files,
        yes=yes,
        lang=lang,
        as_json=json,
    )
