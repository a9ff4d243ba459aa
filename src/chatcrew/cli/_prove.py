"""``chatcrew prove``: the chain of a conversation's records, and where it is broken (N3)."""

import asyncio
from pathlib import Path

import orjson
import typer

from chatcrew.app.secrets import SecretBox
from chatcrew.chatwoot import ChatwootClient
from chatcrew.cli._doctor import needed
from chatcrew.cli._provisioning import language_of, our_records, say_refusal, to_chatwoot
from chatcrew.cli._shown import shown
from chatcrew.cli._which import conversations_meant, zone_of
from chatcrew.clock import Clock, SystemClock
from chatcrew.errors import ChatwootError, ConfigError, ConfigErrors, StoreError
from chatcrew.ids import ConversationId, is_simulated
from chatcrew.proofs import Chain, PostgresChains, Proof, found_in_chatwoot, lines, prove
from chatcrew.provision.refusals import Refusal
from chatcrew.settings import Settings
from chatcrew.tenancy import Configuration

_WORDS = {
    "pt-BR": {
        "never": "nada nos registros sobre {conversation}",
        "not_read": "O Chatwoot não foi lido de volta ({reason}).",
        "no_token": "a conta não tem user_token",
    },
    "en": {
        "never": "nothing in the records about {conversation}",
        "not_read": "Chatwoot was not read back ({reason}).",
        "no_token": "the account has no user_token",
    },
}

_NO_USER = "no_token"


def run_prove(
    settings: Settings,
    conversation: str,
    *,
    turns: int,
    read_back: bool,
    lang: str,
    as_json: bool,
    mapping: Path | None,
) -> int:
    """Print the chain; return the exit code: 0 whole, 1 broken or unknown, 2 a fault of the files.

    Args:
        settings: where the files and records are.
        conversation: ``account/number``; ``account/bot/number`` where it has several bots.
        turns: how many of the newest.
        read_back: ask Chatwoot, too.
        lang: ``pt-BR`` or ``en``.
        as_json: one JSON object on one line instead of text.
        mapping: another mapping file than the settings name.
    """
    language = language_of(lang)
    try:
        configuration = needed(settings, mapping)
        wanted = conversations_meant(configuration, conversation)
        proofs = asyncio.run(_proofs(settings, configuration, wanted, turns, read_back=read_back))
    except (Refusal, ConfigError, ConfigErrors) as error:
        return say_refusal(error, language)
    if as_json:
        facts = [{**proof.facts(), "not_read": unread} for proof, unread in proofs]
        typer.echo(orjson.dumps({"conversations": facts}).decode())
    elif not proofs:
        typer.echo(_WORDS[language]["never"].format(conversation=conversation))
    else:
        _say(proofs, configuration, language, turns)
    return 0 if proofs and all(proof.whole for proof, _ in proofs) else 1


def _say(
    proofs: list[tuple[Proof, str | None]],
    configuration: Configuration,
    language: str,
    limit: int,
) -> None:
    words = _WORDS[language]
    for proof, unread in proofs:
        zone = zone_of(configuration, proof.chain.tenant)
        for line in lines(proof, language, zone=zone, limit=limit):
            typer.echo(shown(line))
        if unread is not None:
            reason = words["no_token"] if unread == _NO_USER else unread
            typer.echo(shown(words["not_read"].format(reason=reason)))


async def _proofs(
    settings: Settings,
    configuration: Configuration,
    wanted: list[ConversationId],
    turns: int,
    *,
    read_back: bool,
) -> list[tuple[Proof, str | None]]:
    """Return the proof of each conversation that our records know, and why one was not read back.

    Raises:
        Refusal: the records cannot be read.
    """
    clock = SystemClock()
    async with our_records(settings) as database:
        if database is None:
            raise Refusal("no_records", reason="chatcrew run?")
        chains = PostgresChains(database)
        found = []
        for one in wanted:
            try:
                chain = await chains.chain(one, limit=turns)
                if chain is None:
                    continue
                held, unread = None, None
                if read_back and not is_simulated(one.bot):
                    held, unread = await _held(settings, configuration, chain, clock)
                    # What came while we asked is no contradiction
                    chain = await chains.chain(one, limit=turns) or chain
            except StoreError as error:
                raise Refusal("no_records", reason=str(error)) from None
            found.append((prove(chain, now=clock.now(), chatwoot=held), unread))
        return found


async def _held(
    settings: Settings, configuration: Configuration, chain: Chain, clock: Clock
) -> tuple[dict[str, int] | None, str | None]:
    """Return what Chatwoot holds by tag, or why it was not asked."""
    bot = configuration.bots.get(chain.conversation.bot)
    if bot is None or bot.user_token is None:
        return None, _NO_USER
    ids = [part.message_id for turn in chain.turns for part in turn.parts if part.message_id]
    box = SecretBox(clock)
    try:
        token, user = await box.read(bot.token), await box.read(bot.user_token)
        async with to_chatwoot(settings, clock) as transport:
            client = ChatwootClient(
                transport,
                base_url=bot.base_url,
                account_id=bot.account_id,
                token=token.decode("ascii", "replace"),
                user_token=user.decode("ascii", "replace"),
            )
            found = await found_in_chatwoot(
                client, chain.conversation.number, oldest=min(ids, default=0)
            )
    except (ChatwootError, ConfigError) as error:
        return None, str(error)
    return dict(found), None
