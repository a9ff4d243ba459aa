"""``chatcrew check``: every fault of the files at once, each with its place and a way out."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import orjson
import typer

from chatcrew import intents, tools
from chatcrew.cli._called import called
from chatcrew.cli._documents import with_documents
from chatcrew.hub.handing import REASONS
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.messages import Passage
from chatcrew.settings import Settings
from chatcrew.tenancy import Advice, Configuration, Fault, Intent, Report, Tenant
from chatcrew.tenancy import check as check_files

_WELL = {"pt-BR": "Tudo certo", "en": "All well"}
_NOUNS = {
    "pt-BR": {
        "bots": ("bot", "bots"),
        "tenants": ("negócio", "negócios"),
        "inboxes": ("caixa de entrada", "caixas de entrada"),
        "faults": ("falha", "falhas"),
        "warnings": ("aviso", "avisos"),
    },
    "en": {
        "bots": ("bot", "bots"),
        "tenants": ("business", "businesses"),
        "inboxes": ("inbox", "inboxes"),
        "faults": ("fault", "faults"),
        "warnings": ("warning", "warnings"),
    },
}
_VERSION = {"pt-BR": "versão", "en": "version"}
_WARNING = {"pt-BR": "aviso", "en": "warning"}
_ONLY_SECRETS = {
    "pt-BR": "Os arquivos estão certos, só faltam segredos; sem eles: {called} check --no-secrets",
    "en": "The files are well, only secrets are missing; without them: {called} check --no-secrets",
}


def run_check(
    settings: Settings,
    *,
    lang: str,
    as_json: bool,
    secrets: bool,
    mapping: Path | None,
    strict: bool = False,
) -> int:
    """Print faults and warnings; return the exit code: 0 without a fault, else 2.

    Args:
        settings: where the files are.
        lang: ``pt-BR`` or ``en``.
        as_json: one JSON object on one line instead of text.
        secrets: also see whether each secret reference leads to something.
        mapping: another mapping file than the settings name.
        strict: warnings are faults, too.
    """
    language = lang if lang in _WELL else "pt-BR"
    report = check_files(
        mapping or settings.mapping,
        settings.config_dir,
        settings.crews_dir,
        tools=tools.names(),
        read_secrets=secrets,
        advice=advice_on(datetime.now(UTC).date(), asks=settings.model_configured),
    )
    report = with_documents(report, datetime.now(UTC).date())
    if as_json:
        typer.echo(_json(report, language))
    else:
        _say(report, language)
    return 2 if report.faults or (strict and report.warnings) else 0


def _say(report: Report, language: str) -> None:
    """Print warnings, then what counts more: faults, or that all is well."""
    for warning in report.warnings:
        typer.echo(f"{_WARNING[language]}: {warning.render(language)}")
    if report.faults:
        say_faults(report, language, as_json=False)
    elif report.configuration is not None:
        typer.echo(_well(report.configuration, language))
    if report.warnings:
        typer.echo(_counted(len(report.warnings), "warnings", language), err=True)


def advice_on(today: date, *, asks: bool = False) -> Advice:
    """Bring what advice needs down from the floors above the files."""
    shelves: dict[str, MemoryKnowledge] = {}

    def hits(text: str, known: Sequence[Intent]) -> str | None:
        hit = intents.match(text, known)
        return None if hit is None else hit.intent.name

    def passages(tenant: Tenant, text: str) -> Sequence[Passage]:
        async def search() -> Sequence[Passage]:
            shelf = shelves.setdefault(tenant.key, MemoryKnowledge())
            await shelf.sync(tenant.key, tenant.faq, version="checked")
            return await shelf.search(tenant.key, text, version="checked")

        return asyncio.run(search())

    def found(tenant: Tenant, text: str) -> Collection[str]:
        return {one.source for one in passages(tenant, text)}

    def certain(tenant: Tenant, text: str) -> bool:
        return any(one.certain for one in passages(tenant, text)[:1])

    builtin = intents.builtin("pt-BR")
    return Advice(
        today=today,
        hits=hits,
        builtin=builtin,
        found=found,
        certain=certain,
        asks=asks,
        reasons=[*REASONS],
    )


def say_faults(report: Report, language: str, *, as_json: bool) -> None:
    """Print what is wrong with the files, as every command does that reads them."""
    if as_json:
        typer.echo(_json(report, language))
        return
    for fault in report.faults:
        typer.echo(fault.render(language))
    if report.configuration is not None:
        # what a first look at the shipped files finds
        typer.echo(_ONLY_SECRETS[language].format(called=called()))
    typer.echo(_counted(len(report.faults), "faults", language), err=True)


def _json(report: Report, language: str) -> str:
    configuration = report.configuration
    body = {
        "ok": not report.faults,
        "warnings": [_fault(warning, language) for warning in report.warnings],
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
    counts = (
        _counted(len(configuration.bots), "bots", language),
        _counted(len(configuration.tenants), "tenants", language),
        _counted(inboxes, "inboxes", language),
    )
    version = f"{_VERSION[language]} {configuration.version}"
    return f"{_WELL[language]}: {', '.join(counts)}; {version}"


def _counted(number: int, noun: str, language: str) -> str:
    one, more = _NOUNS[language][noun]
    return f"{number} {one if number == 1 else more}"
