"""The admin port: readiness, metrics; loopback unless the admin says otherwise."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from aiohttp import web

from chatcrew.telemetry import Health, Metrics
from chatcrew.web.api import Served
from chatcrew.web.console import Console
from chatcrew.web.errors import one_error_shape
from chatcrew.web.public import live

_PATIENCE = 1.0
"""Seconds that advice may take."""

Live = Callable[[], Awaitable[Mapping[str, float]]]
"""Reads gauges at the moment of the scrape, by full metric name."""

Status = Callable[[], Mapping[str, object]]
"""Tells something that is no check, such as the configuration in force."""

Advice = Callable[[], Awaitable[Sequence[Mapping[str, object]]]]
"""Tells what an admin should see to; it makes nobody unready."""


class _Admin:
    def __init__(
        self,
        health: Health,
        metrics: Metrics,
        gauges: Live,
        version: str,
        config: Status | None,
        advice: Advice | None,
    ) -> None:
        self._health = health
        self._metrics = metrics
        self._gauges = gauges
        self._version = version
        self._config = config
        self._advice = advice

    async def ready(self, _request: web.Request) -> web.Response:
        """Ask every dependency; 503 says which one is ill (this port is not Chatwoot's)."""
        report = await self._health.report()
        body: dict[str, object] = {
            "status": "ready" if report.well else "unready",
            "checks": dict(report.checks),
            "version": self._version,
        }
        if self._config is not None:
            body["config"] = dict(self._config())
        if self._advice is not None:
            body["advice"] = [dict(one) for one in await self._advised(self._advice)]
        return web.json_response(body, status=200 if report.well else 503)

    async def _advised(self, advice: Advice) -> Sequence[Mapping[str, object]]:
        """Return the advice, none where it takes too long: readiness must not wait for it."""
        try:
            async with asyncio.timeout(_PATIENCE):
                return await advice()
        except TimeoutError:
            return ()

    async def metrics(self, _request: web.Request) -> web.Response:
        """Return the Prometheus text."""
        text = self._metrics.exposition(await self._gauges())
        return web.Response(body=text, content_type="text/plain", charset="utf-8")


def admin_app(
    health: Health,
    *,
    metrics: Metrics,
    gauges: Live,
    version: str,
    config: Status | None = None,
    advice: Advice | None = None,
    console: Console | None = None,
    api: Served | None = None,
) -> web.Application:
    """Return the application of the admin port.

    Args:
        health: what readiness asks.
        metrics: counters.
        gauges: read at the scrape.
        version: of the program.
        config: version and faults of the configuration, shown with readiness.
        advice: what examinations found, shown with readiness.
        console: pages for the people who run the house, behind a login of their own.
        api: what programs may ask, each with a token of its own.
    """
    app = web.Application(middlewares=[one_error_shape])
    admin = _Admin(health, metrics, gauges, version, config, advice)
    app.router.add_get("/health/live", live)
    app.router.add_get("/health/ready", admin.ready)
    app.router.add_get("/metrics", admin.metrics)
    if console is not None:
        console.add_to(app)
    if api is not None:
        api.add_to(app)
    return app
