"""Any HTTP API on loopback, and n8n's webhooks: answers what a test says, keeps what it got."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import orjson
from aiohttp import web

from chatcrew.testing._serving import stop_serving

_MOST = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """What a server received: ``target`` is path and query as they came, undecoded."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body's JSON value."""
        return orjson.loads(self.body)


class FakeApi:
    """An HTTP API; an async context manager.

    Each request gets the answer of its method and path, else 404 with a JSON message.

    Attributes:
        url: its address without a trailing slash.
        requests: what came in, in order.
        hang: while true, requests are received and never answered.
        status: answers every request with it, in the place of what was said; None: not.
    """

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[ApiRequest] = []
        self.hang = False
        self.status: int | None = None
        self._answers: dict[tuple[str, str], tuple[int, bytes, Mapping[str, str]]] = {}
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Listen on loopback."""
        app = web.Application(client_max_size=_MOST)
        app.router.add_route("*", "/{path:.*}", self._received)
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let hanging requests go and stop listening."""
        self._closing.set()
        if self._runner is not None:
            await stop_serving(self._runner)

    def answer(
        self,
        method: str,
        path: str,
        value: Any = None,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Answer a method and path with a JSON value, or with bytes as they are."""
        kind = {} if isinstance(value, bytes) else {"Content-Type": "application/json"}
        body = value if isinstance(value, bytes) else orjson.dumps(value)
        self._answers[method, path] = (status, body, {**kind, **(headers or {})})
        return self

    async def _received(self, request: web.Request) -> web.StreamResponse:
        received = ApiRequest(
            request.method, request.raw_path, dict(request.headers), await request.read()
        )
        self.requests.append(received)
        if self.hang:
            await self._closing.wait()
        if self.status is not None:
            return web.json_response({"message": "no"}, status=self.status)
        return await self.respond(request, received)

    async def respond(self, request: web.Request, received: ApiRequest) -> web.StreamResponse:
        """Answer what was said for the path."""
        del received
        known = self._answers.get((request.method, request.path))
        if known is None:
            return web.json_response({"message": "not found"}, status=404)
        status, body, headers = known
        return web.Response(status=status, body=body, headers=headers)


class FakeN8n(FakeApi):
    """n8n as webhooks show it: ``POST /webhook/{name}``, header authentication, its own errors.

    Args:
        key: what ``X-N8N-Key`` must hold; None asks for nothing.

    Attributes:
        called: the JSON bodies by name of the workflow.
    """

    def __init__(self, *, key: str | None = None) -> None:
        super().__init__()
        self.key = key
        self.called: dict[str, list[Any]] = {}
        self._workflows: dict[str, Any] = {}

    def workflow(self, name: str, value: Any) -> Self:
        """Register an active workflow that responds with a JSON value, or with a text."""
        self._workflows[name] = value
        return self

    async def respond(self, request: web.Request, received: ApiRequest) -> web.StreamResponse:
        """Answer as n8n does (packages/cli: webhook responses)."""
        name = request.path.removeprefix("/webhook/")
        if name not in self._workflows or request.method != "POST":
            message = f'The requested webhook "{request.method} {name}" is not registered.'
            return web.json_response({"code": 404, "message": message}, status=404)
        if self.key is not None and request.headers.get("X-N8N-Key") != self.key:
            return web.Response(status=403, text="Authorization data is wrong!")
        self.called.setdefault(name, []).append(received.json)
        value = self._workflows[name]
        return web.Response(text=value) if isinstance(value, str) else web.json_response(value)
