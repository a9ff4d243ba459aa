"""The ingress process: webhooks in, mailbox rows out; it never imports CrewAI or openai."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from socket import socket

from aiohttp import web

from chatcrew import __version__
from chatcrew.app.configuration import load_directory
from chatcrew.app.secrets import SecretBox
from chatcrew.app.storage import open_database
from chatcrew.clock import SystemClock
from chatcrew.errors import StoreError
from chatcrew.mailbox import Mailbox, PostgresMailbox
from chatcrew.settings import Settings
from chatcrew.telemetry import Health, Metrics, get_logger
from chatcrew.web import Reception, admin_app, public_app

_log = get_logger("ingress")


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
    clock = SystemClock()
    metrics = Metrics()
    directory = await load_directory(settings)
    database = await open_database(settings, stack, name="chatcrew-ingress", may_own=may_own)
    mailbox = PostgresMailbox(database, clock, max_pending=settings.mailbox_limit)
    stack.push_async_callback(mailbox.close)
    reception = Reception(
        directory,
        mailbox=mailbox,
        secrets=SecretBox(clock),
        metrics=metrics,
        clock=clock,
    )
    health = Health({"database": database.ping, "mailbox": mailbox.depth})
    await serve_app(public_app(reception, metrics=metrics, clock=clock), public, stack)
    if admin is not None:
        gauges = Gauges(mailbox)
        app = admin_app(health, metrics=metrics, gauges=gauges.read, version=__version__)
        await serve_app(app, admin, stack)
    _log.info("ingress.ready", config=directory.current.version)


async def serve_app(app: web.Application, bound: socket, stack: AsyncExitStack) -> None:
    """Answer on a listening socket; at the end, requests that run are finished first."""
    # The access log would hold path tokens; the webhook's own lines and metrics replace it.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, bound).start()


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
