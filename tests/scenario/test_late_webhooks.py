"""Chatwoot's webhooks come late and in any order: what we did ourselves we know at once (N3)."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession, web

from chatcrew.testing import Conversation, stop_serving


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
async def relayed(c) -> AsyncIterator[Relay]:
    """Put a relay in front of the bot."""
    relay = Relay(c.agent_bot.outgoing_url)
    app = web.Application()
    app.router.add_post("/{path:.*}", relay.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    c.agent_bot.outgoing_url = f"http://{host}:{port}/"
    try:
        yield relay
    finally:
        await stop_serving(runner)


async def _opened_while_the_customer_writes_on(c, relay: Relay) -> Conversation:
    """Hand a conversation over; before it is open, the customer writes again. Nobody tells us."""
    c.chatwoot.faults.hang(endpoint="toggle_status")
    conversation = await c.says("quero falar com um atendente humano")
    async with asyncio.timeout(20):
        while not c.chatwoot.calls["toggle_status"]:
            await asyncio.sleep(0.01)
    relay.holding = True
    await c.says("queria saber quanto custa uma coisa rara que ninguém conhece")
    async with asyncio.timeout(20):
        while "message_created" not in [event for event, _, _ in relay.held]:
            await asyncio.sleep(0.01)
    assert conversation.status == "pending"
    await c.chatwoot.wait_for(lambda: conversation.status == "open", timeout=20.0)
    return conversation


@pytest.mark.parametrize("first", [("message_created",), (), ("conversation_updated",)])
async def test_who_writes_on_during_a_handoff_is_left_to_people(clinic, first) -> None:
    """Our opening is known before its webhooks come; older ones that come after it undo nothing."""
    async with clinic() as c, relayed(c) as relay:
        conversation = await _opened_while_the_customer_writes_on(c, relay)
        await c.bot.quiet()
        assert len(conversation.public_bot_replies) == 1

        await relay.release(*first)
        await c.bot.quiet()
        await relay.release()
        relay.holding = False
        await c.settled()

        assert len(conversation.public_bot_replies) == 1
        assert conversation.status == "open"
