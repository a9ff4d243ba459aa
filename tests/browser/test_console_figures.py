"""The console's pages of figures in a real browser: phone-wide, both appearances (S2-19..22)."""

import contextlib
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright, expect
from tests.browser.looks import CONTRAST, FLAGS, WIDER
from tests.contract.figures_console import FiguresConsole, figures_console
from tests.contract.test_console_figures import fill, pages

from chatcrew.database import Database

pytestmark = pytest.mark.browser

PATHS = (
    *("overview", "conversations", "conversations/acme/acme-bot/1", "cost", "latency", "moods"),
    *("gaps", "compare?by=tenant", "experiments", "exports"),
)
CHARTS = {"overview": 3, "cost": 1, "moods": 1}


@contextlib.asynccontextmanager
async def opened(database: Database) -> AsyncIterator[tuple[FiguresConsole, Browser]]:
    """Run one console over three weeks of two shops, and a browser."""
    chromium = shutil.which("chromium")
    assert chromium is not None, "the browser tests need Debian's Chromium"
    await fill(database)
    running = figures_console(database, pages, zone="America/Sao_Paulo")
    async with running as console, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        try:
            yield console, browser
        finally:
            await browser.close()


async def test_pages_of_figures_fit_a_phone_and_their_charts_are_their_tables(database) -> None:
    """At 320 px, light and dark: nothing too wide or pale, no fault; a chart opens as a table."""
    said: list[str] = []
    async with opened(database) as (console, browser):
        for theme in ("light", "dark"):
            context = await browser.new_context(
                viewport={"width": 320, "height": 800}, locale="pt-BR", color_scheme=theme
            )
            cookie = {"name": "chatcrew_console", "value": console.cookie, "url": console.url}
            await context.add_cookies([cookie])
            page = await context.new_page()
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            for path in PATHS:
                await page.goto(f"{console.url}/{path}")
                assert await page.evaluate(WIDER) <= 0, (path, theme)
                assert await page.evaluate(CONTRAST) == [], (path, theme)
                drawn = page.locator(".chart[data-drawn] canvas")
                await expect(drawn).to_have_count(CHARTS.get(path, 0))
            await page.goto(f"{console.url}/overview?days=7")
            table = page.locator('[data-sheet="turns"] details')
            await table.locator("summary").click()
            await expect(table.locator("tbody tr")).to_have_count(7)
            await context.close()
    assert said == []


async def test_a_table_of_many_columns_stands_whole_in_a_tablet(database) -> None:
    """At 640, 768 and 959 px nothing is cut off by its frame, or shown without its name."""
    wider = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth).length"
    named = "(all) => all.filter((one) => getComputedStyle(one, '::before').content === 'none')"
    async with opened(database) as (console, browser):
        for theme, width in (("light", 640), ("dark", 768), ("light", 959)):
            context = await browser.new_context(
                viewport={"width": width, "height": 900}, locale="pt-BR", color_scheme=theme
            )
            cookie = {"name": "chatcrew_console", "value": console.cookie, "url": console.url}
            await context.add_cookies([cookie])
            page = await context.new_page()
            for path in ("compare?by=tenant", "compare?by=config", "experiments"):
                await page.goto(f"{console.url}/{path}")
                assert await page.locator(".many").count() > 0, path
                assert await page.locator(".sheet .scroll").evaluate_all(wider) == 0, (path, width)
                assert await page.locator(".many td").evaluate_all(named) == [], (path, width)
                assert await page.evaluate(WIDER) <= 0, (path, width)
                assert await page.evaluate(CONTRAST) == [], (path, theme)
            await context.close()
