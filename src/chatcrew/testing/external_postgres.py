"""A PostgreSQL as admins run one themselves: on a TCP port, with a password, not ours to own."""

import asyncio
import contextlib
import os
import secrets
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from pathlib import Path

from sqlalchemy import URL  # noqa: TID251 - an address, no SQL

from chatcrew.database import Database
from chatcrew.database._account import database_account
from chatcrew.database._addresses import wait_until_answers
from chatcrew.database._binaries import usable_binaries
from chatcrew.database._cluster import prepare_cluster, server_command, write_settings
from chatcrew.database._places import SYSTEM_DIR, known_cluster, make_data_dir, settle_places
from chatcrew.database._process import spawn
from chatcrew.testing.processes import free_port

_HOST = "127.0.0.1"
_BY_PASSWORD = f"host all all {_HOST}/32 scram-sha-256\n"
_START_SECONDS = 60.0
_END_SECONDS = 30.0


class ExternalPostgres:
    """A running server on a free port of loopback; see ``external_postgres``."""

    def __init__(self, url: URL) -> None:
        self._url = url

    @contextlib.asynccontextmanager
    async def fresh(self) -> AsyncIterator[str]:
        """Give what belongs into ``CHATCREW_DATABASE_URL`` for an empty database of one's own."""
        name = f"own_{secrets.token_hex(6)}"
        await self._say(f"create database {name}")
        try:
            made = self._url.set(drivername="postgresql", database=name)
            yield made.render_as_string(hide_password=False)
        finally:
            await self._say(f"drop database {name} with (force)")

    async def _say(self, sql: str) -> None:
        async with await Database.open(self._url, pool_size=1) as database:
            engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
            async with engine.connect() as connection:
                await connection.exec_driver_sql(sql)


@contextlib.asynccontextmanager
async def external_postgres(folder: Path) -> AsyncIterator[ExternalPostgres]:
    """Run a server until the block ends; its programs are those of the embedded one.

    Args:
        folder: where it keeps its files; made if missing, other accounts must be able to pass.

    Raises:
        StoreError: it cannot be made or does not come up.
    """
    await asyncio.to_thread(make_data_dir, folder)
    cluster = await asyncio.to_thread(known_cluster, folder)
    account = await asyncio.to_thread(database_account, cluster)
    binaries = await usable_binaries(account, SYSTEM_DIR)
    places = await settle_places(folder, account, system_dir=SYSTEM_DIR)
    await prepare_cluster(binaries, account, places, durable=False)
    await asyncio.to_thread(write_settings, places, account, durable=False)
    await asyncio.to_thread((places.cluster / "pg_hba.conf").write_text, _BY_PASSWORD, "utf-8")
    port = free_port()
    # What is said last counts
    listens = ("-c", f"listen_addresses={_HOST}", "-c", f"port={port}")
    command = [*server_command(binaries, places), *listens]
    output = await asyncio.to_thread(os.open, os.devnull, os.O_WRONLY)
    try:
        process = await spawn(account, command, output=output)
    finally:
        os.close(output)
    try:
        known = await asyncio.to_thread(places.url)
        url = known.set(host=_HOST, port=port, query={"sslmode": "disable"})
        await wait_until_answers(url, within=_START_SECONDS)
        yield ExternalPostgres(url)
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    """Shut it down as fast as it can be without recovery later."""
    if process.returncode is None:
        process.send_signal(signal.SIGINT)
    try:
        async with asyncio.timeout(_END_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
