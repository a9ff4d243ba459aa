"""What the tests of pages share: a Chatwoot, and a whole clinic with its tab in a browser."""

import asyncio
import contextlib
import re
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Frame, Page, async_playwright, expect
from tests.browser.looks import FLAGS

from chatcrew.cli._sandboxed import free_port
from chatcrew.database import Database
from chatcrew.testing import Account, Agent, Conversation, FakeChatwoot, Inbox, write_mapping
from chatcrew.testing.bot import RunningBot, running_bot
from chatcrew.testing.chatwoot_page import ChatwootPage, chatwoot_page
from chatcrew.testing.responders import ScriptedResponder

ROOT = Path(__file__).parents[2]
TOKEN = "tab-token-0123456789abcdef0123456789"


@pytest.fixture
async def cw() -> AsyncIterator[FakeChatwoot]:
    """A running FakeChatwoot, sped up."""
    async with FakeChatwoot(speed=1000) as server:
        yield server


@pytest.fixture
def account(cw: FakeChatwoot) -> Account:
    """An account with what a sandbox needs."""
    account = cw.add_account(3)
    account.add_inbox(21, "WhatsApp")
    account.add_bot(7, "Assistente")
    account.add_agent(12, "Patrícia Gomes")
    return account


@dataclass
class Desk:
    """Everything a test of the tab touches.

    Attributes:
        page_port: where the sandbox's page may show the tab too.
        said: messages of the browser's console; the rig fails where one is left at the end.
    """

    chatwoot: FakeChatwoot
    account: Account
    inbox: Inbox
    agent: Agent
    bot: RunningBot
    parent: ChatwootPage
    browser: Browser
    said: list[str]
    page_port: int
    talk: Conversation | None = None

    @property
    def address(self) -> str:
        """Where the tab is."""
        return f"{self.bot.public_url}/tab/{TOKEN}"

    async def customer(self, text: str) -> Conversation:
        """Let the customer write and the bot be done with it."""
        contact = next(iter(self.account.contacts.values()))
        self.talk = await self.chatwoot.customer_says(self.inbox, contact, text)
        self.parent.number = self.talk.id
        await self.settled()
        return self.talk

    async def settled(self) -> None:
        """Wait until Chatwoot and the bot have nothing left to do."""
        for _ in range(3):
            await self.chatwoot.idle()
            await self.bot.quiet()

    async def open(self, **options: object) -> tuple[Page, Frame]:
        """Open Chatwoot's page in a browser of its own, with the tab in it."""
        options = {"viewport": {"width": 768, "height": 900}, "locale": "pt-BR", **options}
        page = await self.browser.new_page(**options)  # type: ignore[arg-type]  # as playwright has them
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        await page.goto(self.parent.url)
        frame = page.frames[1]
        return page, frame

    async def pair(self, frame: Frame, *, agent: Agent | None = None) -> None:
        """Write the note with the code that the tab shows."""
        shown = await frame.locator("#command").inner_text()
        assert re.fullmatch(r"/bot parear [0-9]{4}", shown)
        assert self.talk is not None
        await self.chatwoot.agent_says(self.talk, shown, private=True, agent=agent or self.agent)
        await expect(frame.locator("#panel")).to_be_visible(timeout=15_000)
        await self.settled()


@pytest.fixture
def tab_desk(
    database: Database, tmp_path: Path
) -> Callable[..., contextlib.AbstractAsyncContextManager[Desk]]:
    """Return a context manager that runs all of it; a word on the browser's console fails it."""

    @contextlib.asynccontextmanager
    async def run(*, responder: ScriptedResponder | None = None) -> AsyncIterator[Desk]:
        chromium = shutil.which("chromium")
        assert chromium is not None, "the browser tests need Debian's Chromium"
        said: list[str] = []
        async with contextlib.AsyncExitStack() as stack:
            chatwoot = await stack.enter_async_context(FakeChatwoot(speed=50))
            parent = await stack.enter_async_context(chatwoot_page())
            page_port = free_port(0)
            account = chatwoot.add_account(1, "Clínica")
            inbox = account.add_inbox(21, channel="Channel::Whatsapp")
            agent_bot = account.add_bot(7, "Clara")
            agent = account.add_agent(12, "Patrícia Gomes")
            account.add_contact(name="Maria da Silva", phone_number="+5581990000000")
            config = await asyncio.to_thread(_lean, tmp_path)
            mapping = await asyncio.to_thread(
                write_mapping,
                tmp_path,
                base_url=chatwoot.url,
                bots={"clinic-bot": agent_bot},
                inboxes={21: "whatsapp"},
                tenant="health/varizemed",
                tab_token=TOKEN,
                tab_origins=[parent.url, f"http://127.0.0.1:{page_port}"],
            )
            bot = await stack.enter_async_context(
                running_bot(
                    database,
                    mapping,
                    config_dir=config,
                    crews_dir=ROOT / "crews",
                    responder=responder,
                )
            )
            agent_bot.outgoing_url = bot.webhook_url("clinic-bot")
            parent.app = f"{bot.public_url}/tab/{TOKEN}"
            playwright = await stack.enter_async_context(async_playwright())
            browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            stack.push_async_callback(browser.close)
            yield Desk(chatwoot, account, inbox, agent, bot, parent, browser, said, page_port)
        assert said == []

    return run


def _lean(folder: Path) -> Path:
    """Return the shipped configuration without documents."""
    skip = shutil.ignore_patterns("knowledge")
    return Path(shutil.copytree(ROOT / "config", folder / "config", ignore=skip))
