"""A bot's address that only records what Chatwoot sends and answers as it is told."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from chatcrew.testing._serving import stop_serving


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)

    @property
    def event(self) -> str:
        """The Chatwoot event."""
        return str(self.json.get("event"))


class WebhookSink:
    """A loopback server for tests of what Chatwoot sends; use it as ``async with``.

    Args:
        answer: status for a request (default 200 for all); -1 never answers.
    """

    def __init__(self, answer: Callable[[Received], int] | None = None) -> None:
        self.received: list[Received] = []
        self.answer = answer or (lambda _request: 200)
        self._released = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/{path:.*}", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._released.set()
        if self._runner is not None:
            await stop_serving(self._runner)

    @property
    def url(self) -> str:
        """The address to give to Chatwoot."""
        assert self._runner is not None, "the sink is not started"
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/hook"

    @property
    def events(self) -> list[str]:
        """The events received, in order of arrival."""
        return [request.event for request in self.received]

    def of(self, event: str) -> list[Any]:
        """Return the bodies of one event, in order of arrival."""
        return [request.json for request in self.received if request.event == event]

    async def _take(self, request: web.Request) -> web.Response:
        received = Received(request.path, dict(request.headers), await request.read())
        self.received.append(received)
        status = self.answer(received)
        if status < 0:
            await self._released.wait()
        return web.Response(status=max(status, 200))
