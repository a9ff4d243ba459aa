"""The public port: Chatwoot's webhooks, the operators' tab and a sign of life."""

import asyncio

from aiohttp import web

from chatcrew.clock import Clock
from chatcrew.errors import WebhookError
from chatcrew.points import Point, passed
from chatcrew.telemetry import Metrics
from chatcrew.web.errors import error_response, one_error_shape
from chatcrew.web.reception import Reception
from chatcrew.web.tab import Tab

MAX_BODY = 8 * 1024 * 1024
"""Longest body read, in bytes; Chatwoot's largest are e-mails of some MB."""

BODY_TIMEOUT = 3.0
"""Seconds for the body to arrive: Chatwoot itself gives up after 5."""

_JSON = {"Content-Type": "application/json; charset=utf-8"}


class _Webhooks:
    def __init__(
        self, reception: Reception, metrics: Metrics, clock: Clock, *, body_timeout: float
    ) -> None:
        self._reception = reception
        self._metrics = metrics
        self._clock = clock
        self._body_timeout = body_timeout

    async def post(self, request: web.Request) -> web.Response:
        """Take one delivery; the answer's status is chosen by what Chatwoot does with it."""
        begun = self._clock.monotonic()
        # Labels come from the mapping, never from the URL: anybody may send any URL. What is
        # counted if nobody says otherwise is a fault of ours, which the middleware answers.
        known, status, reason = "?", 500, "internal"
        body = b""
        try:
            bot = await self._reception.find(
                request.match_info["bot"], request.match_info.get("token")
            )
            known = bot.name
            body = await _read(request, timeout=self._body_timeout)
            passed(Point.INGRESS_READ)
            receipt = await self._reception.accept(bot, body, request.headers)
            passed(Point.INGRESS_ANSWERED)
            status, reason = 200, receipt.result
        except WebhookError as error:
            status, reason = error.status, error.kind
            self._reception.refused(known, error, body)
            return error_response(error.status, kind=error.kind, message=str(error))
        finally:
            self._metrics.count("chatcrew_webhooks", bot=known, status=str(status), reason=reason)
            self._metrics.observe("chatcrew_webhook_seconds", self._clock.monotonic() - begun)
        return web.Response(body=b'{"status": "%b"}' % receipt.result.encode(), headers=_JSON)


async def _read(request: web.Request, *, timeout: float) -> bytes:  # noqa: ASYNC109 - the answer to a slow body is ours to choose
    """Return the raw body.

    Raises:
        WebhookError: 413 over the limit, 500 if it does not arrive in time, 422 if it is packed,
            its framing is broken or the sender hung up.
    """
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        # Chatwoot packs nothing, and its signature is over what it sent: nobody needs it unpacked
        raise WebhookError(422, kind="body_packed")
    if (request.content_length or 0) > MAX_BODY:
        raise WebhookError(413, kind="too_large")
    content = request.content
    if content.is_eof() and content.exception() is None:
        # All of it is here, as nearly always: no timer is needed.
        body = content.read_nowait()
        if len(body) > MAX_BODY:
            raise WebhookError(413, kind="too_large")
        return body
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(timeout):
            async for chunk in content.iter_any():
                size += len(chunk)
                if size > MAX_BODY:
                    raise WebhookError(413, kind="too_large")
                chunks.append(chunk)
    except TimeoutError as error:
        # A slow network must not cost the bot its turn: after 500 Chatwoot tries again
        raise WebhookError(500, kind="body_timeout") from error
    except (web.RequestPayloadError, ConnectionError) as error:
        # Nothing was verified, so nothing is kept; Chatwoot itself never sends such a thing.
        raise WebhookError(422, kind="body_broken") from error
    return b"".join(chunks)


async def live(_request: web.Request) -> web.Response:
    """Say that the event loop turns."""
    return web.json_response({"status": "live"})


def public_app(
    reception: Reception,
    *,
    metrics: Metrics,
    clock: Clock,
    tab: Tab | None = None,
    body_timeout: float = BODY_TIMEOUT,
) -> web.Application:
    """Return the application of the public port.

    Args:
        reception: takes deliveries.
        metrics: counters.
        clock: time.
        tab: what operators see in Chatwoot; None: nothing.
        body_timeout: seconds a body has to arrive, in real time.
    """
    app = web.Application(middlewares=[one_error_shape], client_max_size=MAX_BODY)
    webhooks = _Webhooks(reception, metrics, clock, body_timeout=body_timeout)
    app.router.add_post("/webhooks/chatwoot/{bot}", webhooks.post)
    app.router.add_post("/webhooks/chatwoot/{bot}/{token}", webhooks.post)
    app.router.add_get("/health/live", live)
    if tab is not None:
        tab.add_to(app)
    return app
