"""``chatcrew sync``: inboxes that came or went in Chatwoot, as a diff of the mapping."""

import asyncio
from pathlib import Path

import typer

from chatcrew.chatwoot.admin import AdminClient
from chatcrew.cli._provisioning import (
    configured,
    faults_of,
    language_of,
    say_refusal,
    to_chatwoot,
)
from chatcrew.clock import SystemClock
from chatcrew.errors import ChatwootError, ConfigError, ConfigErrors
from chatcrew.provision.entry import unified
from chatcrew.provision.facts import accounts_of
from chatcrew.provision.files import MappingFile
from chatcrew.provision.reading import value_of
from chatcrew.provision.refusals import Refusal, refusal_of
from chatcrew.provision.sync import Differences, differences, synced
from chatcrew.settings import Settings
from chatcrew.tenancy import Configuration

_WORDS = {
    "pt-BR": {
        "same": "{account}: o mapeamento e as caixas batem",
        "unmapped": "{account}: caixa {inbox} ({name}) tem o nosso bot e não está no mapeamento",
        "vanished": "{account}: caixa {inbox} não existe mais no Chatwoot",
        "unknown": "{account}: caixa {inbox} ({name}): canal {channel} desconhecido; escreva à mão",
        "without": "{account}: caixas sem o nosso bot, nada a fazer: {names}",
        "written": "{path} foi escrito; a versão anterior está em {backup}",
        "propose": "Para aplicar: chatcrew sync --write",
    },
    "en": {
        "same": "{account}: mapping and inboxes agree",
        "unmapped": "{account}: inbox {inbox} ({name}) has our bot and is not in the mapping",
        "vanished": "{account}: inbox {inbox} does not exist in Chatwoot any more",
        "unknown": "{account}: inbox {inbox} ({name}): unknown channel {channel}; write it by hand",
        "without": "{account}: inboxes without our bot, nothing to do: {names}",
        "written": "{path} was written; the version before is in {backup}",
        "propose": "To apply it: chatcrew sync --write",
    },
}


def run_sync(
    settings: Settings, account: str | None, *, write: bool, lang: str, mapping: Path | None
) -> int:
    """Print a diff; return the exit code: 0 without differences or once written, 1 with some.

    An account that cannot be looked at is told, and the others are looked at all the same; the
    exit code is then what it would be for that account alone: 1 where Chatwoot is away, else 2.

    Args:
        settings: where the files are.
        account: label of the account, None for all.
        write: apply the diff.
        lang: ``pt-BR`` or ``en``.
        mapping: another mapping file than the settings name.
    """
    language, path = language_of(lang), mapping or settings.mapping
    try:
        configuration = configured(settings, path)
        known = list(accounts_of(configuration)) if configuration is not None else []
        wanted = known if account is None else [account]
        if configuration is None or not set(wanted) <= set(known):
            choices = ", ".join(known) or "-"
            raise Refusal("unknown_account", word=account or "-", choices=choices)
        looked = asyncio.run(_look(settings, configuration, wanted))
        unseen = [say_refusal(one, language) for one in looked if isinstance(one, Refusal)]
        found = [one for one in looked if isinstance(one, Differences)]
        ends = (*unseen, _settle(settings, path, found, write=write, language=language))
        return max(ends)
    except (Refusal, ConfigError, ConfigErrors, OSError) as error:
        return say_refusal(error, language)


async def _look(
    settings: Settings, configuration: Configuration, accounts: list[str]
) -> list[Differences | Refusal]:
    """Compare each account, or say why that one cannot be: no answer, no right, no token."""
    found: list[Differences | Refusal] = []
    async with to_chatwoot(settings, SystemClock()) as to:
        for account in accounts:
            bot = next(one for one in configuration.bots.values() if one.account == account)
            token = await value_of(bot.user_token) if bot.user_token is not None else None
            if token is None:
                code = "no_user_token" if bot.user_token is None else "user_token_unread"
                found.append(Refusal(code, account=account))
                continue
            admin = AdminClient(to, base_url=bot.base_url, token=token)
            try:
                found.append(await differences(admin, configuration, account))
            except ChatwootError as error:
                found.append(refusal_of(error, url=bot.base_url))
    return found


def _settle(
    settings: Settings, path: Path, found: list[Differences], *, write: bool, language: str
) -> int:
    words = _WORDS[language]
    for one in found:
        for line in _lines(one, words):
            typer.echo(line)
    mapping = MappingFile.read(path)
    text = mapping.text
    for one in found:
        text = synced(text, one)
    if text == mapping.text:
        return 0
    for line in unified(mapping.text, text, path.name):
        typer.echo(line)
    if not write:
        typer.echo(words["propose"])
        return 1
    clock = SystemClock()
    backup = mapping.replace(text, check=lambda new: faults_of(settings, new), now=clock.now())
    typer.echo(words["written"].format(path=path, backup=backup))
    return 0


def _lines(found: Differences, words: dict[str, str]) -> list[str]:
    """Return what is said of one account before the diff."""
    account = found.account
    lines = [
        words["unmapped"].format(account=account, inbox=one.id, name=one.name)
        for one in found.unmapped
    ]
    lines += [words["vanished"].format(account=account, inbox=one) for one in found.vanished]
    lines += [
        words["unknown"].format(
            account=account, inbox=one.id, name=one.name, channel=one.channel_class
        )
        for one in found.unknown_channel
    ]
    if not lines:
        lines.append(words["same"].format(account=account))
    if found.without_bot:
        names = ", ".join(f"{one.id} ({one.name})" for one in found.without_bot)
        lines.append(words["without"].format(account=account, names=names))
    return lines
