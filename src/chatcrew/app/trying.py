"""The Python call: say something to a tenant's bot as a customer, and read its replies (S2-32)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from chatcrew.app.configuration import load_directory
from chatcrew.app.rounds import WORKERS
from chatcrew.app.simulated import PostgresSimulations, Simulator
from chatcrew.app.storage import open_database
from chatcrew.app.worker import open_worker
from chatcrew.clock import SystemClock
from chatcrew.ids import new_id
from chatcrew.ledger import PostgresLedger
from chatcrew.mailbox import PostgresMailbox
from chatcrew.outbox import PostgresOutbox
from chatcrew.settings import Settings


@contextlib.asynccontextmanager
async def open_simulator(settings: Settings | None = None) -> AsyncIterator[Simulator]:
    """Give a simulator on the running chatcrew's database, or with a worker of its own.

    Args:
        settings: where everything is; left out, what the environment says.

    Raises:
        ConfigErrors: a file the admin edits is at fault.
        StoreError: the database cannot be started or reached.
    """
    chosen = settings or Settings()
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        database = await open_database(chosen, stack, name="chatcrew-simulation", may_own=True)
        directory = await load_directory(chosen)
        mailbox = PostgresMailbox(database, clock)
        stack.push_async_callback(mailbox.close)
        if not await database.peers(WORKERS):
            await _work_here(chosen, stack)
        yield Simulator(
            lambda: directory.current,
            mailbox=mailbox,
            outbox=PostgresOutbox(database, clock),
            ledger=PostgresLedger(database),
            store=PostgresSimulations(database),
            clock=clock,
        )


async def _work_here(settings: Settings, stack: AsyncExitStack) -> None:
    """Answer in this process until ``stack`` is closed: nobody else does."""
    worker = await open_worker(settings, stack, may_own=True, admin=False)
    working = asyncio.create_task(worker.run(), name="worker")

    async def end() -> None:
        worker.stop()
        await working

    stack.push_async_callback(end)


async def process_message(
    text: str,
    tenant: str,
    *,
    phone: str | None = None,
    session: str | None = None,
    channel: str | None = None,
    settings: Settings | None = None,
) -> list[str]:
    """Say ``text`` to a tenant's bot as a customer; return its replies, [] if people go on.

    It goes the whole way of a real message, through mailbox, hub and outbox, but no Chatwoot hears
    of it, no tool acts, and no figure counts it. Without a running chatcrew each call starts a
    worker, which takes seconds: who has much to say uses ``open_simulator``.

    Args:
        text: of the customer.
        tenant: tenant key, such as ``health/varizemed``.
        phone: of the customer, whom the bot remembers by it.
        session: which conversation; left out, the customer's only one, a new one without ``phone``.
        channel: one the tenant has an inbox of; left out, its first.
        settings: where everything is; left out, what the environment says.

    Raises:
        NotSimulated: unknown tenant or channel, nothing said, or nobody answered in time.
        ConfigErrors: a file the admin edits is at fault.
        StoreError: the database cannot be started or reached.
    """
    who = phone or new_id()
    async with open_simulator(settings) as simulator:
        found = await simulator.say(
            tenant, text, session=session or who, contact=who, phone=phone, channel=channel
        )
    return [one.text for one in found.replies]
