"""Starts what is measured as processes of its own, says what they use, and ends them all."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack

import psutil
from aiohttp import ClientError, ClientSession, ClientTimeout

MB = 1024 * 1024


async def start(
    arguments: Sequence[str],
    stack: AsyncExitStack,
    *,
    environment: Mapping[str, str] | None = None,
    descriptors: Sequence[int] = (),
    piped: bool = False,
    fed: bool = False,
    limit: int = 64 * 1024,
) -> asyncio.subprocess.Process:
    """Run ``python ARGUMENTS``; it is ended with ``stack``.

    Args:
        arguments: of the interpreter.
        stack: owner of the process.
        environment: added to this one's.
        descriptors: sockets it inherits.
        piped: its standard output can be read.
        fed: its standard input can be written to.
        limit: bytes of the longest line that can be read.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        env={**os.environ, **(environment or {})},
        pass_fds=descriptors,
        stdin=asyncio.subprocess.PIPE if fed else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE if piped else None,
        limit=limit,
    )
    stack.push_async_callback(end, process)
    return process


async def end(process: asyncio.subprocess.Process) -> None:
    """Ask a process to end, and make it after 30 seconds."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(30):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def answering(url: str, process: asyncio.subprocess.Process, *, within: float = 90) -> None:
    """Wait until ``url`` answers 200.

    Raises:
        RuntimeError: the process ended first.
        TimeoutError: it did not within ``within`` seconds.
    """
    async with asyncio.timeout(within), ClientSession(timeout=ClientTimeout(total=2)) as session:
        while process.returncode is None:
            try:
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return
            except (ClientError, TimeoutError):
                pass
            await asyncio.sleep(0.1)
    raise RuntimeError(f"{url} never answered: the process ended with code {process.returncode}")


def rss(pid: int) -> int:
    """Return the resident memory of a process, in bytes."""
    return int(psutil.Process(pid).memory_info().rss)


def cpu_seconds(pid: int, *, tree: bool = False) -> float:
    """Return the CPU time of a process, with ``tree`` of its descendants that live too."""
    process = psutil.Process(pid)
    members = [process, *process.children(recursive=True)] if tree else [process]
    total = 0.0
    for member in members:
        try:
            times = member.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total
