"""Files of one's own in a real browser: chosen, pasted, dropped, recorded."""

import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright, expect
from tests.browser.looks import FLAGS

from chatcrew.sandbox import Sandbox
from chatcrew.testing import Account, FakeChatwoot
from chatcrew.testing.files import pdf, png

pytestmark = pytest.mark.browser

MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
HAND_OVER = """async ([how, target, name, type, bytes]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
  const node = document.querySelector(target);
  const more = { bubbles: true, cancelable: true };
  const event = how === "paste"
    ? new ClipboardEvent("paste", { clipboardData: transfer, ...more })
    : new DragEvent(how, { dataTransfer: transfer, ...more });
  node.dispatchEvent(event);
}"""


@pytest.fixture
async def page(cw: FakeChatwoot, account: Account) -> AsyncIterator[Page]:
    """The page, open and connected; a message on its console fails the test."""
    chromium = shutil.which("chromium")
    assert chromium is not None, "the browser tests need Debian's Chromium"
    sandbox = Sandbox(cw, title="Clínica", model_configured=False, business_name="Varizemed")
    await sandbox.start(port=0)
    said: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=[*FLAGS, *MICROPHONE]
        )
        page = await browser.new_page(locale="pt-BR", viewport={"width": 1280, "height": 860})
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        await page.goto(sandbox.url)
        await expect(page.locator("#live-text")).to_have_text("ao vivo")
        yield page
        await browser.close()
    await sandbox.close()
    assert said == []


async def test_a_chosen_picture_and_a_document_stand_in_both_sides(page: Page) -> None:
    """What is in the box goes with the first of them; a document can be saved."""
    await page.fill("#phone-text", "é esse aqui?")
    await page.click("#attach")
    async with page.expect_file_chooser() as chosen:
        await page.click("#pick")
    await (await chosen.value).set_files(
        [
            {"name": "foto.png", "mimeType": "image/png", "buffer": png(64, 48)},
            {"name": "nota.pdf", "mimeType": "application/pdf", "buffer": pdf("oi")},
        ]
    )

    mine = page.locator("#phone-thread .bubble.mine")
    await expect(mine).to_have_count(2)
    await expect(mine.nth(0).locator(".words")).to_have_text("é esse aqui?")
    await expect(mine.nth(0).locator("img.file-photo")).to_be_visible()
    await expect(mine.nth(1).locator("a.file")).to_have_attribute("download", "nota.pdf")
    await expect(page.locator("#timeline img.file-photo")).to_be_visible()
    await expect(page.locator("#phone-text")).to_have_value("")


@pytest.mark.parametrize(("how", "target"), [("paste", "#phone-text"), ("drop", "#phone-thread")])
async def test_a_picture_can_be_pasted_and_dropped(page: Page, how: str, target: str) -> None:
    """As in any messenger of a browser."""
    await page.evaluate(HAND_OVER, [how, target, "tela.png", "image/png", list(png(40, 40))])

    await expect(page.locator("#phone-thread img.file-photo")).to_be_visible()


async def test_a_voice_note_is_recorded_sent_and_can_be_played(
    page: Page, account: Account
) -> None:
    """With the browser's own recorder; discarding sends nothing."""
    await page.click("#attach")
    await page.click("#record")
    await expect(page.locator("#recording")).to_be_visible()
    await page.click("#record-cancel")
    await expect(page.locator("#phone-form")).to_be_visible()
    await page.click("#attach")
    await page.click("#record")
    await expect(page.locator("#record-time")).to_have_text("0:01")
    await page.click("#record-send")

    await expect(page.locator("#phone-thread audio")).to_have_count(1)
    (conversation,) = account.conversations.values()
    (message,) = conversation.messages
    assert message.attachments[0].file.kind == "audio"
    assert len(message.attachments[0].file.data) > 500
