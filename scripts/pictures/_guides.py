"""The few pictures of the guides: small, light, in both languages."""

import asyncio
import base64
from pathlib import Path

from playwright.async_api import Page
from scripts.pictures._shots import Camera, inside, panel
from scripts.pictures._world import HANDED, World

LANGUAGES = {"pt-BR": "pt-BR", "en": "en-US"}
_SIZES = {"console": (1200, 800), "tab": (720, 760), "sandbox": (1320, 800)}
_QUALITY = 72


async def guides(made: World, shots: Camera) -> None:
    """Write ``<page>.<language>.webp`` for each page that a guide shows."""
    url = f"{made.bot.admin_url}/console"
    cookies = await inside(url, shots)
    pages = {"overview": "overview", "conversation": "conversations/demo/clinica-bot/2"}
    for language, shots.locale in LANGUAGES.items():
        async with shots.window(*_SIZES["console"], "light") as context:
            page = await shots.page(context)
            await context.add_cookies(cookies)  # type: ignore[arg-type]  # playwright's own
            for name, path in pages.items():
                await page.goto(f"{url}/{path}")
                await page.wait_for_timeout(400)
                await _keep(page, shots.folder / f"console-{name}.{language}.webp")
        async with shots.window(*_SIZES["tab"], "light") as context:
            page = await shots.page(context)
            frame = await panel(made, page, "answered")
            await (
                frame.locator("summary", has_text="Corrigir")
                .or_(frame.locator("summary", has_text="Correct"))
                .first.click()
            )
            await page.wait_for_timeout(300)
            await _keep(page, shots.folder / f"tab.{language}.webp")
        async with shots.window(*_SIZES["sandbox"], "light") as context:
            page = await shots.page(context)
            await page.goto(made.sandbox.url)
            await page.wait_for_timeout(900)
            await _keep(page, shots.folder / f"sandbox.{language}.webp")
            await page.get_by_text(HANDED).locator("visible=true").first.click()
            await page.wait_for_timeout(600)
            await _keep(page, shots.folder / f"handoff.{language}.webp")


async def _keep(page: Page, path: Path) -> None:
    session = await page.context.new_cdp_session(page)
    taken = await session.send("Page.captureScreenshot", {"format": "webp", "quality": _QUALITY})
    await asyncio.to_thread(path.write_bytes, base64.b64decode(taken["data"]))
