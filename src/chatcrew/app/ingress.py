"""The ingress process: webhooks in, mailbox rows out; it never imports CrewAI or openai."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from socket import socket

from aiohttp import web

from chatcrew import tools
from chatcrew.app.api import open_api
from chatcrew.app.console import open_console
from chatcrew.app.examining import Advice
from chatcrew.app.foundation import approval, lay_foundation
from chatcrew.app.kept import keep
from chatcrew.app.reload import Files, Hooks, Reloader, following
from chatcrew.app.tab import open_tab
from chatcrew.errors import StoreError
from chatcrew.mailbox import Mailbox
from chatcrew.provision._sql import PostgresExaminations
from chatcrew.settings import Settings
from chatcrew.telemetry import Health, get_logger
from chatcrew.version import VERSION
from chatcrew.web import Reception, admin_app, public_app, stop_accepting
from chatcrew.web.patience import IDLE, Patience, Waiting
from chatcrew.web.wire import NAME, Runner

_log = get_logger("ingress")

LINGER = 1.0
"""Seconds an accepted connection has to bring its request after we stopped accepting."""

PATIENCE = Patience()
"""How long whoever connects may take."""

_STEP = 0.02
"""Seconds between two looks at who is still connected."""


async def open_ingress(
    settings: Settings,
    stack: AsyncExitStack,
    *,
    public: socket,
    admin: socket | None,
    may_own: bool,
) -> None:
    """Serve both ports until ``stack`` is closed.

    Raises:
        ConfigErrors: a file the admin edits is at fault.
        StoreError: the database cannot be reached.
    """
    base = await lay_foundation(settings, stack, name="chatcrew-ingress", may_own=may_own)
    clock, metrics, mailbox = base.clock, base.metrics, base.mailbox
    reception = Reception(
        base.directory,
        mailbox=mailbox,
        secrets=base.secrets,
        metrics=metrics,
        clock=clock,
    )
    reloader = Reloader(
        base.directory,
        Files.of(settings),
        tools=tools.names(),
        metrics=metrics,
        clock=clock,
        hooks=Hooks(approve=approval(base), keep=partial(keep, settings)),
    )
    health = Health({"database": base.database.ping, "mailbox": mailbox.depth})
    tab = await open_tab(base)
    await serve_app(
        public_app(reception, metrics=metrics, clock=clock, tab=tab),
        public,
        stack,
        patience=replace(PATIENCE, most=settings.max_connections),
        full=lambda how: metrics.count("chatcrew_connections_full", how=how),
    )
    if admin is not None:
        gauges = Gauges(mailbox)
        advice = Advice(base.directory, PostgresExaminations(base.database)).read
        app = admin_app(
            health,
            metrics=metrics,
            gauges=gauges.read,
            version=VERSION,
            config=reloader.status,
            advice=advice,
            console=await open_console(base, status=reloader.status, advice=advice),
            api=open_api(base),
        )
        await serve_app(app, admin, stack)
    await stack.enter_async_context(following(reloader))
    _log.info("ingress.ready", config=base.directory.current.version)


async def serve_app(
    app: web.Application,
    bound: socket,
    stack: AsyncExitStack,
    *,
    patience: Patience = PATIENCE,
    full: Callable[[str], None] = lambda _: None,
) -> None:
    """Answer on a listening socket; at the end, whoever is connected is answered first.

    Args:
        app: what answers.
        bound: the socket.
        stack: closes it.
        patience: with whoever connects.
        full: hears of connections beyond the most there may be.
    """
    waiting = Waiting(patience, told=full)
    waiting.add_to(app)
    app.on_response_prepare.append(_nameless)
    # The access log would hold path tokens; the webhook's own lines and metrics replace it.
    # Nothing that is sent to us is packed: unpacking a stranger's 200 kB can take all of a second.
    runner = Runner(
        app,
        doorkeeper=waiting,
        access_log=None,
        shutdown_timeout=5.0,
        keepalive_timeout=IDLE,
        lingering_time=patience.body,
        auto_decompress=False,
    )
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, bound).start()
    assert runner.server is not None
    await stack.enter_async_context(waiting.watching(runner.server))
    stack.push_async_callback(_linger, runner)


async def _nameless(_request: web.Request, response: web.StreamResponse) -> None:
    """Tell nobody which versions of which libraries answer."""
    response.headers["Server"] = NAME


async def _linger(runner: web.AppRunner) -> None:
    """Accept nothing more, and answer who is connected.

    A connection that was accepted a moment ago has brought no request yet: aiohttp takes it for an
    idle one and resets it, and Chatwoot never repeats a delivery that was reset (contract §1.6).
    """
    loop = asyncio.get_running_loop()
    await stop_accepting(runner)
    last = loop.time() + LINGER
    while runner.server is not None and runner.server.connections and loop.time() < last:  # noqa: ASYNC110 - aiohttp tells nobody
        await asyncio.sleep(_STEP)


class Gauges:
    """Figures read at the moment of a scrape."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def read(self) -> Mapping[str, float]:
        """Return the mailbox's depth; nothing while the database is away."""
        try:
            depth = await self._mailbox.depth()
        except StoreError:
            return {}
        return {
            "chatcrew_mailbox_waiting": depth.waiting,
            "chatcrew_mailbox_oldest_seconds": depth.oldest,
            "chatcrew_mailbox_parked": depth.parked,
        }
