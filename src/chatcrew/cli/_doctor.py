"""``chatcrew doctor``: what is wrong with an installation."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import orjson
import typer

from chatcrew.cli._doctor_files import OWN, examine_files
from chatcrew.cli._provisioning import (
    configured,
    language_of,
    our_records,
    say_refusal,
    to_chatwoot,
)
from chatcrew.clock import SystemClock
from chatcrew.errors import ConfigError, ConfigErrors, StoreError
from chatcrew.provision._sql import PostgresExaminations, PostgresRecords
from chatcrew.provision.facts import Examiner, accounts_of
from chatcrew.provision.findings import Finding
from chatcrew.provision.probes import Judge
from chatcrew.provision.refusals import Refusal
from chatcrew.provision.sentences import FEATURES
from chatcrew.settings import Settings
from chatcrew.tenancy import Configuration

_MARKS = {
    "pt-BR": {"ok": "ok     ", "warning": "atenção", "fault": "FALHA  "},
    "en": {"ok": "ok     ", "warning": "warning", "fault": "FAULT  "},
}
_WORDS = {
    "pt-BR": {
        "fault": "falha|falhas",
        "warning": "ponto de atenção|pontos de atenção",
        "ok": "ok|ok",
        "features": "não funciona agora: {names}",
        "own": "arquivos",
    },
    "en": {
        "fault": "fault|faults",
        "warning": "warning|warnings",
        "ok": "ok|ok",
        "features": "not working now: {names}",
        "own": "files",
    },
}


def run_doctor(
    settings: Settings,
    *,
    account: str | None,
    public_url: str | None,
    lang: str,
    as_json: bool,
    mapping: Path | None,
) -> int:
    """Print what was found; return the exit code: 0, 1 with a fault, 2 where files are at fault.

    Args:
        settings: where the files are.
        account: label of one account, None for all.
        public_url: our address as Chatwoot should have it, or None.
        lang: ``pt-BR`` or ``en``.
        as_json: one JSON object on one line instead of text.
        mapping: another mapping file than the settings name.
    """
    language = language_of(lang)
    try:
        configuration = needed(settings, mapping)
        known = list(accounts_of(configuration))
        if account is not None and account not in known:
            raise Refusal("unknown_account", word=account, choices=", ".join(known))
        wanted = known if account is None else [account]
        # Another mapping is not what the server runs with
        found = asyncio.run(
            _examine(settings, configuration, wanted, public_url=public_url, files=mapping is None)
        )
    except (Refusal, ConfigError, ConfigErrors) as error:
        return say_refusal(error, language)
    faults = sum(one.level == "fault" for one in found)
    if as_json:
        typer.echo(_json(found, language))
        return 1 if faults else 0
    for line in _lines(found, language):
        typer.echo(line)
    return 1 if faults else 0


def _lines(found: list[Finding], language: str) -> Iterator[str]:
    """Yield what a person reads: of each account first what to mend, last what is well."""
    words, marks = _WORDS[language], _MARKS[language]
    for account in dict.fromkeys(one.account for one in found):
        yield words["own"] if account == OWN else account
        for level in ("fault", "warning", "ok"):
            for one in found:
                if one.account == account and one.level == level:
                    yield f"  {marks[level]}  {one.render(language)}"
    index = 0 if language == "pt-BR" else 1
    lost = dict.fromkeys(FEATURES[name][index] for one in found for name in one.features)
    if lost:
        yield words["features"].format(names=", ".join(lost))
    levels = Counter(one.level for one in found)
    yield ", ".join(_count(levels[level], words[level]) for level in ("fault", "warning", "ok"))


def _count(number: int, words: str) -> str:
    """Return a number with its word, such as ``1 falha``."""
    one, _, many = words.partition("|")
    return f"{number} {one if number == 1 else many}"


async def _examine(
    settings: Settings,
    configuration: Configuration,
    accounts: list[str],
    *,
    public_url: str | None,
    files: bool,
) -> list[Finding]:
    clock = SystemClock()
    found: list[Finding] = []
    async with to_chatwoot(settings, clock) as to, our_records(settings) as database:
        records = PostgresRecords(database, configuration.bots) if database else None
        kept = PostgresExaminations(database) if database else None
        examiner = Examiner(
            to, configuration=configuration, records=records, clock=clock, examinations=kept
        )
        if files:
            found += await examine_files(settings, configuration, database)
        for account in accounts:
            facts = await examiner.account(account)
            judge = Judge(facts, per_minute=settings.chatwoot_per_minute, public_url=public_url)
            found.extend(judge.findings())
            if kept is not None:
                # The server looks anew too: what was mended works within a minute.
                with contextlib.suppress(StoreError):
                    await kept.again(account, due=clock.now())
    return found


def _json(found: list[Finding], language: str) -> str:
    rows = [
        {
            "account": one.account,
            "probe": one.probe,
            "level": one.level,
            "code": one.code,
            "text": one.render(language),
            "features": list(one.features),
        }
        for one in found
    ]
    degraded = sorted({name for one in found for name in one.features})
    faulty = any(one.level == "fault" for one in found)
    return orjson.dumps({"ok": not faulty, "degraded": degraded, "findings": rows}).decode()


def needed(settings: Settings, mapping: Path | None) -> Configuration:
    """Return what the files say.

    Raises:
        ConfigErrors: a file is at fault.
        Refusal: the mapping says nothing yet.
    """
    configuration = configured(settings, mapping or settings.mapping)
    if configuration is None:
        raise Refusal("needed", what="chatwoot_mapping.yaml: chatcrew connect")
    return configuration
