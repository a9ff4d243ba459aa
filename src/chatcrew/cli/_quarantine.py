"""``chatcrew quarantine``: signed deliveries nobody could use: look, try again, discard."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime

import orjson
import typer

from chatcrew.app.clients import BotClients
from chatcrew.app.configuration import load_directory
from chatcrew.app.secrets import SecretBox
from chatcrew.app.storage import open_database
from chatcrew.chatwoot import Pacing, Transport, open_session, webhook
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.errors import ChatwootError, WebhookError
from chatcrew.mailbox import PostgresMailbox, Quarantined, QuarantinedBody
from chatcrew.messages import Timing, Weight
from chatcrew.settings import Settings
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Directory
from chatcrew.tenancy.model import Bot
from chatcrew.web import Reception
from chatcrew.worker.sweep_recover import Target, moved

_WORDS = {
    "pt-BR": {
        "empty": "Nada em quarentena",
        "columns": "número  recebida em (UTC)         bytes  motivo            bot",
        "nothing": "{id}: não está em quarentena",
        "discarded": "{id}: descartada",
        "stored": "{id}: guardada; segue o caminho normal",
        "duplicate": "{id}: já era conhecida; saiu da quarentena",
        "noise": "{id}: não pede nada; saiu da quarentena",
        "no_bot": "{id}: o mapeamento não tem o bot {bot!r}; continua em quarentena",
        "refused": "{id}: recusada de novo ({why}); continua em quarentena",
        "unseen": "{id}: o Chatwoot não mostrou como a conversa está ({why}); continua em "
        "quarentena, para o bot não responder no lugar de uma pessoa",
    },
    "en": {
        "empty": "Nothing in quarantine",
        "columns": "number  received at (UTC)         bytes  reason            bot",
        "nothing": "{id}: not in quarantine",
        "discarded": "{id}: discarded",
        "stored": "{id}: stored; it goes its normal way",
        "duplicate": "{id}: was known already; out of quarantine",
        "noise": "{id}: asks for nothing; out of quarantine",
        "no_bot": "{id}: the mapping has no bot {bot!r}; stays in quarantine",
        "refused": "{id}: refused again ({why}); stays in quarantine",
        "unseen": "{id}: Chatwoot did not show how the conversation is now ({why}); stays in "
        "quarantine, so that the bot does not answer over a person's head",
    },
}
_ALL = "all"
_MOST = 10_000


async def run_quarantine(
    settings: Settings,
    *,
    show: int | None,
    retry: str | None,
    discard: str | None,
    limit: int,
    lang: str,
    as_json: bool,
) -> None:
    """List the quarantine, or do with its deliveries what one option says.

    Raises:
        typer.Exit: with 1 where a delivery is not there or could not be used again.
    """
    words = _WORDS.get(lang, _WORDS["pt-BR"])
    async with AsyncExitStack() as stack:
        database = await open_database(settings, stack, name="chatcrew-quarantine", may_own=True)
        kept = PostgresMailbox(database, SystemClock())
        stack.push_async_callback(kept.close)
        if show is not None:
            done = await _show(kept, show, words)
        elif discard is not None:
            done = await _discard(kept, await _numbers(kept, discard), words)
        elif retry is not None:
            numbers = await _numbers(kept, retry)
            again = await _Again.open(settings, database, stack)
            done = all([await again.one(number, words) for number in numbers])
        else:
            done = _list(await kept.in_quarantine(limit=limit), words, as_json=as_json)
    if not done:
        raise typer.Exit(1)


def _list(found: Sequence[Quarantined], words: Mapping[str, str], *, as_json: bool) -> bool:
    if as_json:
        rows = [
            {"id": one.id, "bot": one.bot, "received_at": one.at, "reason": one.reason}
            | {"size": one.size}
            for one in found
        ]
        typer.echo(orjson.dumps(rows).decode())
    elif not found:
        typer.echo(words["empty"])
    else:
        typer.echo(words["columns"])
        for one in found:
            at = f"{one.at:%Y-%m-%d %H:%M:%S}"
            typer.echo(f"{one.id:>6}  {at:<20} {one.size:>10}  {one.reason:<16}  {one.bot}")
    return True


async def _show(kept: PostgresMailbox, number: int, words: Mapping[str, str]) -> bool:
    """Write the body's very bytes to standard output, for a file or ``jq``."""
    found = await kept.quarantined_body(number)
    if found is None:
        typer.echo(words["nothing"].format(id=number), err=True)
        return False
    sys.stdout.buffer.write(found.body)
    sys.stdout.buffer.flush()
    return True


async def _discard(kept: PostgresMailbox, numbers: Sequence[int], words: Mapping[str, str]) -> bool:
    done = [await kept.discard_quarantined(number) for number in numbers]
    for number, gone in zip(numbers, done, strict=True):
        typer.echo(words["discarded" if gone else "nothing"].format(id=number), err=not gone)
    return all(done)


async def _numbers(kept: PostgresMailbox, said: str) -> list[int]:
    """Return the deliveries an option names: a number, or all of them, oldest first."""
    if said != _ALL:
        return [int(said)]
    return [one.id for one in await kept.in_quarantine(limit=_MOST)]


class _Then(SystemClock):
    """The moment at which a delivery came: its signature is as old as that."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


class _Mailbox(PostgresMailbox):
    """Takes deliveries; what is refused again is in quarantine already."""

    async def quarantine(
        self, bot: str, *, reason: str, headers: Mapping[str, str], body: bytes, at: datetime
    ) -> None:
        """Keep nothing twice."""


class _Again:
    """Puts deliveries through the normal path once more."""

    def __init__(self, directory: Directory, mailbox: _Mailbox, clients: BotClients) -> None:
        self._directory = directory
        self._mailbox = mailbox
        self._clients = clients
        self._secrets = SecretBox(SystemClock())

    @classmethod
    async def open(cls, settings: Settings, database: Database, stack: AsyncExitStack) -> "_Again":
        """Return one over the configuration as it is now; what it opens is closed by ``stack``."""
        directory, clock = await load_directory(settings), SystemClock()
        mailbox = _Mailbox(database, clock, max_pending=settings.mailbox_limit)
        stack.push_async_callback(mailbox.close)
        session = await stack.enter_async_context(open_session())
        pacing = Pacing(clock, per_minute=settings.chatwoot_per_minute, share=1)
        transport = Transport(lambda: session, pacing=pacing, clock=clock)
        clients = BotClients(directory, transport=transport, secrets=SecretBox(clock))
        return cls(directory, mailbox, clients)

    async def one(self, number: int, words: Mapping[str, str]) -> bool:
        """Try one again, say what became of it, and forget it where it was taken."""
        found = await self._mailbox.quarantined_body(number)
        if found is None:
            typer.echo(words["nothing"].format(id=number), err=True)
            return False
        bot = self._directory.current.bots.get(found.entry.bot)
        if bot is None:
            typer.echo(words["no_bot"].format(id=number, bot=found.entry.bot), err=True)
            return False
        try:
            await self._look(bot, found)
            receipt = await self._reception(found).accept(bot, found.body, found.headers)
        except WebhookError as error:
            typer.echo(words["refused"].format(id=number, why=error.kind), err=True)
            return False
        except (ChatwootError, KeyError) as error:
            why = getattr(error, "status", None) or type(error).__name__
            typer.echo(words["unseen"].format(id=number, why=why), err=True)
            return False
        await self._mailbox.discard_quarantined(number)
        typer.echo(words[receipt.result].format(id=number))
        return True

    def _reception(self, found: QuarantinedBody) -> Reception:
        return Reception(
            self._directory,
            mailbox=self._mailbox,
            secrets=self._secrets,
            metrics=Metrics(),
            clock=_Then(found.entry.at),
        )

    async def _look(self, bot: Bot, found: QuarantinedBody) -> None:
        """Take in how the conversation is now, before its old message wakes the bot.

        Chatwoot gave it to people when we refused the message (lib/webhooks/trigger.rb).

        Raises:
            ChatwootError: it is not shown.
            KeyError: a reload took the bot out of the mapping.
            WebhookError: the body still cannot be read.
        """
        classified = webhook.classify(webhook.parse(found.body), bot=bot)
        if classified.weight is not Weight.TURN or classified.conversation is None:
            return
        snapshot = classified.change.snapshot
        channel = snapshot.channel if snapshot else None
        configuration = self._directory.current
        route = configuration.route(bot.account, classified.inbox_id, channel_class=channel)
        if route is None:
            return  # refused again in a moment
        client = await self._clients.client(bot.name)
        shown = await client.conversation(classified.conversation)
        now = SystemClock().now()
        target = Target(bot, classified.conversation, route, Timing(), now, None)
        await self._mailbox.put(moved(target, shown))
