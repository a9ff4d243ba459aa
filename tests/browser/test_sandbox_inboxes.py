"""The page of several inboxes in a real browser: the chooser, the header, and who wrote where."""

import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright, expect
from tests.browser.looks import FLAGS

from chatcrew.sandbox import Sandbox, Window
from chatcrew.testing import Account, FakeChatwoot

pytestmark = pytest.mark.browser

LONG = "Pneumoultramicroscopicossilicovulcanoconiótico" * 3


@pytest.fixture
async def cw() -> AsyncIterator[FakeChatwoot]:
    """A running FakeChatwoot, sped up."""
    async with FakeChatwoot(speed=1000) as server:
        yield server


@pytest.fixture
def account(cw: FakeChatwoot) -> Account:
    """A clinic on WhatsApp, a shop on Instagram, and a business with far too long a name."""
    account = cw.add_account(3)
    account.add_inbox(21, channel="Channel::Whatsapp")
    account.add_inbox(22, channel="Channel::Instagram")
    account.add_inbox(23, channel="Channel::WebWidget")
    account.add_bot(7, "Clara")
    account.add_bot(8, "Bella", inboxes=[account.inboxes[22]])
    account.add_agent(12, "Patrícia Gomes")
    return account


@pytest.fixture
async def page(cw: FakeChatwoot, account: Account) -> AsyncIterator[Page]:
    """The page, open and connected; a message on its console fails the test."""
    chromium = shutil.which("chromium")
    assert chromium is not None, "the browser tests need Debian's Chromium"
    names = {21: "Clínica Varizemed", 22: "Bella Flor Cosméticos", 23: LONG}
    voices = {21: "calmo e claro", 22: "alegre, próxima e prática", 23: ""}
    asked = {21: ["Quanto custa?"], 22: ["Tem batom?"], 23: []}
    sandbox = Sandbox(
        cw,
        title="chatcrew",
        model_configured=True,
        windows=[Window(account.inboxes[n], names[n], asked[n], voices[n]) for n in names],
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


async def test_the_chooser_changes_business_channel_and_suggestions(page: Page) -> None:
    """pt-BR first, English by the button."""
    await expect(page.locator("#phone-name")).to_have_text("Clínica Varizemed")
    await expect(page.locator("#phone-presence")).to_have_text("Clara · WhatsApp · online")
    await expect(page.locator("#starters .hello")).to_have_text(
        "Diga oi. Clara responde por Clínica Varizemed em segundos.Voz: calmo e claro"
    )

    await page.get_by_label("Escreve para").select_option(label="Bella Flor Cosméticos · Instagram")

    await expect(page.locator("#phone-name")).to_have_text("Bella Flor Cosméticos")
    await expect(page.locator("#phone-presence")).to_have_text("Bella · Instagram · online")
    await expect(page.locator("#starters .hello small")).to_have_text(
        "Voz: alegre, próxima e prática"
    )
    await expect(page.locator("#starters button")).to_have_text(["Tem batom?"])
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_label("Writes to").locator("option").last).to_have_text(
        f"{LONG} · Website chat"
    )


async def test_each_business_has_a_thread_of_its_own_and_the_operator_sees_all_with_their_inbox(
    cw: FakeChatwoot, account: Account, page: Page
) -> None:
    """The same customer's words to one business never show on the phone under another."""
    chooser = page.get_by_label("Escreve para")
    await page.get_by_role("button", name="Quanto custa?").click()
    await expect(page.locator("#phone-thread .bubble")).to_have_count(1)
    await chooser.select_option("22")
    await expect(page.locator("#phone-thread .bubble")).to_have_count(0)
    await page.get_by_role("button", name="Tem batom?").click()
    await expect(page.locator("#phone-thread")).to_contain_text("Tem batom?")
    await expect(page.locator("#timeline")).to_contain_text("Tem batom?")
    await cw.bot_says(account.conversations[2], "Tem sim!")
    await expect(page.locator("#timeline .card.bot .avatar")).to_have_text("B")
    await expect(page.locator("#timeline .card.bot strong").first).to_have_text("Bella")
    await cw.bot_says(account.conversations[1], "Custa R$ 250.")

    await expect(page.locator("#phone-thread")).not_to_contain_text("Custa")
    inboxes = page.locator("#conversation-list .item-inbox")
    await expect(inboxes).to_have_text(
        ["Clínica Varizemed · WhatsApp", "Bella Flor Cosméticos · Instagram"]
    )
    await page.locator("#conversation-list button").first.click()
    await expect(page.locator("#phone-name")).to_have_text("Clínica Varizemed")
    await expect(page.locator("#phone-thread")).to_contain_text("Custa R$ 250.")
    await expect(chooser).to_have_value("21")
    await expect(page.locator("#detail-meta")).to_contain_text("Clínica Varizemed · WhatsApp")


async def test_a_business_with_a_long_name_fits_a_phone_of_390_pixels(
    cw: FakeChatwoot, account: Account, page: Page
) -> None:
    """Chooser, header, list and detail: nothing scrolls sideways."""
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.get_by_label("Escreve para").select_option("23")
    await page.locator("#phone-text").fill("Oi")
    await page.locator("#phone-text").press("Enter")
    await expect(page.locator("#phone-thread .bubble")).to_have_count(1)

    async def overflow() -> int:
        script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(await page.evaluate(script))

    assert await overflow() == 0
    await page.get_by_role("tab", name="Operador").click()
    await expect(page.locator("#conversation-list .item-inbox")).to_have_count(1)
    assert await overflow() == 0
    await page.locator("#conversation-list button").click()
    await expect(page.locator("#timeline .card")).to_have_count(1)
    assert await overflow() == 0
