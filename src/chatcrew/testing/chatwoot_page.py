"""A page shaped like Chatwoot's conversation, which shows dashboard apps as contract §6 says."""

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from aiohttp import web

from chatcrew.app.sockets import listen

_PAGE = """<!doctype html><html lang="pt-BR"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Chatwoot</title>
<style>:root {{ color-scheme: light dark }} body {{ margin: 0 }}
iframe {{ display: block; border: 0; width: 100vw; height: 100vh }}</style></head><body>
<iframe id="app" src="{url}"></iframe>
<script>
const context = JSON.stringify({context});
const frame = document.getElementById("app");
const tell = () => frame.contentWindow.postMessage(context, "*");
frame.addEventListener("load", tell);
window.addEventListener("message", (event) => {{
  if (event.data === "chatwoot-dashboard-app:fetch-info") tell();
}});
</script></body></html>"""


@dataclass
class ChatwootPage:
    """Serves the page; what it tells the app is what a test puts here, true or forged.

    Attributes:
        url: its address.
        app: address of the dashboard app.
        number: of the conversation that is open.
        agent: Chatwoot's id of who sits before it.
    """

    url: str
    app: str = ""
    number: int = 1
    agent: int = 12
    more: dict[str, object] = field(default_factory=dict)

    def html(self) -> str:
        """Return the page."""
        data = {
            "conversation": {"id": self.number, "account_id": 1, "messages": []},
            "contact": {"id": 1, "name": "Maria"},
            "currentAgent": {"id": self.agent, "name": "Patrícia", "email": "p@example.com"},
        }
        context = {"event": "appContext", "data": {**data, **self.more}}
        return _PAGE.format(url=self.app, context=json.dumps(context))


@contextlib.asynccontextmanager
async def chatwoot_page() -> AsyncIterator[ChatwootPage]:
    """Serve the page until the block ends."""
    with listen("127.0.0.1", 0) as bound:
        page = ChatwootPage(f"http://127.0.0.1:{bound.getsockname()[1]}")

        async def show(_: web.Request) -> web.Response:
            return web.Response(text=page.html(), content_type="text/html")

        async def no_icon(_: web.Request) -> web.Response:
            return web.Response(status=204)

        app = web.Application()
        app.router.add_get("/", show)
        app.router.add_get("/favicon.ico", no_icon)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.SockSite(runner, bound).start()
        try:
            yield page
        finally:
            await runner.cleanup()
