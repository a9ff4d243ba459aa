"""The baseline of ``ingress``: aiohttp on uvloop that does nothing but hash the body.

Run as ``python -m benchmarks._bare DESCRIPTOR`` with a listening socket to inherit.
"""

import asyncio
import hmac
import socket
import sys

import uvloop
from aiohttp import web

_SECRET = b"a secret as long as one of Chatwoot's"


async def _post(request: web.Request) -> web.Response:
    body = await request.read()
    stamp = request.headers["X-Chatwoot-Timestamp"].encode("ascii")
    hmac.digest(_SECRET, stamp + b"." + body, "sha256")
    return web.json_response({"status": "hashed"})


async def _serve(descriptor: int) -> None:
    app = web.Application(client_max_size=8 * 1024 * 1024)
    app.router.add_post("/webhooks/chatwoot/{bot}", _post)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    bound = socket.socket(fileno=descriptor)
    bound.settimeout(0)
    await web.SockSite(runner, bound).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(int(sys.argv[1])))
