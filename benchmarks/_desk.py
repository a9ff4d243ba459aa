"""Stands for Chatwoot: posts customers' messages and notes when the answer is there."""

import asyncio
import time
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientSession, web

from benchmarks._messages import Messages

_PATIENCE = 60.0


class Desk:
    """Posts webhooks and takes the calls of the API that follow; an async context manager.

    Args:
        messages: makes the webhooks.

    Attributes:
        url: base URL of the API.
        calls: requests that came to it.
    """

    def __init__(self, messages: Messages) -> None:
        self.url = ""
        self.calls = 0
        self._messages = messages
        self._next = 1
        self._waiting: dict[int, asyncio.Future[tuple[float, str]]] = {}
        self._session: ClientSession | None = None
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        place = "/api/v1/accounts/{account}/conversations/{number:\\d+}"
        app.router.add_post(f"{place}/messages", self._message)
        app.router.add_route("*", f"{place}{{rest:.*}}", self._other)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._session = ClientSession()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._session is not None, "entered"
        assert self._runner is not None, "entered"
        await self._session.close()
        await self._runner.cleanup()

    async def ask(self, url: str, text: str) -> tuple[float, str]:
        """Let a new customer write; return seconds until the answer was posted, and its text.

        Raises:
            TimeoutError: nothing was posted within a minute.
        """
        assert self._session is not None, "entered"
        number = self._next
        self._next += 1
        answered = asyncio.get_running_loop().create_future()
        self._waiting[number] = answered
        headers, body = self._messages.signed(100_000 + number, number, text=text)
        begun = time.perf_counter()
        async with self._session.post(url, data=body, headers=headers) as got:
            got.raise_for_status()
        async with asyncio.timeout(_PATIENCE):
            arrived, said = await answered
        return arrived - begun, said

    async def _message(self, request: web.Request) -> web.Response:
        arrived = time.perf_counter()
        self.calls += 1
        body: dict[str, Any] = await request.json()
        number = int(request.match_info["number"])
        answered = self._waiting.get(number)
        if not body.get("private") and answered is not None and not answered.done():
            answered.set_result((arrived, str(body["content"])))
        return web.json_response({"id": 500_000 + self.calls, "conversation_id": number})

    async def _other(self, _request: web.Request) -> web.Response:
        self.calls += 1
        return web.json_response({"payload": {"success": True, "current_status": "open"}})
