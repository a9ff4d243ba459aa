"""The modes of conformance: a bot with or without Redis, on whose database, with how many workers.

In one process for a test, and as the processes that ``chatcrew run`` starts.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from structlog.testing import capture_logs

from benchmarks._chaos_house import bound_socket
from benchmarks._conform_town import Town
from chatcrew.app.ingress import open_ingress
from chatcrew.app.worker import open_worker
from chatcrew.clock import SystemClock
from chatcrew.database import Database, EmbeddedServer, attach_or_own, migrate
from chatcrew.mailbox import PostgresMailbox
from chatcrew.messages import PartState
from chatcrew.outbox import PostgresOutbox
from chatcrew.settings import Settings
from chatcrew.testing.processes import Program, free_port

RedisState = Literal["none", "alive", "dies"]
_WAIT = 120.0
_CALM = 3


@dataclass(frozen=True, slots=True)
class Mode:
    """One way to run a bot; ``redis`` that ``dies`` comes back and hangs, too."""

    redis: RedisState = "none"
    database: Literal["embedded", "external"] = "embedded"
    workers: int = 1

    def __str__(self) -> str:
        return f"redis {self.redis}, {self.database} database, {self.workers} workers"


@dataclass
class Bot:
    """A bot that runs.

    Attributes:
        town: where.
        public_url: where webhooks go.
        database: to look into.
        reloads: how often any process has put new files in force.
        processes: how many do so for each change.
    """

    town: Town
    public_url: str
    database: Database
    reloads: Callable[[], int]
    processes: int

    async def settled(self) -> None:
        """Wait until nothing is under way and nothing waits.

        Raises:
            TimeoutError: something still does.
        """
        mailbox = PostgresMailbox(self.database, SystemClock())
        outbox = PostgresOutbox(self.database, SystemClock())
        try:
            async with asyncio.timeout(_WAIT):
                calm = 0
                while calm < _CALM:
                    await self.town.chatwoot.idle()
                    parts = await outbox.undelivered()
                    waits = (await mailbox.depth()).waiting
                    waits += parts[PartState.PLANNED] + parts[PartState.SENDING]
                    calm = 0 if waits else calm + 1
                    await asyncio.sleep(0.05)
        finally:
            await mailbox.close()

    async def reload(self) -> None:
        """Edit the clinic's files and wait until every process goes by them.

        Raises:
            TimeoutError: one does not.
        """
        wanted = self.reloads() + self.processes
        await asyncio.to_thread(self.town.edit)
        async with asyncio.timeout(_WAIT):
            while self.reloads() < wanted:  # noqa: ASYNC110 - a log tells nobody
                await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def in_process(
    town: Town, mode: Mode, *, data_dir: Path, database_url: str | None, redis_url: str | None
) -> AsyncIterator[Bot]:
    """Run ingress and workers, everything real, in this process."""
    settings = Settings(
        **_settings(town.environment()),
        data_dir=data_dir,
        database_url=database_url,
        redis_url=redis_url,
    )
    public = bound_socket()
    async with AsyncExitStack() as stack:
        stack.callback(public.close)
        logs = stack.enter_context(capture_logs())
        await open_ingress(settings, stack, public=public, admin=None, may_own=True)
        workers = [
            await open_worker(settings, stack, may_own=False, admin=False, name=f"w{number}")
            for number in range(mode.workers)
        ]
        database = await _look(stack, data_dir, database_url)
        running = [asyncio.create_task(one.run(), name="worker") for one in workers]
        url = f"http://127.0.0.1:{public.getsockname()[1]}"
        town.listens(url)

        def reloads() -> int:
            return sum(row["event"] == "config.reloaded" for row in logs)

        try:
            yield Bot(town, url, database, reloads, mode.workers + 1)
        finally:
            for one in workers:
                one.stop()
            await asyncio.gather(*running)


@contextlib.asynccontextmanager
async def as_processes(
    town: Town, mode: Mode, *, data_dir: Path, database_url: str | None, redis_url: str | None
) -> AsyncIterator[Bot]:
    """Run ``chatcrew run`` with its tree of processes."""
    port = free_port()
    log = data_dir.parent / "chatcrew.log"
    environment = {
        **town.environment(),
        "CHATCREW_DATA_DIR": str(data_dir),
        "CHATCREW_HOST": "127.0.0.1",
        "CHATCREW_PORT": str(port),
        "CHATCREW_ADMIN_PORT": str(free_port()),
        "CHATCREW_INGRESS_PROCESSES": "1",
        "CHATCREW_WORKER_PROCESSES": str(mode.workers),
        **({"CHATCREW_DATABASE_URL": database_url} if database_url else {}),
        **({"CHATCREW_REDIS_URL": redis_url} if redis_url else {}),
    }

    def count(event: str) -> int:
        rows = (row for row in log.read_text("utf-8").splitlines() if row.startswith("{"))
        return sum(json.loads(row)["event"] == event for row in rows)

    async with AsyncExitStack() as stack:
        program = Program("run", environment=environment, log=log)
        await stack.enter_async_context(program)
        await program.ready(within=_WAIT)
        async with asyncio.timeout(_WAIT):
            while count("worker.ready") < mode.workers or not count("ingress.ready"):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.05)
        database = await _look(stack, data_dir, database_url)
        url = f"http://127.0.0.1:{port}"
        town.listens(url)
        yield Bot(town, url, database, lambda: count("config.reloaded"), mode.workers + 1)


async def empty_data(folder: Path) -> Path:
    """Return a data folder with an embedded database of an earlier run, to be copied."""
    made = folder / "empty"
    server = EmbeddedServer(made, durable=False)
    await server.start()
    try:
        async with await Database.open(server.url) as database:
            await migrate(database)
    finally:
        await server.stop()
    (made / "postgres.json").unlink()  # says where it lies
    return made


async def copy_data(source: Path, target: Path) -> None:
    """Copy a data folder with its owners, which the database insists on."""
    copying = await asyncio.create_subprocess_exec("cp", "-a", str(source), str(target))
    assert await copying.wait() == 0, target


async def _look(stack: AsyncExitStack, data_dir: Path, database_url: str | None) -> Database:
    url = database_url
    if url is None:
        url = (await attach_or_own(data_dir, may_own=False)).url
    database = await Database.open(url, name="judge", pool_size=2)
    stack.push_async_callback(database.close)
    return database


def _settings(environment: dict[str, str]) -> dict[str, Any]:
    prefix = "CHATCREW_"
    return {
        name.removeprefix(prefix).lower() if name.startswith(prefix) else name: text
        for name, text in environment.items()
    }
