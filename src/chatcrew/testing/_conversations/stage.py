"""A bot and its Chatwoot on which conversation tests are played, one after the other."""

import asyncio
import contextlib
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from chatcrew.answers import PostgresAnswers
from chatcrew.app.responder import CrewResponder
from chatcrew.cache import Scope
from chatcrew.clock import SystemClock
from chatcrew.crews import CrewPool, choose, engines
from chatcrew.database import Database
from chatcrew.intents import Classifiers
from chatcrew.knowledge import PostgresKnowledge
from chatcrew.tenancy import Configuration, Tenant
from chatcrew.tenancy.conversations import Conversation, Line
from chatcrew.tenancy.vocabulary import CHANNEL_CLASSES, FALLBACK_CREW
from chatcrew.testing._chatwoot.fake import FakeChatwoot
from chatcrew.testing._chatwoot.people import Contact, Inbox
from chatcrew.testing._conversations.script import Script, WatchedCatalogue, WatchedMailbox
from chatcrew.testing._conversations.verdict import Failure, Played, Seen, judged
from chatcrew.testing._mapping import write_mapping
from chatcrew.testing.bot import RunningBot, running_bot
from chatcrew.tools import TenantCatalogue, everybodys_tools

PATIENCE = 60.0
"""Seconds for one line of the customer, the start of CrewAI included."""

CUSTOMER = "Maria da Silva"
"""Name of every customer, for texts that greet by it."""

_LANGUAGES = ("pt-BR", "en")
_ACCOUNT = 1
_VERSION = "played"
"""Of every stage: their mappings differ, what they play does not."""
_USUAL = 0.5
"""Seconds after which it is looked whether anything runs at all."""
_UNHURRIED = 45.0
"""Seconds a crew has at least: what is tested is what it says, not how fast this machine is."""


@contextlib.asynccontextmanager
async def passing_folder() -> AsyncIterator[Path]:
    """Give a folder that is gone after the block."""
    made = await asyncio.to_thread(tempfile.mkdtemp, prefix="chatcrew-play-")
    try:
        yield Path(made)
    finally:
        await asyncio.to_thread(shutil.rmtree, made, ignore_errors=True)


@dataclass(slots=True)
class Stage:
    """A bot and its Chatwoot, with the strings that move the model.

    Attributes:
        chatwoot: played.
        inboxes: by tenant and channel.
        bot: the whole of it.
        configuration: as it is played: nobody waits.
        script: what the model says.
        catalogue: tools.
        mailbox: of the bot.
        found: the configuration as it is on disk.
    """

    chatwoot: FakeChatwoot
    inboxes: Mapping[tuple[str, str], Inbox]
    bot: RunningBot
    configuration: Configuration
    script: Script
    catalogue: WatchedCatalogue
    mailbox: WatchedMailbox
    found: Configuration

    async def play(self, number: int, tenant: str, conversation: Conversation) -> Played:
        """Let a new customer of a tenant say every line, until one goes wrong."""
        begun = time.monotonic()
        # No answer that may be given again goes over to the next
        await PostgresAnswers(self.bot.base.database).forget(tenant)
        await self.bot.base.cache.forget(Scope())
        # Replies with variants go by it: whichever stage is free must not decide
        self.chatwoot.accounts[_ACCOUNT].next_display_id = number + 1
        inbox = self.inboxes[tenant, conversation.channel]
        intents = self.configuration.tenants[tenant].intents
        routes = {one.name: one.route for one in intents if one.route is not None}
        contact = self.chatwoot.accounts[_ACCOUNT].add_contact(
            name=CUSTOMER,
            email=f"maria{number}@example.com",
            phone_number=f"+5511{990000000 + number}",
        )
        failures: tuple[Failure, ...] = ()
        for line in conversation.lines:
            failures = judged(line, await self._say(inbox, contact, line), routes=routes)
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
            # Nearly always one turn comes of a line: until it has ended there is nothing to ask for
            await self.mailbox.settled(within=_USUAL)
            await self.bot.quiet(within=PATIENCE)
            await self.chatwoot.idle()
            await self.bot.quiet(within=PATIENCE)
        except TimeoutError:
            late = True
        return Seen(
            records=self.mailbox.records,
            routed=self.mailbox.routed,
            called=list(self.catalogue.called),
            replies=talk.public_bot_replies[before:],
            people=talk.status != "pending",
            answering=answering,
            late=late,
            unsaid=self.script.unsaid,
            told="\n".join(self.script.told),
        )


@contextlib.asynccontextmanager
async def open_stage(
    places: Collection[tuple[str, str]],
    *,
    config_dir: Path,
    crews_dir: Path,
    database: Database,
    pool: CrewPool,
    classifiers: Classifiers,
    label: str,
) -> AsyncIterator[Stage]:
    """Set up everything that conversations need.

    Args:
        places: tenants and channels in which they take place.
        config_dir: folder of domains.
        crews_dir: folder of crews.
        database: migrated; nobody else uses it.
        pool: crew processes.
        classifiers: shared by all stages; learned before anything is played, so that no test goes
            otherwise on a slow machine.
        label: of account and bot: ids begin at 1 each time.

    Raises:
        ConfigErrors: a file the admin edits is at fault, or there is no such tenant.
        StoreError: the database is away.
    """
    clock = SystemClock()
    async with contextlib.AsyncExitStack() as stack:
        folder = await stack.enter_async_context(passing_folder())
        chatwoot = await stack.enter_async_context(FakeChatwoot(speed=100.0, receipts=()))
        account = chatwoot.add_account(_ACCOUNT, "chatcrew test")
        inboxes = {
            place: account.add_inbox(channel=_channel_class(place[1])) for place in sorted(places)
        }
        agent_bot = account.add_bot()
        mapping = await asyncio.to_thread(
            write_mapping,
            folder,
            base_url=chatwoot.url,
            bots={label: agent_bot},
            inboxes={
                inbox.id: {"channel": channel, "tenant": tenant}
                for (tenant, channel), inbox in inboxes.items()
            },
            tenant=min(places)[0],
            account=label,
        )
        everybodys = await asyncio.to_thread(everybodys_tools)
        script, catalogue = Script(), WatchedCatalogue(TenantCatalogue(everybodys))
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
                classifiers=classifiers,
            )
        )
        agent_bot.outgoing_url = bot.webhook_url(label)
        found = bot.base.directory.current
        configuration = _unhurried(found)
        bot.base.directory.swap(configuration)
        for tenant in {key for key, _ in places}:
            await asyncio.to_thread(_learn, classifiers, configuration.tenants[tenant])
        yield Stage(
            chatwoot=chatwoot,
            inboxes=inboxes,
            bot=bot,
            configuration=configuration,
            script=script,
            catalogue=catalogue,
            mailbox=mailbox,
            found=found,
        )


def wants_crewai(configuration: Configuration, tenant: str, conversation: Conversation) -> bool:
    """Return whether CrewAI itself will probably answer in a conversation.

    Where it does without this foresight, it is started all the same, only later.
    """
    own = {name for name, _, _ in configuration.crews}
    name = conversation.channel if conversation.channel in own else FALLBACK_CREW
    business = configuration.tenants[tenant]
    named = {line.intent for line in conversation.lines}
    functions = {business.default_function} if any(one.model for one in conversation.lines) else ()
    reached = {*functions, *(one.route for one in business.intents if one.name in named)}
    found = (configuration.crews.get((name, tenant, one or "")) for one in reached)
    return any(crew is not None and choose(crew).engine == "crewai" for crew in found)


def _learn(classifiers: Classifiers, tenant: Tenant) -> None:
    for language in _LANGUAGES:
        classifiers.teach(tenant, language)


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
    return replace(configuration, crews=crews, version=_VERSION)


def _channel_class(name: str) -> str:
    """Return Chatwoot's class of a channel; one of the admin's own comes in by the API."""
    return next((one for one, ours in CHANNEL_CLASSES.items() if ours == name), "Channel::Api")
