"""What the commands run: each sets a process up, waits for SIGTERM and takes it down again."""

import asyncio
import ctypes
import gc
import signal
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import TypeVar

from chatcrew.app.offspring import Nursery
from chatcrew.app.sockets import adopt, listen
from chatcrew.settings import Settings

_T = TypeVar("_T")


async def run_supervisor(settings: Settings, *, nursery: Nursery | None = None) -> None:
    """``chatcrew run``; ``nursery`` starts its children."""
    from chatcrew.app.configuration import load_directory
    from chatcrew.app.supervisor import Supervisor

    # Faults of files are told here once, not by every child in turn, for ever.
    await load_directory(settings)
    supervisor = Supervisor(settings, nursery=nursery)
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
            listen(settings.admin_host, settings.admin_port, setting="ADMIN_PORT")
            if admin_fd is None
            else adopt(admin_fd)
        )
        stack.callback(admin.close)
        opening = open_ingress(settings, stack, public=public, admin=admin, may_own=alone)
        await _unless(stopped, opening)
        spare_the_collector()
        await stopped.wait()


async def run_worker(
    settings: Settings, *, admin: bool = True, supervised: bool = False, name: str | None = None
) -> None:
    """``chatcrew work``; below a supervisor it neither owns the database nor serves a port."""
    from chatcrew.app.worker import open_worker

    stopped = asyncio.Event()
    on_signal(stopped.set)
    async with AsyncExitStack() as stack:
        opening = open_worker(
            settings,
            stack,
            may_own=not supervised,
            admin=admin and not supervised,
            name=name,
        )
        worker = await _unless(stopped, opening)
        if worker is None:
            return
        spare_the_collector()
        working = asyncio.create_task(worker.run(), name="worker")
        ending = asyncio.create_task(stopped.wait(), name="stop")
        await asyncio.wait({working, ending}, return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        worker.stop()
        await working


async def _unless(stopped: asyncio.Event, opening: Coroutine[None, None, _T]) -> _T | None:
    """Return what ``opening`` gives, or None where ``stopped`` came first.

    CrewAI alone takes seconds to come up: nobody who stops a process wants to wait for its start.
    """
    starting = asyncio.create_task(opening, name="start")
    ending = asyncio.create_task(stopped.wait(), name="stop")
    await asyncio.wait({starting, ending}, return_when=asyncio.FIRST_COMPLETED)
    ending.cancel()
    if not starting.done():
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        return None
    return starting.result()


def spare_the_collector() -> None:
    """Keep what the start made out of garbage collection: it lives as long as the process.

    A full collection walks every library's objects, 0.1 s during which nobody is answered; under
    load that was a sixth of the time of each webhook.
    """
    gc.collect()
    _give_back()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def _give_back() -> None:
    """Return to the system what the start needed and let go of: some MB, where the C library can.

    Only glibc has such a call; elsewhere the memory stays with the process.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def on_signal(stop: Callable[[], object]) -> None:
    """Call ``stop`` once on SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
