"""A server that misbehaves as planned, and our client pointed at it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from chatcrew.chatwoot import ChatwootClient, Pacing, Transport, open_session
from chatcrew.clock import SystemClock
from chatcrew.testing import stop_serving


class Server:
    """Answers each request with the next planned reply and remembers what it got.

    A reply is a JSON value (answered with 200), a tuple ``(status, JSON value or text, headers)``
    whose headers may be left out, ``"drop"`` or ``"hang"``.
    """

    def __init__(self) -> None:
        self.replies: list[Any] = []
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.url = ""
        self.release = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Serve one request."""
        body = await request.read()
        self.seen.append((request.method, request.path_qs, dict(request.headers), body))
        reply = self.replies.pop(0) if self.replies else {}
        if reply == "drop":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if reply == "hang":
            await self.release.wait()
            return web.Response()
        if not isinstance(reply, tuple):
            return web.json_response(reply)
        status, value, headers = reply if len(reply) == 3 else (*reply, {})
        if isinstance(value, str):
            return web.Response(status=status, text=value, headers=headers)
        return web.json_response(value, status=status, headers=headers)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A server on a free port of loopback."""
    found = Server()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", found.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield found
    found.release.set()
    await stop_serving(runner)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """The session of a process."""
    async with open_session() as opened:
        yield opened


@pytest.fixture
def observed() -> list[tuple[str, str]]:
    """What the metrics would be told."""
    return []


@pytest.fixture
def transport(session: aiohttp.ClientSession, observed: list[tuple[str, str]]) -> Transport:
    """A transport with short waits."""
    clock = SystemClock()
    return Transport(
        lambda: session,
        pacing=Pacing(clock),
        clock=clock,
        timeout=0.4,
        pause=0.001,
        observe=lambda act, result: observed.append((act, result)),
    )


@pytest.fixture
def client(server: Server, transport: Transport) -> ChatwootClient:
    """A client of account 3."""
    return ChatwootClient(
        transport, base_url=server.url, account_id=3, token="segredo-do-bot", user_token="da-Ana"
    )
