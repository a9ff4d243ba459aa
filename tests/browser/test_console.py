"""The console in a real browser: signing in, what happens now, what is stuck (S2-20..22)."""

import asyncio
import contextlib
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect
from tests.browser.looks import CONTRAST, FLAGS, WIDER

from chatcrew.accounts import QUICK, Accounts, Passwords, PostgresAccounts, Role
from chatcrew.audit import PostgresAudit
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.testing import FakeChatwoot, ManualClock, write_mapping
from chatcrew.testing.bot import RunningBot, running_bot
from chatcrew.testing.responders import ScriptedResponder
from chatcrew.testing.stores import Stores, Talk, claimed

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
RIGHT = "um segredo bem longo"
PAGES = ("live", "mailbox", "debts", "quarantine", "tenants", "limits", "users")
STUCK = "mailbox/acme/acme-bot/1532"


@dataclass
class House:
    """A bot with one stuck conversation, its console, and a browser."""

    chatwoot: FakeChatwoot
    bot: RunningBot
    browser: Browser
    said: list[str]

    async def open(self, **options: object) -> Page:
        """Open the console's door in a browser of its own."""
        page = await self.browser.new_page(locale="pt-BR", **options)  # type: ignore[arg-type]  # as playwright has them
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        await page.goto(f"{self.bot.admin_url}/console/")
        return page

    async def enter(self, page: Page, name: str = "ana", password: str = RIGHT) -> None:
        """Fill the form and send it."""
        await page.get_by_label("Usuário").fill(name)
        await page.locator("#password").fill(password)
        await page.get_by_role("button", name="Entrar").click()

    async def customer(self, text: str) -> None:
        """Let a customer write and the bot be done with it."""
        (account,) = self.chatwoot.accounts.values()
        (inbox,) = account.inboxes.values()
        (contact,) = account.contacts.values()
        await self.chatwoot.customer_says(inbox, contact, text)
        for _ in range(3):
            await self.chatwoot.idle()
            await self.bot.quiet()


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    """Give all of it; a word on the browser's console fails the test."""
    chromium = shutil.which("chromium")
    assert chromium is not None, "the browser tests need Debian's Chromium"
    clock, said = ManualClock(), []
    stores = Stores.on_postgres(database, clock)
    await stores.mailbox.put(Talk(clock).says("isto falha sempre"))
    await stores.mailbox.park(await claimed(stores, clock), reason="too_many_failures")
    async with contextlib.AsyncExitStack() as stack:
        chatwoot = await stack.enter_async_context(FakeChatwoot(speed=1000))
        account = chatwoot.add_account(1, "Clínica")
        account.add_inbox(21, channel="Channel::Whatsapp")
        account.add_contact(name="Maria", phone_number="+5581990000000")
        agent_bot = account.add_bot(7, "Clara")
        skip = shutil.ignore_patterns("knowledge")
        config = await asyncio.to_thread(
            shutil.copytree, ROOT / "config", tmp_path / "config", ignore=skip
        )
        mapping = await asyncio.to_thread(
            write_mapping,
            tmp_path,
            base_url=chatwoot.url,
            bots={"clinic-bot": agent_bot},
            inboxes={21: "whatsapp"},
            tenant="health/varizemed",
        )
        responder = ScriptedResponder(lambda ask: "Sim, atendemos aos sábados.")
        crews = ROOT / "crews"
        bot = await stack.enter_async_context(
            running_bot(database, mapping, config_dir=config, crews_dir=crews, responder=responder)
        )
        agent_bot.outgoing_url = bot.webhook_url("clinic-bot")
        accounts = Accounts(PostgresAccounts(database, SystemClock()), Passwords(QUICK))
        await accounts.add("ana", RIGHT, role=Role.OWNER)
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        stack.push_async_callback(browser.close)
        yield House(chatwoot, bot, browser, said)
    assert said == []


async def test_an_owner_signs_in_sees_a_turn_come_frees_what_is_stuck_and_leaves(
    house: House, database: Database
) -> None:
    """With keys of a real page: form, stream, buttons; what was done stands in the audit chain."""
    page = await house.open(viewport={"width": 1280, "height": 900})
    await expect(page).to_have_title("Entrar · chatcrew")
    await page.goto(f"{house.bot.admin_url}/console/mailbox")
    await page.get_by_label("Mostrar").check()
    await expect(page.locator("#password")).to_have_attribute("type", "text")
    await house.enter(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Fila e parados")
    stuck = page.locator("tr", has_text="#1532")
    await expect(stuck).to_contain_text("o bot falhou várias vezes seguidas")

    await page.get_by_role("link", name="Ao vivo").click()
    await expect(page.locator("#signal")).to_have_text("Ao vivo")
    before = await page.locator(".live > li").count()
    await house.customer("vocês atendem sábado?")
    await expect(page.locator(".live > li")).to_have_count(before + 1, timeout=10_000)
    await expect(page.locator(".live > li").first).to_contain_text("Respondeu")

    await page.goto(f"{house.bot.admin_url}/console/{STUCK}")
    await page.locator("summary", has_text="Descartar").click()
    await page.get_by_role("button", name="Descartar", exact=True).click()
    await expect(page.get_by_role("status")).to_contain_text("Descartada")
    await expect(page.get_by_text("Nenhuma conversa parada")).to_be_visible()
    assert (await house.bot.base.mailbox.depth()).parked == 0

    await page.get_by_role("button", name="Sair").click()
    await expect(page.get_by_text("Você saiu.")).to_be_visible()
    await page.go_back()
    await page.reload()
    await expect(page).to_have_url(re.compile("/console/login"))
    log = PostgresAudit(database, SystemClock())
    deeds = [(one.actor, one.action) for one in await log.entries(limit=10)]
    assert deeds[::-1] == [
        ("console:ana", "console.entered"),
        ("console:ana", "turn.viewed"),
        ("console:ana", "turn.discarded"),
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_fits_a_phone_and_can_be_read_in_both_appearances(
    house: House, scheme: str
) -> None:
    """Nothing is wider than 320 px, every text has a contrast of 4.5, the menu opens by keys."""
    page = await house.open(viewport={"width": 320, "height": 700}, color_scheme=scheme)
    assert await page.evaluate(CONTRAST) == []
    assert await page.evaluate(WIDER) <= 0
    await house.enter(page)
    await expect(page.locator(".nav")).to_be_hidden()
    for name in (*PAGES, STUCK):
        await page.goto(f"{house.bot.admin_url}/console/{name}")
        assert await page.evaluate(WIDER) <= 0, name
        assert await page.evaluate(CONTRAST) == [], name
    await page.get_by_role("button", name="Menu").press("Enter")
    await expect(page.locator(".nav")).to_be_visible()
    assert await page.evaluate(CONTRAST) == []
    assert await page.evaluate(WIDER) <= 0
    await page.keyboard.press("Escape")
    await expect(page.locator(".nav")).to_be_hidden()


async def test_appearance_and_language_are_chosen_and_stay(house: House) -> None:
    """The choice of a person goes before that of his system, and counts on the next page too."""
    page = await house.open(viewport={"width": 1280, "height": 900}, color_scheme="light")
    await house.enter(page)
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light = await page.evaluate(ground)
    await page.get_by_role("button", name="Escura").click()
    assert await page.evaluate(ground) != light
    await page.get_by_role("button", name="English").click()
    await page.get_by_role("link", name="Access").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Access")
    assert await page.evaluate(ground) != light
