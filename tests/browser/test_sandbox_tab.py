"""The chatcrew tab in the sandbox's operator side, spoken to as Chatwoot does it (contract §6)."""

import os
from pathlib import Path

import pytest
from playwright.async_api import expect

from chatcrew.sandbox import Sandbox
from chatcrew.testing.responders import ScriptedResponder

pytestmark = pytest.mark.browser


async def test_the_sandbox_shows_the_tab_of_the_conversation_that_is_open(tab_desk) -> None:
    """Pair by a note in the same page, take over in the tab, read it in the page."""
    crew = ScriptedResponder(lambda ask: "Sim, aos sábados das 8h às 12h.")
    async with tab_desk(responder=crew) as desk:
        await desk.customer("vocês atendem sábado?")
        sandbox = Sandbox(desk.chatwoot, title="Clínica", model_configured=True, tab=desk.address)
        await sandbox.start(port=desk.page_port)
        page = await desk.browser.new_page(locale="pt-BR", viewport={"width": 1280, "height": 860})
        page.on("console", lambda message: desk.said.append(message.text))
        await page.goto(sandbox.url)
        await page.locator("#conversation-list button").click()
        await page.get_by_role("tab", name="chatcrew").click()
        tab = page.frame_locator("#talk-app iframe")
        command = await tab.locator("#command").inner_text()
        await page.locator('input[name="mode"][value="note"]').check()
        await page.locator("#desk-text").fill(command)
        await page.locator("#desk-send").click()

        await expect(tab.locator("#head-state")).to_have_text("Com o bot", timeout=15_000)
        await tab.get_by_role("button", name="Assumir").click()
        await expect(tab.locator("#head-state")).to_contain_text("Patrícia", timeout=15_000)
        await expect(page.locator("#detail-state")).to_contain_text("Patrícia Gomes")
        if "SHOTS" in os.environ:
            await page.screenshot(path=Path(os.environ["SHOTS"]) / "sandbox.png")
        await page.get_by_role("tab", name="Mensagens").click()
        await expect(page.locator("#timeline")).to_be_visible()
        await page.close()
        await sandbox.close()
