"""``chatcrew doctor why``: why the bot said it, or is quiet, and on which lines it rests (N9)."""

import asyncio
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import typer

from chatcrew.app.telling import open_why
from chatcrew.cli._doctor import needed
from chatcrew.cli._provisioning import language_of, our_records, say_refusal
from chatcrew.cli._shown import shown
from chatcrew.clock import SystemClock
from chatcrew.errors import ConfigError, ConfigErrors, StoreError
from chatcrew.ids import ConversationId
from chatcrew.mailbox import PostgresMailbox
from chatcrew.provision.facts import accounts_of
from chatcrew.provision.refusals import Refusal
from chatcrew.settings import Settings
from chatcrew.tenancy import Configuration
from chatcrew.why import NEWEST, Story, lines

_ZONE = "America/Sao_Paulo"
"""Of a conversation whose business the mapping no longer knows."""

_WORDS = {
    "pt-BR": {
        "never": "nada nos registros sobre {conversation}",
        "no_turn": "{conversation} não tem a vez {turn} nos registros",
    },
    "en": {
        "never": "nothing in the records about {conversation}",
        "no_turn": "{conversation} has no turn {turn} in the records",
    },
}


def run_why(
    settings: Settings,
    conversation: str,
    *,
    turn: int | None,
    lang: str,
    as_json: bool,
    mapping: Path | None,
) -> int:
    """Print the account of a conversation's newest turns; return the exit code.

    Args:
        settings: where the files and records are.
        conversation: ``account/number``; ``account/bot/number`` where it has several bots.
        turn: only this one, 1 the newest; None: the newest few.
        lang: ``pt-BR`` or ``en``.
        as_json: one JSON object on one line instead of text.
        mapping: another mapping file than the settings name.
    """
    language = language_of(lang)
    try:
        configuration = needed(settings, mapping)
        wanted = _conversations(configuration, conversation)
        stories = asyncio.run(_stories(settings, configuration, wanted, turn))
    except (Refusal, ConfigError, ConfigErrors) as error:
        return say_refusal(error, language)
    missing = turn is not None and stories and not any(one.turns for one in stories)
    if as_json:
        typer.echo(orjson.dumps({"conversations": [_facts(one) for one in stories]}).decode())
    elif missing or not stories:
        key = "no_turn" if missing else "never"
        typer.echo(_WORDS[language][key].format(conversation=conversation, turn=turn))
    else:
        for one in stories:
            for line in lines(one, language, zone=_zone(configuration, one)):
                typer.echo(shown(line))
    return 0 if stories and not missing else 1


def _facts(story: Story) -> dict[str, object]:
    return {**story.standing.facts(), "turns": [one.facts() for one in story.turns]}


def _zone(configuration: Configuration, story: Story) -> tzinfo:
    tenant = configuration.tenants.get(story.standing.tenant or "")
    return ZoneInfo(tenant.timezone if tenant is not None else _ZONE)


def _conversations(configuration: Configuration, text: str) -> list[ConversationId]:
    """Return the ids a person may mean: one per bot of the account.

    Raises:
        Refusal: the text is no conversation, or names an unknown account.
    """
    parts = text.split("/")
    if len(parts) not in (2, 3) or not parts[-1].isdecimal():
        raise Refusal("bad_conversation", word=text)
    account, number = parts[0], int(parts[-1])
    bots = [one.name for one in configuration.bots.values() if one.account == account]
    if not bots:
        choices = ", ".join(accounts_of(configuration))
        raise Refusal("unknown_account", word=account, choices=choices)
    wanted = bots if len(parts) == 2 else [parts[1]]
    return [ConversationId(account, bot, number) for bot in wanted]


async def _stories(
    settings: Settings,
    configuration: Configuration,
    wanted: list[ConversationId],
    turn: int | None,
) -> list[Story]:
    """Return the stories of those conversations that our records know.

    Raises:
        Refusal: the records cannot be read.
    """
    clock = SystemClock()
    async with our_records(settings) as database:
        if database is None:
            raise Refusal("no_records", reason="chatcrew run?")
        mailbox = PostgresMailbox(database, clock, max_pending=1)
        why = open_why(
            database,
            states=mailbox,
            configuration=lambda: configuration,
            settings=settings,
            clock=clock,
        )
        found = []
        try:
            for one in wanted:
                standing = await why.standing(one, tenant=None)
                if standing is not None:
                    limit = NEWEST if turn is None else turn
                    told = await why.turns(one, tenant=None, limit=limit)
                    found.append(Story(standing, told if turn is None else told[turn - 1 :]))
        except StoreError as error:
            raise Refusal("no_records", reason=str(error)) from None
        finally:
            await mailbox.close()
        return found
