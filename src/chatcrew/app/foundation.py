"""What ingress and worker have in common: settings, time, counters, configuration, storage."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

from chatcrew.app.configuration import load_directory
from chatcrew.app.storage import open_database
from chatcrew.clock import Clock, SystemClock
from chatcrew.database import Database
from chatcrew.mailbox import Mailbox, PostgresMailbox
from chatcrew.settings import Settings
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Directory


@dataclass(frozen=True, slots=True)
class Foundation:
    """The ground floor of a process."""

    settings: Settings
    clock: Clock
    metrics: Metrics
    directory: Directory
    database: Database
    mailbox: Mailbox


async def lay_foundation(
    settings: Settings, stack: AsyncExitStack, *, name: str, may_own: bool
) -> Foundation:
    """Open what every process needs; it is closed with ``stack``.

    Args:
        settings: of this process.
        stack: owner of everything opened here.
        name: shown in PostgreSQL's views.
        may_own: run the embedded server here if nobody does.

    Raises:
        ConfigErrors: a file the admin edits is at fault.
        StoreError: the database cannot be reached.
    """
    clock = SystemClock()
    directory = await load_directory(settings)
    database = await open_database(settings, stack, name=name, may_own=may_own)
    mailbox = PostgresMailbox(database, clock, max_pending=settings.mailbox_limit)
    stack.push_async_callback(mailbox.close)
    return Foundation(settings, clock, Metrics(), directory, database, mailbox)
