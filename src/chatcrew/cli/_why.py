"""``chatcrew doctor why``: why the bot said it, or is quiet, and on which lines it rests (N9)."""

import asyncio
from pathlib import Path

import orjson
import typer

from chatcrew.app.telling import open_why
from chatcrew.cli._doctor import needed
from chatcrew.cli._provisioning import language_of, our_records, say_refusal
from chatcrew.cli._shown import shown
from chatcrew.cli._which import conversations_meant, zone_of
from chatcrew.clock import SystemClock
from chatcrew.errors import ConfigError, ConfigErrors, StoreError
from chatcrew.ids import ConversationId
from chatcrew.mailbox import PostgresMailbox
from chatcrew.provision.refusals import Refusal
from chatcrew.settings import Settings
from chatcrew.tenancy import Configuration
from chatcrew.why import NEWEST, Story, lines

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
        wanted = conversations_meant(configuration, conversation)
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
            for line in lines(one, language, zone=zone_of(configuration, one.standing.tenant)):
                typer.echo(shown(line))
    return 0 if stories and not missing else 1


def _facts(story: Story) -> dict[str, object]:
    return {**story.standing.facts(), "turns": [one.facts() for one in story.turns]}


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
