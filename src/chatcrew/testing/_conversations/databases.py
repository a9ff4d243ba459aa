"""Databases for conversation tests, on a PostgreSQL that no running bot uses."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from chatcrew.database import Database, EmbeddedServer, OwnedElsewhere, migrate
from chatcrew.errors import StoreError
from chatcrew.testing._conversations.stage import passing_folder

_TEMPLATE = "chatcrew_play"


@contextlib.asynccontextmanager
async def temporary_databases(
    count: int = 1, *, kept: Path | None = None
) -> AsyncIterator[Sequence[Database]]:
    """Give databases with all tables and no rows, on a server that ends with the block.

    Args:
        count: how many.
        kept: folder in which the server's files stay for the next time, which spares a second;
            where somebody else uses it at the moment, or it cannot be used, others are made.

    Raises:
        StoreError: the embedded server cannot be started.
    """
    async with contextlib.AsyncExitStack() as stack:
        server = None if kept is None else await _kept_server(kept, stack)
        if server is None:
            folder = await stack.enter_async_context(passing_folder())
            # Root's database runs under another account, which must be able to pass
            await asyncio.to_thread(folder.chmod, 0o711)
            server = await _running(folder / "data", stack)
            await _template(server)
        yield await _copies(server, count, stack)


async def _kept_server(folder: Path, stack: contextlib.AsyncExitStack) -> EmbeddedServer | None:
    """Return the server in ``folder``, None where it cannot be had now."""
    server = None
    try:
        server = await _running(folder, stack)
        await _template(server)
    except OwnedElsewhere:
        return None
    except (StoreError, OSError):
        # Of another version, or half of it was lost with the power: there is nothing in it to keep
        if server is not None:
            await server.stop()
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        return None
    return server


async def _running(folder: Path, stack: contextlib.AsyncExitStack) -> EmbeddedServer:
    # Where root's data folder is closed to the database's account, nothing is kept elsewhere
    server = EmbeddedServer(folder, system_dir=folder, durable=False)
    await server.start()
    stack.push_async_callback(server.stop)
    return server


async def _template(server: EmbeddedServer) -> None:
    """See that there is a database with all tables of this version.

    Raises:
        StoreError: there is one, and it cannot be used.
    """
    async with (
        await Database.open(server.url, pool_size=1) as database,
        database.alone() as connection,
    ):
        found = await connection.exec_driver_sql(
            f"select 1 from pg_database where datname = '{_TEMPLATE}'"  # noqa: S608 - ours
        )
        if found.first() is None:
            await connection.exec_driver_sql(f"create database {_TEMPLATE}")
    async with await Database.open(server.url.set(database=_TEMPLATE), pool_size=1) as template:
        await migrate(template)


async def _copies(
    server: EmbeddedServer, count: int, stack: contextlib.AsyncExitStack
) -> list[Database]:
    names = [f"{_TEMPLATE}_{number}" for number in range(count)]
    async with (
        await Database.open(server.url, pool_size=1) as database,
        database.alone() as connection,
    ):
        for name in names:
            await connection.exec_driver_sql(f"drop database if exists {name}")
            # Several times faster than the default where nothing is synced
            await connection.exec_driver_sql(
                f"create database {name} template {_TEMPLATE} strategy file_copy"
            )
    return [
        await stack.enter_async_context(
            await Database.open(server.url.set(database=name), pool_size=5)
        )
        for name in names
    ]
