"""The worker process: everything that answers, wired together."""

import os
import socket
from contextlib import AsyncExitStack
from functools import partial

from chatcrew import __version__
from chatcrew.app.chores import Chores
from chatcrew.app.clients import BotClients
from chatcrew.app.configuration import load_directory
from chatcrew.app.ingress import Gauges, serve_app
from chatcrew.app.meter import CacheMeter, LedgerMeter
from chatcrew.app.responder import CrewResponder
from chatcrew.app.secrets import SecretBox
from chatcrew.app.sockets import listen
from chatcrew.app.storage import open_database
from chatcrew.cache import open_cache
from chatcrew.chatwoot import Pacing, Transport, open_session
from chatcrew.clock import SystemClock
from chatcrew.conversations import PostgresHistory
from chatcrew.crews import CrewAIResponder, CrewPool
from chatcrew.hub import Hub
from chatcrew.knowledge import PostgresKnowledge
from chatcrew.ledger import PostgresLedger
from chatcrew.llm import gateway
from chatcrew.mailbox import PostgresMailbox
from chatcrew.outbox import PostgresOutbox
from chatcrew.settings import Settings
from chatcrew.telemetry import Health, Metrics, get_logger
from chatcrew.tools import builtin_catalogue
from chatcrew.web import admin_app
from chatcrew.worker import Courier, Leases, StoredTurns, Sweep, Worker
from chatcrew.worker.history import EpisodeHistory
from chatcrew.worker.loop import Limits
from chatcrew.worker.typing import Typing

_log = get_logger("worker")


async def open_worker(
    settings: Settings, stack: AsyncExitStack, *, may_own: bool, admin: bool
) -> Worker:
    """Return a worker that is ready to run; everything it uses is closed with ``stack``.

    Raises:
        ConfigErrors: a file the admin edits is at fault.
        StoreError: the database cannot be reached.
    """
    clock = SystemClock()
    metrics = Metrics()
    directory = await load_directory(settings)
    database = await open_database(settings, stack, name="chatcrew-worker", may_own=may_own)
    mailbox = PostgresMailbox(database, clock, max_pending=settings.mailbox_limit)
    stack.push_async_callback(mailbox.close)
    outbox = PostgresOutbox(database, clock)
    ledger = PostgresLedger(database)
    knowledge = PostgresKnowledge(database)
    for tenant in directory.current.tenants.values():
        await knowledge.sync(tenant.key, tenant.faq, version=directory.current.version)

    redis_url = settings.redis_url
    cache = await stack.enter_async_context(
        open_cache(
            clock,
            file=settings.data_dir / "cache.sqlite",
            file_bytes=settings.cache_file_mb * 1024 * 1024,
            redis_url=redis_url.get_secret_value() if redis_url else None,
            observer=CacheMeter(metrics),
        )
    )
    model = await gateway.open_gateway(
        api_key=settings.openai_api_key.get_secret_value() if settings.openai_api_key else None,
        base_url=settings.openai_base_url,
        concurrency=settings.model_concurrency,
        meter=LedgerMeter(ledger, metrics=metrics),
        cache=cache,
        clock=clock,
        stack=stack,
    )
    pool = CrewPool(size=settings.crew_processes)
    if settings.model_configured:
        await pool.start()
    stack.push_async_callback(pool.close)

    session = await stack.enter_async_context(open_session())
    transport = Transport(
        lambda: session,
        pacing=Pacing(
            clock, per_minute=settings.chatwoot_per_minute, share=settings.worker_processes
        ),
        clock=clock,
        observe=partial(_observe, metrics),
    )
    clients = BotClients(directory, transport=transport, secrets=SecretBox(clock))
    leases = Leases(clock)
    courier = Courier(
        outbox, mailbox=mailbox, clients=clients, leases=leases, metrics=metrics, clock=clock
    )
    hub = Hub(
        directory,
        history=EpisodeHistory(PostgresHistory(database)),
        knowledge=knowledge,
        responder=CrewResponder(
            CrewAIResponder(pool),
            model=model,
            catalogue=builtin_catalogue(),
            knowledge=knowledge,
            default_model=settings.model,
            available=settings.model_configured,
            clock=clock,
        ),
        turns=StoredTurns(mailbox, outbox=outbox, courier=courier),
        clock=clock,
    )
    sweep = Sweep(mailbox, clients=clients, metrics=metrics, clock=clock)
    await stack.enter_async_context(Chores(sweep, mailbox=mailbox, clock=clock))
    if admin:
        bound = stack.enter_context(listen(settings.admin_host, settings.admin_port))
        health = Health({"database": database.ping, "mailbox": mailbox.depth})
        app = admin_app(health, metrics=metrics, gauges=Gauges(mailbox).read, version=__version__)
        await serve_app(app, bound, stack)
    _log.info("worker.ready", config=directory.current.version, model=settings.model_configured)
    return Worker(
        f"{socket.gethostname()}-{os.getpid()}",
        mailbox=mailbox,
        hub=hub,
        leases=leases,
        typing=Typing(clients),
        metrics=metrics,
        clock=clock,
        limits=Limits(concurrency=settings.worker_concurrency),
    )


def _observe(metrics: Metrics, act: str, result: str) -> None:
    metrics.count("chatcrew_chatwoot_requests", act=act, result=result)
