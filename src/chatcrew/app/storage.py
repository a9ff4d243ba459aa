"""Opens the database of a process: the embedded one or the admin's own."""

import asyncio
from contextlib import AsyncExitStack

from chatcrew.app.refusals import refusal
from chatcrew.app.sealing import keys_of, prove_keys
from chatcrew.database import Database, attach_or_own, check_revision, migrate
from chatcrew.errors import StoreError
from chatcrew.settings import Settings

_PATIENCE = 60.0
"""Seconds the embedded database may take to come up; crash recovery is part of that."""


async def connected(
    settings: Settings,
    stack: AsyncExitStack,
    *,
    name: str,
    may_own: bool = False,
    within: float = _PATIENCE,
) -> Database:
    """Return the database as it is, closed with ``stack``; nothing is migrated.

    Args:
        settings: where it is.
        stack: owner of everything opened here.
        name: application name, shown by PostgreSQL's own views.
        may_own: run the embedded server here if nobody does.
        within: seconds to wait for the embedded server.

    Raises:
        ConfigErrors: the encryption keys cannot be read.
        StoreError: it cannot be started or reached, or refuses us.
    """
    keys = await keys_of(settings)
    if settings.database_url is not None:
        address = settings.database_url.get_secret_value()
        database = await Database.open(address, name=name, keys=keys)
    else:
        # A relative path asks for the folder we stand in, which is no call for the event loop.
        folder = await asyncio.to_thread(settings.data_dir.absolute)
        attached = await attach_or_own(folder, may_own=may_own, within=within)
        stack.push_async_callback(attached.close)
        if may_own and not attached.owner:
            # Should the owner end, the next of us runs the server.
            waiting = asyncio.create_task(attached.stand_by(), name="database-stand-by")
            stack.callback(waiting.cancel)
        database = await Database.open(attached.url, name=name, keys=keys)
    stack.push_async_callback(database.close)
    return database


async def open_database(
    settings: Settings, stack: AsyncExitStack, *, name: str, may_own: bool
) -> Database:
    """Return a migrated database that is closed with ``stack``.

    Args:
        settings: where it is.
        stack: owner of everything opened here.
        name: application name, shown by PostgreSQL's own views.
        may_own: run the embedded server here if nobody does; False below a supervisor.

    Raises:
        ConfigErrors: the admin's own database refuses us, the tables are those of a newer
            chatcrew, or a key that data is sealed with is missing.
        StoreError: it cannot be started or reached.
    """
    try:
        database = await connected(settings, stack, name=name, may_own=may_own)
        await migrate(database)
        await prove_keys(database)
    except StoreError as error:
        fault = refusal(error, settings)
        if fault is None:
            raise
        raise fault from None
    return database


async def check_database(settings: Settings) -> None:
    """Ask once whether the database will do, before any process is started on it.

    Raises:
        ConfigErrors: it refuses us, or belongs to a newer chatcrew, and will again. One that is
            away is no fault: whoever needs it waits for it.
    """
    async with AsyncExitStack() as stack:
        try:
            database = await connected(settings, stack, name="chatcrew-check")
            await check_revision(database)
        except StoreError as error:
            fault = refusal(error, settings)
            if fault is not None:
                raise fault from None
