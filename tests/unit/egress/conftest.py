"""A server where the internet is, one where nobody may go, and a guard that tells them apart."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address

import pytest
from aiohttp import web

from chatcrew.egress import Address, GuardedHttp
from chatcrew.testing import stop_serving

OUTSIDE = "127.0.0.2"
"""Stands for the internet in these tests; 127.0.0.1 stays inside."""


class Server:
    """A server whose answers a test writes; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[web.Request] = []
        self.bodies: list[bytes] = []
        self.answer = lambda: web.Response(text="ok")
        self.answers: list[web.StreamResponse] = []
        self.hang = False
        self.drops = False
        self.port = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        self.bodies.append(await request.read())
        if self.drops and request.transport is not None:
            request.transport.abort()
        if self.hang:
            await asyncio.sleep(60)
        if self.answers:
            return self.answers.pop(0)
        return self.answer()


@asynccontextmanager
async def serving(host: str) -> AsyncIterator[Server]:
    """Serve on a free port of an address."""
    server = Server()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    bound = socket.create_server((host, 0))
    server.port = bound.getsockname()[1]
    await web.SockSite(runner, bound).start()
    try:
        yield server
    finally:
        await stop_serving(runner)


@pytest.fixture
async def outside() -> AsyncIterator[Server]:
    """Serve where the internet is."""
    async with serving(OUTSIDE) as server:
        yield server


@pytest.fixture
async def inside() -> AsyncIterator[Server]:
    """Serve where nobody may go."""
    async with serving("127.0.0.1") as server:
        yield server


def outside_only(address: Address) -> bool:
    """Return whether an address is of this test's internet."""
    return address == ip_address(OUTSIDE)


class Names:
    """Answers lookups from a list, the last one for ever; counts them."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked = 0

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        del host, port
        self.asked += 1
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


@pytest.fixture
def guard() -> Callable[..., GuardedHttp]:
    """Make a guard whose names lead to the given addresses, one answer after the other."""

    def made(*answers: Sequence[str], ports: Sequence[int] | None = None) -> GuardedHttp:
        names = Names(*(answers or ([OUTSIDE],)))
        return GuardedHttp(lookup=names, public=outside_only, ports=ports)

    return made
