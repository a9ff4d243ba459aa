"""A whole bot in this process: real HTTP, real PostgreSQL, the real hub; for scenario tests."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientSession

from chatcrew.accounts import QUICK, Accounts, Passwords, PostgresAccounts
from chatcrew.app.api import open_api
from chatcrew.app.assembly import WorkerParts, assemble_worker
from chatcrew.app.configuration import sync_knowledge
from chatcrew.app.console import open_console
from chatcrew.app.foundation import Foundation
from chatcrew.app.ingress import Gauges, serve_app
from chatcrew.app.secrets import SecretBox
from chatcrew.app.sockets import listen
from chatcrew.app.tab import open_tab
from chatcrew.attachments import Senses
from chatcrew.cache import LayeredCache, open_cache
from chatcrew.clock import Clock, SystemClock
from chatcrew.database import Database
from chatcrew.hub.ports import Responder, Rulings
from chatcrew.intents import Classifiers
from chatcrew.knowledge import PostgresKnowledge
from chatcrew.mailbox import PostgresMailbox
from chatcrew.outbox import PostgresOutbox
from chatcrew.settings import Settings
from chatcrew.telemetry import Health, Metrics
from chatcrew.tenancy import Directory, load
from chatcrew.testing.responders import NobodyResponds
from chatcrew.tools import names
from chatcrew.version import VERSION
from chatcrew.web import Reception, admin_app, public_app
from chatcrew.worker import Limits, Patience

LEARNED = Classifiers()
"""What bots of one process learned of the same phrases: a session of tests learns them once."""


@dataclass(slots=True)
class RunningBot:
    """A bot that answers; everything a test may want to look at."""

    base: Foundation
    outbox: PostgresOutbox
    parts: WorkerParts
    public_url: str
    admin_url: str

    def webhook_url(self, bot: str) -> str:
        """Return where Chatwoot posts to for a bot label."""
        return f"{self.public_url}/webhooks/chatwoot/{bot}"

    async def metric(self, name: str, **labels: str) -> float:
        """Return the sum of a counter over all rows with these labels, from the metrics page."""
        async with ClientSession() as session, session.get(f"{self.admin_url}/metrics") as got:
            text = await got.text()
        rows = (row.rsplit(" ", 1) for row in text.splitlines() if not row.startswith("#"))
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        return sum(
            float(value)
            for key, value in rows
            if key.split("{")[0] == name and all(one in key for one in wanted)
        )

    async def quiet(self, *, within: float = 20.0, waiting: bool = True) -> None:
        """Wait until no turn runs and, with ``waiting``, nothing waits either.

        Raises:
            TimeoutError: something still does after ``within`` seconds.
        """
        async with asyncio.timeout(within):
            while self.parts.worker.running or (
                waiting and (await self.base.mailbox.depth()).waiting
            ):
                await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def running_bot(  # noqa: PLR0913 - everything a scenario may want to choose
    database: Database,
    mapping: Path,
    *,
    config_dir: Path,
    crews_dir: Path,
    responder: Responder | None = None,
    settings: Settings | None = None,
    clock: Clock | None = None,
    patience: Patience | None = None,
    limits: Limits | None = None,
    mailbox: PostgresMailbox | None = None,
    cache: LayeredCache | None = None,
    classifiers: Classifiers | None = None,
    senses: Senses | None = None,
    rulings: Callable[[Foundation], Rulings] | None = None,
) -> AsyncIterator[RunningBot]:
    """Run ingress and worker in this process until the block ends.

    Args:
        database: migrated.
        mapping: the mapping file.
        config_dir: folder of domains.
        crews_dir: folder of crews.
        responder: the crews; left out, no model is configured.
        settings: of the processes.
        clock: time.
        patience: how long a lost answer is waited for.
        limits: bounds of the worker's loop.
        mailbox: over the same database, for who looks into it; closed here.
        cache: for who looks into it; closed by the caller. Left out, one in memory.
        classifiers: of intents; left out, those that all bots of this process share.
        senses: what hears and sees; left out, only documents are read.
        rulings: makes what operators rule on; left out, no tool acts.
    """
    clock = clock or SystemClock()
    settings = settings or Settings()
    known = await asyncio.to_thread(names)
    loaded = await asyncio.to_thread(load, mapping, config_dir, crews_dir, tools=known)
    async with contextlib.AsyncExitStack() as stack:
        limit = settings.mailbox_limit
        mailbox = mailbox or PostgresMailbox(database, clock, max_pending=limit)
        stack.push_async_callback(mailbox.close)
        if cache is None:
            cache = await stack.enter_async_context(open_cache(clock))
        base = Foundation(
            settings,
            clock,
            Metrics(),
            Directory(loaded),
            database,
            mailbox,
            cache,
            SecretBox(clock),
        )
        knowledge = PostgresKnowledge(database)
        await sync_knowledge(knowledge, loaded.tenants.values())
        parts = await assemble_worker(
            "in-process",
            stack,
            base=base,
            knowledge=knowledge,
            responder=responder or NobodyResponds(),
            patience=patience,
            limits=limits,
            classifiers=LEARNED if classifiers is None else classifiers,
            senses=senses,
            rulings=rulings(base) if rulings is not None else None,
        )
        public_url = await _serve_public(base, stack)
        admin_url = await _serve_admin(base, stack)
        working = asyncio.create_task(parts.worker.run(), name="worker")
        try:
            yield RunningBot(base, PostgresOutbox(database, clock), parts, public_url, admin_url)
        finally:
            parts.worker.stop()
            await working


async def _serve_public(base: Foundation, stack: contextlib.AsyncExitStack) -> str:
    reception = Reception(
        base.directory,
        mailbox=base.mailbox,
        secrets=base.secrets,
        metrics=base.metrics,
        clock=base.clock,
    )
    tab = await open_tab(base)
    app = public_app(reception, metrics=base.metrics, clock=base.clock, tab=tab)
    bound = stack.enter_context(listen("127.0.0.1", 0))
    await serve_app(app, bound, stack)
    return f"http://127.0.0.1:{bound.getsockname()[1]}"


async def _serve_admin(base: Foundation, stack: contextlib.AsyncExitStack) -> str:
    health = Health({"database": base.database.ping, "mailbox": base.mailbox.depth})
    gauges = Gauges(base.mailbox).read
    accounts = Accounts(PostgresAccounts(base.database, base.clock), Passwords(QUICK))
    app = admin_app(
        health,
        metrics=base.metrics,
        gauges=gauges,
        version=VERSION,
        console=await open_console(base, accounts=accounts),
        api=open_api(base),
    )
    bound = stack.enter_context(listen("127.0.0.1", 0))
    await serve_app(app, bound, stack)
    return f"http://127.0.0.1:{bound.getsockname()[1]}"
