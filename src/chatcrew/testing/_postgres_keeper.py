"""Run by path, as a script: one PostgreSQL for all processes of a test run, gone with the last.

    python _postgres_keeper.py RUN_FOLDER TEMPLATE

A process of its own, because a worker of pytest-xdist that owned the server would take it along
when it finishes before the others. Users hold a shared flock on ``users.lock``; flocks die with
their processes, so the keeper goes however they end.
"""

import asyncio
import fcntl
import os
import shutil
import sys
from pathlib import Path

from chatcrew.database import Database, EmbeddedServer, migrate

_POLL = 0.2


async def _keep(run_folder: Path, template: str, users: int) -> None:
    server = EmbeddedServer(run_folder / "data", durable=False)
    await server.start()
    try:
        async with await Database.open(server.url) as database:
            options = {"isolation_level": "AUTOCOMMIT"}
            engine = database.engine.execution_options(**options)
            async with engine.connect() as connection:
                await connection.exec_driver_sql(f"create database {template}")
        async with await Database.open(server.url.set(database=template)) as database:
            await migrate(database)
        address = server.url.render_as_string(hide_password=False)
        await asyncio.to_thread(_announce, run_folder, address)
        while True:
            if _alone(users):
                break
            await asyncio.sleep(_POLL)
    finally:
        await server.stop()


def _announce(run_folder: Path, address: str) -> None:
    ready = run_folder / "ready"
    temporary = run_folder / "ready.new"
    temporary.touch(mode=0o600)
    temporary.write_text(address, encoding="utf-8")
    temporary.replace(ready)


def _alone(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def main(run_folder: Path, template: str) -> None:
    """Serve, with all tables in the database ``template``, until nobody uses the run folder.

    Then delete it.
    """
    users = os.open(run_folder / "users.lock", os.O_RDWR | os.O_CLOEXEC)
    asyncio.run(_keep(run_folder, template, users))
    # Still under the exclusive lock: who comes now waits for it, and then finds nothing
    shutil.rmtree(run_folder, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
