"""The baseline of ``turn``: a script that takes a webhook, asks the model and posts the answer.

It verifies the signature and does nothing else that chatcrew does: it stores nothing, so a crash
loses what it holds, and a retried webhook is answered twice.

Run as ``python -m benchmarks._plain DESCRIPTOR MODEL CHATWOOT``.
"""

import asyncio
import hmac
import json
import socket
import sys

import uvloop
from aiohttp import ClientSession, web

from benchmarks._installation import SECRET

_SYSTEM = "Você atende os clientes da Clínica Varizemed. Responda em uma frase curta."


class _Script:
    def __init__(self, session: ClientSession, model: str, chatwoot: str) -> None:
        self._session = session
        self._model = f"{model}/chat/completions"
        self._chatwoot = f"{chatwoot}/api/v1/accounts/1/conversations"
        self._answering: set[asyncio.Task[None]] = set()

    async def post(self, request: web.Request) -> web.Response:
        """Take a webhook and answer it in the background."""
        body = await request.read()
        stamp = request.headers["X-Chatwoot-Timestamp"].encode("ascii")
        digest = hmac.digest(SECRET.encode(), stamp + b"." + body, "sha256").hex()
        if not hmac.compare_digest(request.headers["X-Chatwoot-Signature"], f"sha256={digest}"):
            return web.Response(status=401)
        event = json.loads(body)
        task = asyncio.create_task(self._answer(event["conversation"]["id"], event["content"]))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)
        return web.json_response({"status": "taken"})

    async def _answer(self, number: int, question: str) -> None:
        messages = [{"role": "system", "content": _SYSTEM}, {"role": "user", "content": question}]
        asked = {"model": "gpt-4o-mini", "messages": messages, "temperature": 0.2}
        async with self._session.post(self._model, json=asked) as got:
            answer = (await got.json())["choices"][0]["message"]["content"]
        said = {"content": answer, "message_type": "outgoing", "private": False}
        async with self._session.post(f"{self._chatwoot}/{number}/messages", json=said) as got:
            await got.read()


async def _serve(descriptor: int, model: str, chatwoot: str) -> None:
    async with ClientSession() as session:
        app = web.Application()
        app.router.add_post("/webhooks/chatwoot/{bot}", _Script(session, model, chatwoot).post)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        bound = socket.socket(fileno=descriptor)
        bound.settimeout(0)
        await web.SockSite(runner, bound).start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(int(sys.argv[1]), *sys.argv[2:4]))
