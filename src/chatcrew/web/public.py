"""The public port: Chatwoot's webhooks and a sign of life."""

import asyncio

from aiohttp import web

from chatcrew.clock import Clock
from chatcrew.errors import WebhookError
from chatcrew.telemetry import Metrics
from chatcrew.web.errors import error_response, one_error_shape
from chatcrew.web.reception import Reception

MAX_BODY = 8 * 1024 * 1024
"""Longest body read, in bytes; Chatwoot's largest are e-mails of some MB."""

BODY_TIMEOUT = 3.0
"""Seconds for the body to arrive: Chatwoot itself gives up after 5."""


class _Webhooks:
    def __init__(self, reception: Reception, metrics: Metrics, clock: Clock) -> None:
        self._reception = reception
        self._metrics = metrics
        self._clock = clock

    async def post(self, request: web.Request) -> web.Response:
        """Take one delivery; the answer's status is chosen by what Chatwoot does with it."""
        begun = self._clock.monotonic()
        name = request.match_info["bot"]
        body = b""
        known = ""
        try:
            bot = await self._reception.find(name, request.match_info.get("token"))
            known = bot.name
            body = await _read(request)
            receipt = await self._reception.accept(bot, body, request.headers)
        except WebhookError as error:
            self._reception.refused(known or "?", error, body)
            self._count(known or "?", error.status, error.kind, begun)
            return error_response(error.status, kind=error.kind, message=str(error))
        self._count(known, 200, receipt.result, begun)
        return web.json_response({"status": receipt.result})

    def _count(self, bot: str, status: int, reason: str, begun: float) -> None:
        self._metrics.count("chatcrew_webhooks", bot=bot, status=str(status), reason=reason)
        self._metrics.observe("chatcrew_webhook_seconds", self._clock.monotonic() - begun)


async def _read(request: web.Request) -> bytes:
    """Return the raw body.

    Raises:
        WebhookError: 413 over the limit, 408 if it does not arrive in time.
    """
    if (request.content_length or 0) > MAX_BODY:
        raise WebhookError(413, kind="too_large")
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_TIMEOUT):
            async for chunk in request.content.iter_any():
                size += len(chunk)
                if size > MAX_BODY:
                    raise WebhookError(413, kind="too_large")
                chunks.append(chunk)
    except TimeoutError as error:
        raise WebhookError(408, kind="body_timeout") from error
    return b"".join(chunks)


async def live(_request: web.Request) -> web.Response:
    """Say that the event loop turns."""
    return web.json_response({"status": "live"})


def public_app(reception: Reception, *, metrics: Metrics, clock: Clock) -> web.Application:
    """Return the application of the public port."""
    app = web.Application(middlewares=[one_error_shape], client_max_size=MAX_BODY)
    webhooks = _Webhooks(reception, metrics, clock)
    app.router.add_post("/webhooks/chatwoot/{bot}", webhooks.post)
    app.router.add_post("/webhooks/chatwoot/{bot}/{token}", webhooks.post)
    app.router.add_get("/health/live", live)
    return app
