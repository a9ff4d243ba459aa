"""Opens the database of a process: the embedded one or the admin's own, migrated."""

import asyncio
from contextlib import AsyncExitStack

from chatcrew.app.refusals import refusal
from chatcrew.database import Database, attach_or_own, migrate
from chatcrew.errors import StoreError
from chatcrew.settings import Settings


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
        ConfigErrors: the admin's own database refuses us.
        StoreError: it cannot be started or reached, or its schema is newer than this program.
    """
    if settings.database_url is not None:
        url: object = settings.database_url.get_secret_value()
    else:
        attached = await attach_or_own(settings.data_dir, may_own=may_own)
        stack.push_async_callback(attached.close)
        if may_own and not attached.owner:
            # Should the owner end, the next of us runs the server.
            waiting = asyncio.create_task(attached.stand_by(), name="database-stand-by")
            stack.callback(waiting.cancel)
        url = attached.url
    try:
        database = await Database.open(url, name=name)  # type: ignore[arg-type]  # str or URL, both are taken
    except StoreError as error:
        fault = refusal(error, settings)
        if fault is None:
            raise
        raise fault from None
    stack.push_async_callback(database.close)
    await migrate(database)
    return database
