"""``chatcrew check``: every fault of the files at once, each with its place and a way out."""

from pathlib import Path

import orjson
import typer

from chatcrew import tools
from chatcrew.settings import Settings
from chatcrew.tenancy import Configuration, Fault, Report
from chatcrew.tenancy import check as check_files

_WELL = {"pt-BR": "Tudo certo", "en": "All well"}
_COUNT = {"pt-BR": "falha(s)", "en": "fault(s)"}


def run_check(
    settings: Settings, *, lang: str, as_json: bool, secrets: bool, mapping: Path | None
) -> int:
    """Print the faults; return the exit code: 0 without any, else 2.

    Args:
        settings: where the files are.
        lang: ``pt-BR`` or ``en``.
        as_json: one JSON object on one line instead of text.
        secrets: also see whether each secret reference leads to something.
        mapping: another mapping file than the settings name.
    """
    language = lang if lang in _WELL else "pt-BR"
    report = check_files(
        mapping or settings.mapping,
        settings.config_dir,
        settings.crews_dir,
        tools=tools.names(),
        read_secrets=secrets,
    )
    if as_json or report.faults:
        say_faults(report, language, as_json=as_json)
    elif report.configuration is not None:
        typer.echo(_well(report.configuration, language))
    return 2 if report.faults else 0


def say_faults(report: Report, language: str, *, as_json: bool) -> None:
    """Print what is wrong with the files, as every command does that reads them."""
    if as_json:
        typer.echo(_json(report, language))
        return
    for fault in report.faults:
        typer.echo(fault.render(language))
    typer.echo(f"{len(report.faults)} {_COUNT[language]}", err=True)


def _json(report: Report, language: str) -> str:
    configuration = report.configuration
    body = {
        "ok": not report.faults,
        "version": configuration.version if configuration else None,
        "faults": [_fault(fault, language) for fault in report.faults],
    }
    return orjson.dumps(body).decode()


def _fault(fault: Fault, language: str) -> dict[str, object]:
    return {
        "code": fault.code,
        "file": fault.file,
        "line": fault.line,
        "column": fault.column,
        "path": fault.path,
        "text": fault.render(language),
    }


def _well(configuration: Configuration, language: str) -> str:
    inboxes = sum(inbox is not None for _, inbox in configuration.routes)
    return (
        f"{_WELL[language]}: {len(configuration.bots)} bot(s), "
        f"{len(configuration.tenants)} tenant(s), {inboxes} inbox(es), "
        f"{configuration.version}"
    )
