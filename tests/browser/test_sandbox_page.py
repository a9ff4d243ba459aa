"""The sandbox's page in a real browser: both sides live, nothing executed, nothing too wide."""

import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright, expect
from tests.browser.looks import FLAGS

from chatcrew.sandbox import Sandbox
from chatcrew.testing import Account, FakeChatwoot

pytestmark = pytest.mark.browser

LONG = "pneumoultramicroscopicossilicovulcanoconiótico" * 3


@pytest.fixture
async def page(cw: FakeChatwoot, account: Account) -> AsyncIterator[Page]:
    """The page, open and connected; a message on its console fails the test."""
    chromium = shutil.which("chromium")
    assert chromium is not None, "the browser tests need Debian's Chromium"
    sandbox = Sandbox(
        cw,
        title="Clínica",
        model_configured=False,
        starters=["Quanto custa?"],
        business_name="Clínica Varizemed",
    )
    await sandbox.start(port=0)
    said: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = await browser.new_page(locale="pt-BR", viewport={"width": 1280, "height": 860})
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        await page.goto(sandbox.url)
        await expect(page.locator("#live-text")).to_have_text("ao vivo")
        yield page
        await browser.close()
    await sandbox.close()
    assert said == []


async def test_a_message_from_the_phone_appears_at_the_operator_and_the_answer_at_the_phone(
    cw: FakeChatwoot, account: Account, page: Page
) -> None:
    """Live in both directions, with engine, time, status, owner and takeover."""
    await page.get_by_role("button", name="Quanto custa?").click()
    timeline = page.locator("#timeline")
    await expect(timeline).to_contain_text("Quanto custa?")

    tag = {"chatcrew": {"engine": "faq"}}
    await cw.bot_says(account.conversations[1], "Custa *R$ 250*.", attributes=tag)
    await expect(page.locator("#phone-thread")).to_contain_text("Custa R$ 250.")
    await expect(timeline.locator(".facts")).to_contain_text("perguntas frequentes")
    await expect(page.locator("#detail-state")).to_contain_text("Bot: Assistente")

    await page.get_by_role("button", name="Assumir").click()
    await expect(page.locator("#detail-state")).to_contain_text("Patrícia Gomes")
    await page.locator("#desk-text").fill("Oi, sou a Patrícia")
    await page.locator("#desk-text").press("Control+Enter")
    await expect(page.locator("#phone-thread")).to_contain_text("Oi, sou a Patrícia")


async def test_each_reply_shows_the_way_to_it_step_by_step(
    cw: FakeChatwoot, account: Account, page: Page
) -> None:
    """Which rungs were tried, which one answered and in what time (N5)."""
    await page.get_by_role("button", name="Quanto custa?").click()
    await expect(page.locator("#timeline")).to_contain_text("Quanto custa?")
    rungs = [["crew", "rate_limit", 30], ["crew", "strange_end", 5], ["fast", "answered", 1310]]
    tag = {"chatcrew": {"engine": "fast", "rungs": rungs}}
    await cw.bot_says(account.conversations[1], "Custa *R$ 250*.", attributes=tag)

    steps = page.get_by_role("list", name="Caminho até a resposta").get_by_role("listitem")
    await expect(steps).to_have_text(
        ["equipe de IA: no limite", "equipe de IA: strange end", "modelo rápido: 1,3 s"]
    )
    await expect(steps.last).to_have_class("rung won")


async def test_html_in_a_message_is_text(cw: FakeChatwoot, account: Account, page: Page) -> None:
    """Nothing anybody writes is ever markup."""
    attack = "<img src=x onerror=alert(1)> <b>oi</b> javascript:alert(1)"
    await page.locator("#phone-text").fill(attack)
    await page.locator("#phone-text").press("Enter")
    await cw.wait_for(lambda: account.conversations)
    await cw.bot_says(account.conversations[1], attack, attributes={"chatcrew": {"engine": attack}})

    await expect(page.locator("#timeline .card")).to_have_count(2)
    await expect(page.locator("#timeline .card.bot .words")).to_have_text(attack)
    for box in ("#phone-thread", "#timeline", "#conversation-list"):
        assert await page.locator(f"{box} img, {box} b, {box} a").count() == 0


async def test_nothing_is_wider_than_a_phone_of_390_pixels(
    cw: FakeChatwoot, account: Account, page: Page
) -> None:
    """Long words wrap on both sides, in both languages; nothing scrolls sideways."""
    await page.set_viewport_size({"width": 390, "height": 844})
    contact = account.add_contact(name=LONG, phone_number="+5511900000009")
    conversation = await cw.customer_says(account.inboxes[21], contact, LONG)
    await cw.bot_says(conversation, LONG, attributes={"chatcrew": {"engine": LONG}})
    await cw.set_labels(conversation, [LONG])

    async def overflow() -> int:
        script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(await page.evaluate(script))

    await page.locator("#customer-select").select_option(str(contact.id))
    await expect(page.locator("#phone-thread .bubble")).to_have_count(2)
    assert await overflow() == 0
    await page.get_by_role("tab", name="Operador").click()
    assert await overflow() == 0
    await page.locator("#conversation-list button").click()
    await expect(page.locator("#timeline .card")).to_have_count(2)
    assert await overflow() == 0
    await page.get_by_role("button", name="English").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.get_by_role("button", name="Take over")).to_be_visible()
    assert await overflow() == 0
