"""A peer: an aiohttp bot that acknowledges first and answers in a task of its own.

Run as ``python -m benchmarks._peer_aiohttp DESCRIPTOR MODEL CHATWOOT``.
"""

import asyncio
import socket
import sys

import uvloop
from aiohttp import ClientSession, web

from benchmarks import _peer


class _Bot:
    def __init__(self, session: ClientSession, model: str, chatwoot: str) -> None:
        self._session = session
        self._model = f"{model}/chat/completions"
        self._chatwoot = chatwoot
        self._answering: set[asyncio.Task[None]] = set()

    async def post(self, request: web.Request) -> web.Response:
        """Take a webhook."""
        body = await request.read()
        if not _peer.is_signed(request.headers, body):
            return web.Response(status=401)
        asked = _peer.asked(body)
        if asked is not None:
            task = asyncio.create_task(self._answer(*asked))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
        return web.json_response({"status": "taken"})

    async def _answer(self, number: int, text: str) -> None:
        said = _peer.by_keyword(text)
        if said is None:
            call = {"model": "gpt-4o-mini", "messages": _peer.messages(text), "max_tokens": 150}
            async with self._session.post(self._model, json=call) as got:
                said = (await got.json())["choices"][0]["message"]["content"]
        url = _peer.place(self._chatwoot, number)
        async with self._session.post(url, json=_peer.reply(said), headers=_peer.HEADERS) as got:
            await got.read()


async def _live(_: web.Request) -> web.Response:
    return web.json_response({"status": "alive"})


async def _serve(descriptor: int, model: str, chatwoot: str) -> None:
    async with ClientSession() as session:
        app = web.Application()
        app.router.add_post("/webhooks/chatwoot/{bot}", _Bot(session, model, chatwoot).post)
        app.router.add_get("/health/live", _live)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        bound = socket.socket(fileno=descriptor)
        bound.settimeout(0)
        await web.SockSite(runner, bound).start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(int(sys.argv[1]), *sys.argv[2:4]))
