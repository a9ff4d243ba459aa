"""A clinic on a FakeChatwoot, answered by a whole bot in this process."""

import asyncio
import contextlib
import re
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from chatcrew.app.foundation import Foundation
from chatcrew.attachments import Senses
from chatcrew.database import Database
from chatcrew.hub.ports import Responder, Rulings
from chatcrew.intents import Classifiers
from chatcrew.settings import Settings
from chatcrew.testing import (
    Account,
    Agent,
    AgentBot,
    Contact,
    Conversation,
    FakeChatwoot,
    Inbox,
    Message,
    write_mapping,
)
from chatcrew.testing.bot import RunningBot, running_bot
from chatcrew.testing.responders import ScriptedResponder
from chatcrew.worker import Limits, Patience

ROOT = Path(__file__).parents[2]
IMPATIENT = Patience(post=1.0, not_sent=0.6, give_up=1.2, poll=0.05, shut=0.3)
"""Lost answers are settled in a second here, not in fifteen."""


@dataclass
class Clinic:
    """One business with its inbox, bot and operator."""

    chatwoot: FakeChatwoot
    account: Account
    inbox: Inbox
    agent_bot: AgentBot
    agent: Agent
    contact: Contact
    bot: RunningBot

    async def says(self, text: str | None, **options: object) -> Conversation:
        """Let the customer write."""
        return await self.chatwoot.customer_says(self.inbox, self.contact, text, **options)

    async def settled(self, *, idle: bool = False) -> None:
        """Wait until Chatwoot delivered everything and the bot has nothing left to do.

        ``idle`` is content with a bot that works at nothing, though something waits for later.
        """
        for _ in range(3):
            await self.chatwoot.idle()
            await self.bot.quiet(waiting=not idle)

    async def asked(self, crew: ScriptedResponder, count: int = 1) -> None:
        """Wait until the crew was asked ``count`` times."""
        async with asyncio.timeout(10):
            while len(crew.asked) < count:
                await asyncio.sleep(0.01)

    async def reply(self, conversation: Conversation, count: int = 1) -> Message:
        """Wait for the bot's ``count``-th public reply and return it."""
        await self.chatwoot.wait_for(
            lambda: len(conversation.public_bot_replies) >= count, timeout=20.0
        )
        return conversation.public_bot_replies[count - 1]


@pytest.fixture(scope="session")
def prompt_crews(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped crews, which wait less for a second message of a burst."""
    return _crews(tmp_path_factory.mktemp("prompt"), {"quiet": 0.25}, shipped=ROOT / "crews")


@pytest.fixture(scope="session")
def lean_config(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the shipped configuration of a tenant's domain, without documents.

    Every test would index them anew, and learn the intents of businesses that nobody writes to.
    """
    made: dict[str, Path] = {}

    def of(tenant: str) -> Path:
        domain, _, _ = tenant.partition("/")
        if domain not in made:
            folder = tmp_path_factory.mktemp("lean") / "config"
            others = {one.name for one in (ROOT / "config" / "domains").iterdir()} - {domain}
            left_out = shutil.ignore_patterns("knowledge", *others)
            made[domain] = Path(shutil.copytree(ROOT / "config", folder, ignore=left_out))
        return made[domain]

    return of


@pytest.fixture
def crews_dir() -> Path:
    """The crews of the clinic; a file whose customers send no bursts takes ``prompt_crews``."""
    return ROOT / "crews"


@pytest.fixture
def clinic(
    database: Database, tmp_path: Path, crews_dir: Path, lean_config: Callable[[str], Path]
) -> Callable[..., contextlib.AbstractAsyncContextManager[Clinic]]:
    """Return a context manager that runs a clinic."""

    @contextlib.asynccontextmanager
    async def run(
        *,
        responder: Responder | None = None,
        channel: str = "whatsapp",
        chatwoot_channel: str = "Channel::Whatsapp",
        user_token: bool = False,
        speed: float = 50.0,
        tenant: str = "health/varizemed",
        limits: Limits | None = None,
        times: Mapping[str, float] | None = None,
        rules: str = "",
        row: Mapping[str, str] | None = None,
        config_dir: Path | None = None,
        documents: Mapping[str, str] | None = None,
        classifiers: Classifiers | None = None,
        senses: Senses | None = None,
        settings: Settings | None = None,
        rulings: Callable[[Foundation], Rulings] | None = None,
        tab_token: str | None = None,
        **options: object,
    ) -> AsyncIterator[Clinic]:
        crews = await asyncio.to_thread(_crews, tmp_path, times or {}, shipped=crews_dir)
        config_dir = config_dir or await asyncio.to_thread(
            _config, tmp_path, rules, documents or {}, shipped=lean_config(tenant)
        )
        async with FakeChatwoot(speed=speed, **options) as chatwoot:
            account = chatwoot.add_account(1, "Clínica")
            inbox = account.add_inbox(21, channel=chatwoot_channel)
            agent_bot = account.add_bot(7)
            agent = account.add_agent(12, "Patrícia Gomes")
            contact = account.add_contact(name="Maria da Silva", phone_number="+5581990000000")
            mapping = await asyncio.to_thread(
                write_mapping,
                tmp_path,
                base_url=chatwoot.url,
                bots={"clinic-bot": agent_bot},
                inboxes={21: row or channel},
                tenant=tenant,
                user_token=agent.access_token if user_token else None,
                tab_token=tab_token,
            )
            async with running_bot(
                database,
                mapping,
                config_dir=config_dir,
                crews_dir=crews,
                responder=responder,
                patience=IMPATIENT,
                limits=limits,
                classifiers=classifiers,
                senses=senses,
                settings=settings,
                rulings=rulings,
            ) as bot:
                agent_bot.outgoing_url = bot.webhook_url("clinic-bot")
                yield Clinic(chatwoot, account, inbox, agent_bot, agent, contact, bot)

    return run


def _crews(folder: Path, times: Mapping[str, float], *, shipped: Path) -> Path:
    """Return the crews, or a copy of them with other ``times`` in its base crew."""
    if not times:
        return shipped
    copied = Path(shutil.copytree(shipped, folder / "crews"))
    base = copied / "_default" / "crew.yaml"
    text = base.read_text("utf-8")
    for key, seconds in times.items():
        text, found = re.subn(rf"(?m)^( *){key}: \S+", rf"\g<1>{key}: {seconds}", text)
        assert found == 1, key
    base.write_text(text, "utf-8")
    return copied


def _config(folder: Path, rules: str, documents: Mapping[str, str], *, shipped: Path) -> Path:
    """Return the shipped configuration, or a copy with ``rules`` and ``documents`` of the clinic's.

    Documents are texts by name.
    """
    if not rules and not documents:
        return shipped
    copied = Path(shutil.copytree(shipped, folder / "config"))
    clinic = copied / "domains" / "health" / "varizemed.yaml"
    shelf = clinic.with_suffix("") / "knowledge"
    for name, said in documents.items():
        shelf.mkdir(parents=True, exist_ok=True)
        (shelf / name).write_text(said, "utf-8")
    if not rules:
        return copied
    head, _, tail = clinic.read_text("utf-8").partition("\nrules:\n")
    clinic.write_text(f"{head}\nrules:\n{rules.strip(chr(10))}\n{tail}", "utf-8")
    return copied
