"""Takes one picture after the other, and hears what the browser complains of."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Frame, Page, async_playwright
from scripts.pictures._world import PASSWORD, PLACES, USER, World

WIDTHS = (320, 768, 1280)
HIGH = 880
THEMES = ("light", "dark")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
_OPEN = (
    "document.querySelectorAll('main details, #panel details').forEach((one) => one.open = true)"
)
_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Camera:
    """Takes pictures in a folder.

    Attributes:
        browser: a Chromium.
        folder: of the pictures.
        locale: of the browser.
        only: which names to take; empty: all.
        widths: of windows, in CSS pixels.
        themes: appearances.
        whole: all of a page, not only what a window shows.
        faults: what the browser said, and which pages are too wide.
    """

    browser: Browser
    folder: Path
    locale: str = "pt-BR"
    only: Sequence[str] = ()
    widths: Sequence[int] = WIDTHS
    themes: Sequence[str] = THEMES
    whole: bool = True
    faults: list[str] = field(default_factory=list)

    def wants(self, name: str) -> bool:
        """Return whether a picture is asked for."""
        return not self.only or any(name.startswith(one) for one in self.only)

    @asynccontextmanager
    async def window(self, width: int, height: int, theme: str) -> AsyncIterator[BrowserContext]:
        """Open a window."""
        context = await self.browser.new_context(
            viewport={"width": width, "height": height},
            locale=self.locale,
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
        )
        try:
            yield context
        finally:
            await context.close()

    async def page(self, context: BrowserContext) -> Page:
        """Open an empty page that tells its faults."""
        page = await context.new_page()
        page.on("console", lambda one: self._said(f"{page.url}: {one.text}"))
        page.on("pageerror", lambda one: self._said(f"{page.url}: {one}"))
        return page

    def _said(self, words: str) -> None:
        # The page that is not there is asked for, to see what is shown in its place
        if "/nowhere" not in words:
            self.faults.append(words)

    async def take(self, page: Page, name: str, *, width: int, theme: str) -> None:
        """Take one picture."""
        if await page.evaluate(_WIDER) > 0:
            self.faults.append(f"{name} at {width}: wider than its window")
        path = self.folder / f"{name.replace('/', '_')}-{width}-{theme}.png"
        await page.screenshot(path=path, full_page=self.whole, animations="disabled")


@asynccontextmanager
async def camera(folder: Path, chromium: str, **options: object) -> AsyncIterator[Camera]:
    """Start a browser."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=[*FLAGS])
        try:
            yield Camera(browser, folder, **options)  # type: ignore[arg-type]  # its own fields
        finally:
            await browser.close()


async def console(made: World, shots: Camera) -> None:
    """Take every page of the console."""
    url = f"{made.bot.admin_url}/console"
    names = {name: path for name, path in _console_pages(made).items() if shots.wants(name)}
    if not names:
        return
    cookies = await inside(url, shots)
    for theme in shots.themes:
        for width in shots.widths:
            async with shots.window(width, HIGH, theme) as context:
                page = await shots.page(context)
                for name, path in names.items():
                    if name != "login":
                        await context.add_cookies(cookies)  # type: ignore[arg-type]  # its own
                    await page.goto(f"{url}/{path}")
                    await page.wait_for_timeout(150)
                    await shots.take(page, name, width=width, theme=theme)
                    if name in _OPENED:
                        await page.evaluate(_OPEN)
                        await shots.take(page, f"{name}-open", width=width, theme=theme)


async def inside(url: str, shots: Camera) -> Sequence[object]:
    """Return the cookies of somebody who is signed in."""
    async with shots.window(1280, HIGH, "light") as context:
        page = await shots.page(context)
        await page.goto(f"{url}/login")
        await page.locator("input[name=name]").fill(USER)
        await page.locator("#password").fill(PASSWORD)
        await page.locator("#password").press("Enter")
        await page.wait_for_url("**/console/overview*")
        return await context.cookies()


_OPENED = ("users", "conversation-answered", "conversation-handed", "stuck", "exports")


def _console_pages(made: World) -> dict[str, str]:
    talks = {f"conversation-{key}": f"conversations/{_key(made, key)}" for key in made.talks}
    compared = {f"compare-{by}": f"compare?by={by}" for by in ("config", "function", "tenant")}
    return {
        "login": "login",
        "overview": "overview",
        "conversations": "conversations",
        **talks,
        "cost": "cost",
        "latency": "latency",
        "moods": "moods",
        "gaps": "gaps",
        **compared,
        "experiments": "experiments",
        "exports": "exports",
        "live": "live",
        "mailbox": "mailbox",
        "stuck": "mailbox/demo/clinica-bot/900",
        "debts": "debts",
        "quarantine": "quarantine",
        "held": "quarantine/1",
        "tenants": "tenants",
        "limits": "limits",
        "users": "users",
        "missing": "nowhere",
        "empty-overview": "overview?days=1&tenant=sales/timmy",
        "empty-gaps": "gaps?tenant=sales/timmy",
        "empty-cost": "cost?tenant=sales/timmy",
    }


def _key(made: World, talk: str) -> str:
    conversation = made.talks[talk]
    return f"demo/{PLACES[conversation.inbox.id].bot}/{conversation.id}"


async def tab(made: World, shots: Camera) -> None:
    """Take the tab as Chatwoot shows it: with its code, then with its panel."""
    for theme in shots.themes:
        for width in shots.widths:
            async with shots.window(width, HIGH, theme) as context:
                page = await shots.page(context)
                for key in ("answered", "handed", "taken"):
                    if not shots.wants(f"tab-{key}"):
                        continue
                    frame = await panel(made, page, key, shots=shots, width=width, theme=theme)
                    await _grown(page)
                    await shots.take(page, f"tab-{key}", width=width, theme=theme)
                    await frame.evaluate(_OPEN)
                    await _grown(page)
                    await shots.take(page, f"tab-{key}-open", width=width, theme=theme)


async def panel(
    made: World,
    page: Page,
    talk: str,
    *,
    shots: Camera | None = None,
    width: int = 0,
    theme: str = "",
) -> Frame:
    """Open a conversation's tab and return it paired; its code is taken on the way."""
    made.parent.number = made.talks[talk].id
    await page.goto(made.parent.url)
    frame = page.frames[1]
    await frame.locator("#command, #panel").first.wait_for()
    if await frame.locator("#command").count():
        if shots is not None:
            await _grown(page)
            await shots.take(page, "tab-code", width=width, theme=theme)
        code = await frame.locator("#command").inner_text()
        await made.chatwoot.agent_says(made.talks[talk], code, private=True, agent=made.agent)
        await frame.locator("#panel").wait_for(timeout=30_000)
        await made.settled()
    await frame.locator("#panel").wait_for()
    return frame


async def _grown(page: Page) -> None:
    """Make the window as high as what the tab holds, for a frame has no whole picture."""
    await page.wait_for_timeout(200)
    width = (page.viewport_size or {"width": 768})["width"]
    height = await page.frames[1].evaluate("document.body.scrollHeight")
    await page.set_viewport_size({"width": width, "height": max(500, int(height) + 8)})
    await page.wait_for_timeout(100)


async def sandbox(made: World, shots: Camera) -> None:
    """Take the sandbox's page, with a conversation that is open."""
    if not shots.wants("sandbox"):
        return
    for theme in shots.themes:
        for width in shots.widths:
            async with shots.window(width, HIGH, theme) as context:
                page = await shots.page(context)
                await page.goto(made.sandbox.url)
                await page.wait_for_timeout(600)
                await shots.take(page, "sandbox", width=width, theme=theme)
