"""What the commands run: each sets a process up, waits for SIGTERM and takes it down again."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack

from chatcrew.app.sockets import adopt, listen
from chatcrew.settings import Settings


async def run_supervisor(settings: Settings) -> None:
    """``chatcrew run``."""
    from chatcrew.app.configuration import load_directory
    from chatcrew.app.supervisor import Supervisor

    # Faults of the files are told here once, not by every child in turn.
    await load_directory(settings)
    supervisor = Supervisor(settings)
    on_signal(supervisor.stop)
    await supervisor.run()


async def run_ingress(
    settings: Settings, *, public_fd: int | None = None, admin_fd: int | None = None
) -> None:
    """``chatcrew serve``: alone it binds its own ports, below a supervisor it inherits them."""
    from chatcrew.app.ingress import open_ingress

    stopped = asyncio.Event()
    on_signal(stopped.set)
    async with AsyncExitStack() as stack:
        alone = public_fd is None
        public = listen(settings.host, settings.port) if public_fd is None else adopt(public_fd)
        stack.callback(public.close)
        admin = (
            listen(settings.admin_host, settings.admin_port)
            if admin_fd is None
            else adopt(admin_fd)
        )
        stack.callback(admin.close)
        await open_ingress(settings, stack, public=public, admin=admin, may_own=alone)
        await stopped.wait()


async def run_worker(settings: Settings, *, admin: bool = True) -> None:
    """``chatcrew work``."""
    from chatcrew.app.worker import open_worker

    stopped = asyncio.Event()
    on_signal(stopped.set)
    below_supervisor = "PROMETHEUS_MULTIPROC_DIR" in os.environ
    async with AsyncExitStack() as stack:
        worker = await open_worker(
            settings,
            stack,
            may_own=not below_supervisor,
            admin=admin and not below_supervisor,
        )
        working = asyncio.create_task(worker.run(), name="worker")
        ending = asyncio.create_task(stopped.wait(), name="stop")
        await asyncio.wait({working, ending}, return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        worker.stop()
        await working


def on_signal(stop: Callable[[], object]) -> None:
    """Call ``stop`` once on SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
