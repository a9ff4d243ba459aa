"""What ingress and worker have in common: settings, time, counters, configuration, storage."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

from chatcrew.app._verdicts_sql import PostgresVerdicts
from chatcrew.app.configuration import load_directory, proven
from chatcrew.app.meter import CacheMeter
from chatcrew.app.playing import ProcessPlayer
from chatcrew.app.rehearsal import Rehearsal
from chatcrew.app.reload import Approve
from chatcrew.app.secrets import SecretBox
from chatcrew.app.storage import open_database
from chatcrew.cache import CACHE_FILE, CHANNEL, LayeredCache, open_cache
from chatcrew.clock import Clock, SystemClock
from chatcrew.database import Database, Notices
from chatcrew.mailbox import Mailbox, PostgresMailbox
from chatcrew.settings import Settings
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Directory

REST = 0.005
"""Seconds between two writes of webhooks that follow each other, so that more of them share one.

A webhook that comes alone waits for nothing; Chatwoot itself waits for five seconds."""


@dataclass(frozen=True, slots=True)
class Foundation:
    """The ground floor of a process."""

    settings: Settings
    clock: Clock
    metrics: Metrics
    directory: Directory
    database: Database
    mailbox: Mailbox
    cache: LayeredCache
    secrets: SecretBox
    rehearsal: Rehearsal | None = None
    """Conversation tests before a reload; None: changes come unplayed."""


async def lay_foundation(
    settings: Settings, stack: AsyncExitStack, *, name: str, may_own: bool, plays: bool = False
) -> Foundation:
    """Open what every process needs; it is closed with ``stack``.

    Args:
        settings: of this process.
        stack: owner of everything opened here.
        name: shown in PostgreSQL's views.
        may_own: run the embedded server here if nobody does.
        plays: play conversation tests here; else others do, and this process goes by what they say.

    Raises:
        ConfigErrors: a file the admin edits is at fault.
        StoreError: the database cannot be reached.
    """
    clock, metrics = SystemClock(), Metrics()
    database = await open_database(settings, stack, name=name, may_own=may_own)
    notices = await stack.enter_async_context(Notices(database, channel=CHANNEL))
    redis_url = settings.redis_url
    cache = await stack.enter_async_context(
        open_cache(
            clock,
            file=settings.data_dir / CACHE_FILE,
            file_bytes=settings.cache_file_mb * 1024 * 1024,
            redis_url=redis_url.get_secret_value() if redis_url else None,
            invalidations=[notices],
            observer=CacheMeter(metrics),
        )
    )
    # The supervisor has checked the files; a child that comes up again must not die of an edit.
    directory = await load_directory(settings, cache=cache, fall_back=not may_own)
    rehearsal = None
    if settings.rehearse:
        player = ProcessPlayer(settings) if plays else None
        rehearsal = Rehearsal(settings, PostgresVerdicts(database), clock=clock, player=player)
        directory = await proven(directory, settings, rehearsal)
    mailbox = PostgresMailbox(database, clock, max_pending=settings.mailbox_limit, rest=REST)
    stack.push_async_callback(mailbox.close)
    key = settings.openai_api_key
    secrets = SecretBox(clock, also=(key.get_secret_value() if key else None,))
    return Foundation(
        settings, clock, metrics, directory, database, mailbox, cache, secrets, rehearsal
    )


def approval(base: Foundation) -> Approve | None:
    """Return what a process's reloader asks before a version comes into force."""
    return base.rehearsal.approve if base.rehearsal is not None else None
