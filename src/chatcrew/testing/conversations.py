"""Plays a tenant's conversation tests through a whole bot, with a model that says what they say."""

import asyncio
import contextlib
import secrets
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chatcrew.app.responder import CrewResponder
from chatcrew.clock import SystemClock
from chatcrew.crews import CrewPool, engines
from chatcrew.database import Database, EmbeddedServer, migrate
from chatcrew.knowledge import PostgresKnowledge
from chatcrew.tenancy import Configuration
from chatcrew.tenancy.conversations import (
    Conversation,
    Line,
    conversations_path,
    load_conversations,
)
from chatcrew.tenancy.vocabulary import CHANNEL_CLASSES
from chatcrew.testing._chatwoot import FakeChatwoot
from chatcrew.testing._chatwoot_people import Contact, Inbox
from chatcrew.testing._conversation_script import Script, WatchedCatalogue, WatchedMailbox
from chatcrew.testing._conversation_verdict import Failure, Played, Report, Seen, judged
from chatcrew.testing._mapping import write_mapping
from chatcrew.testing.bot import RunningBot, running_bot
from chatcrew.tools import builtin_catalogue

__all__ = [
    "PATIENCE",
    "Failure",
    "Played",
    "Report",
    "chosen",
    "run_conversations",
    "temporary_database",
]

PATIENCE = 60.0
"""Seconds for one line of the customer, the start of CrewAI included."""

CUSTOMER = "Maria da Silva"
"""Name of every customer, for texts that greet by it."""

_ACCOUNT = 1
_UNHURRIED = 45.0
"""Seconds a crew has at least: what is tested is what it says, not how fast this machine is."""


@contextlib.asynccontextmanager
async def _folder() -> AsyncIterator[Path]:
    """Give a folder that is gone after the block."""
    made = await asyncio.to_thread(tempfile.mkdtemp, prefix="chatcrew-play-")
    try:
        yield Path(made)
    finally:
        await asyncio.to_thread(shutil.rmtree, made, ignore_errors=True)


@contextlib.asynccontextmanager
async def temporary_database() -> AsyncIterator[Database]:
    """Give a database of its own, with all tables, on a server that ends with the block.

    Raises:
        StoreError: the embedded server cannot be started.
    """
    async with _folder() as folder:
        # Root's database runs under another account, which must be able to pass
        await asyncio.to_thread(folder.chmod, 0o711)
        server = EmbeddedServer(folder / "data", durable=False)
        await server.start()
        try:
            async with await Database.open(server.url, pool_size=5) as database:
                await migrate(database)
                yield database
        finally:
            await server.stop()


async def run_conversations(
    tenant: str,
    *,
    config_dir: Path,
    crews_dir: Path,
    database: Database,
    channel: str | None = None,
    name: str = "",
    told: Callable[[Played], None] = lambda _: None,
) -> Report:
    """Play the conversation tests of ``domain/tenant`` and say how each went.

    The pipeline is the real one; only Chatwoot and the model are played. Nobody waits for a quiet
    customer or asks a second model because the first is slow.

    Args:
        tenant: whose.
        config_dir: folder of domains, as it is on disk now.
        crews_dir: folder of crews.
        database: migrated; what is written into it disturbs no other run.
        channel: only conversations of this channel.
        name: only those with this in their name, in capitals or not.
        told: told of each as soon as it is over.

    Raises:
        ConfigErrors: a file the admin edits is at fault, or there is no such tenant.
        StoreError: the database is away.
    """
    found = await asyncio.to_thread(load_conversations, conversations_path(config_dir, tenant))
    wanted = chosen(found, channel=channel, name=name)
    async with _stage(tenant, wanted, config_dir, crews_dir, database) as stage:
        played: list[Played] = []
        for number, one in enumerate(wanted):
            played.append(await stage.play(number, one))
            told(played[-1])
        return Report(tenant, stage.configuration.version, tuple(played))


def chosen(
    found: Iterable[Conversation], *, channel: str | None, name: str
) -> tuple[Conversation, ...]:
    """Return those of a channel (None: any) that have ``name`` in theirs, in capitals or not."""
    return tuple(
        one
        for one in found
        if channel in (None, one.channel) and name.casefold() in one.name.casefold()
    )


@dataclass(slots=True)
class _Stage:
    """A bot and its Chatwoot, with the strings that move the model."""

    chatwoot: FakeChatwoot
    inboxes: Mapping[str, Inbox]
    bot: RunningBot
    configuration: Configuration
    routes: Mapping[str, str]
    script: Script
    catalogue: WatchedCatalogue
    mailbox: WatchedMailbox

    async def play(self, number: int, conversation: Conversation) -> Played:
        """Let a new customer say every line, until one goes wrong."""
        begun = time.monotonic()
        # Answers that may be given again belong to a version, so none goes over to the next
        version = f"{self.configuration.version}-{number}"
        self.bot.base.directory.swap(replace(self.configuration, version=version))
        inbox = self.inboxes[conversation.channel]
        contact = self.chatwoot.accounts[_ACCOUNT].add_contact(
            name=CUSTOMER,
            email=f"maria{number}@example.com",
            phone_number=f"+5511{990000000 + number}",
        )
        failures: tuple[Failure, ...] = ()
        for line in conversation.lines:
            failures = judged(line, await self._say(inbox, contact, line), routes=self.routes)
            if failures:
                break
        return Played(
            name=conversation.name,
            channel=conversation.channel,
            place=conversation.place,
            seconds=round(time.monotonic() - begun, 3),
            failures=failures,
        )

    async def _say(self, inbox: Inbox, contact: Contact, line: Line) -> Seen:
        """Let the customer say one line and wait for what comes of it."""
        self.script.begin(line)
        self.catalogue.begin()
        self.mailbox.begin()
        late = False
        try:
            for text in line.says:
                talk = await self.chatwoot.customer_says(inbox, contact, text)
            answering, before = talk.status == "pending", len(talk.public_bot_replies)
            await self.chatwoot.idle()
        finally:
            self.mailbox.go()
        try:
            await self.bot.quiet(within=PATIENCE)
            await self.chatwoot.idle()
            await self.bot.quiet(within=PATIENCE)
        except TimeoutError:
            late = True
        return Seen(
            records=self.mailbox.records,
            routed=self.mailbox.routed,
            called=self.catalogue.called,
            replies=talk.public_bot_replies[before:],
            people=talk.status != "pending",
            answering=answering,
            late=late,
        )


@contextlib.asynccontextmanager
async def _stage(
    tenant: str,
    conversations: Sequence[Conversation],
    config_dir: Path,
    crews_dir: Path,
    database: Database,
) -> AsyncIterator[_Stage]:
    """Set up everything that the conversations of one tenant need."""
    # Ids begin at 1 each time: its own labels keep a run apart from those before it
    label = f"test-{secrets.token_hex(4)}"
    clock = SystemClock()
    async with contextlib.AsyncExitStack() as stack:
        folder = await stack.enter_async_context(_folder())
        chatwoot = await stack.enter_async_context(FakeChatwoot(speed=100.0, receipts=()))
        account = chatwoot.add_account(_ACCOUNT, "chatcrew test")
        names = sorted({one.channel for one in conversations})
        inboxes = {name: account.add_inbox(channel=_channel_class(name)) for name in names}
        agent_bot = account.add_bot()
        mapping = await asyncio.to_thread(
            write_mapping,
            folder,
            base_url=chatwoot.url,
            bots={label: agent_bot},
            inboxes={inbox.id: name for name, inbox in inboxes.items()},
            tenant=tenant,
            account=label,
        )
        pool = CrewPool(size=1)
        stack.push_async_callback(pool.close)
        script, catalogue = Script(), WatchedCatalogue(builtin_catalogue())
        mailbox = WatchedMailbox(database, clock)
        responder = CrewResponder(
            engines(pool),
            model=script,
            catalogue=catalogue,
            knowledge=PostgresKnowledge(database),
            default_model="scripted",
            available=True,
            clock=clock,
        )
        bot = await stack.enter_async_context(
            running_bot(
                database,
                mapping,
                config_dir=config_dir,
                crews_dir=crews_dir,
                responder=responder,
                mailbox=mailbox,
            )
        )
        agent_bot.outgoing_url = bot.webhook_url(label)
        configuration = _unhurried(bot.base.directory.current)
        yield _Stage(
            chatwoot=chatwoot,
            inboxes=inboxes,
            bot=bot,
            configuration=configuration,
            routes={
                one.name: one.route
                for one in configuration.tenants[tenant].intents
                if one.route is not None
            },
            script=script,
            catalogue=catalogue,
            mailbox=mailbox,
        )


def _unhurried(configuration: Configuration) -> Configuration:
    """Wait for no second message, ask no second model, and let no slow machine decide."""
    crews = {
        key: replace(
            crew,
            hedge=0.0,
            deadline=max(crew.deadline, _UNHURRIED),
            timing=replace(crew.timing, quiet=0.0),
            delivery=replace(crew.delivery, gap=0.0, delay=0.0),
        )
        for key, crew in configuration.crews.items()
    }
    return replace(configuration, crews=crews)


def _channel_class(name: str) -> str:
    """Return Chatwoot's class of a channel; one of the admin's own comes in by the API."""
    return next((one for one, ours in CHANNEL_CLASSES.items() if ours == name), "Channel::Api")
