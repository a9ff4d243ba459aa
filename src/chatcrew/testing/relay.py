"""A way between Chatwoot and a bot that holds webhooks back, for tests of what comes late."""

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from aiohttp import ClientSession, web

from chatcrew.testing._chatwoot.people import AgentBot
from chatcrew.testing._serving import stop_serving


@dataclass
class Relay:
    """Stands between Chatwoot and the bot; holds back what it is told to."""

    target: str
    url: str = ""
    holding: bool = False
    held: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        """Pass a delivery on, now or later."""
        body = await request.read()
        headers = {
            name: value for name, value in request.headers.items() if name.startswith("X-Chatwoot")
        }
        event = json.loads(body)["event"]
        if self.holding:
            self.held.append((event, body, headers))
            return web.Response()
        async with ClientSession() as session:
            answer = await session.post(self.target, data=body, headers=headers)
            return web.Response(status=answer.status)

    async def release(self, *events: str) -> None:
        """Deliver what is held back of these events, or all of it."""
        async with ClientSession() as session:
            for one in [one for one in self.held if not events or one[0] in events]:
                self.held.remove(one)
                answer = await session.post(self.target, data=one[1], headers=one[2])
                assert answer.status == 200


@contextlib.asynccontextmanager
async def relayed(bot: AgentBot) -> AsyncIterator[Relay]:
    """Put a relay in front of the bot until the block ends."""
    relay = Relay(bot.outgoing_url or "")
    app = web.Application()
    app.router.add_post("/{path:.*}", relay.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    bot.outgoing_url = f"http://{host}:{port}/"
    try:
        yield relay
    finally:
        await stop_serving(runner)
