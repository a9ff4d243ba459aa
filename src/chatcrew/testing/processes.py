"""``chatcrew`` as it really runs, a tree of processes, for tests that look at it and kill in it."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import ClientError, ClientSession, ClientTimeout

from chatcrew.app.offspring import Nursery, Running
from chatcrew.testing._forked import outside, warm

_LOOK_EVERY = 0.2
_TEMPLATE = "chatcrew.crews._template"


@dataclass(frozen=True, slots=True)
class Seen:
    """One process of the tree; ``created`` tells it from a later one with the same number."""

    pid: int
    created: int
    what: str
    """``supervisor``, ``nursery`` (forks the next two), ``ingress``, ``worker``, ``template`` (of
    crews), ``crew``, ``postmaster``, ``backend``, ``other``."""


def free_port() -> int:
    """Return a port of loopback on which nobody listened a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Program:
    """One ``chatcrew`` command as a subprocess with everything below it.

    Args:
        words: the command, such as ``run``.
        environment: what the command sees of ``CHATCREW_*`` and ``OPENAI_*``; nothing else of the
            kind is let through. Conversation tests are not played unless it says so: for seconds
            they would be the busiest of all.
        log: file for its standard error; each start adds to it.
        cold: start an interpreter that imports everything, as a shell does; else it is forked from
            one that has.
    """

    def __init__(
        self, *words: str, environment: Mapping[str, str], log: Path, cold: bool = False
    ) -> None:
        self._words = words
        self._cold = cold
        self._nursery: Nursery | None = None
        self._own = {"CHATCREW_REHEARSE": "false", **environment}
        self.log = log
        self.process: Running | None = None
        self.ever: dict[tuple[int, int], Seen] = {}
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        self._watch = asyncio.create_task(self._keep_looking(), name="process-watch")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._watch is not None:
            await self.look()
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            await self.stop()
        for left in await self.left(within=0.0):
            with contextlib.suppress(ProcessLookupError):
                os.kill(left.pid, signal.SIGKILL)
        if self.process is not None:
            await self.process.wait()
        self._let_go()

    async def start(self) -> None:
        """Start the command (again)."""
        environment = {**outside(), **self._own}
        log = await asyncio.to_thread(self.log.open, "ab")
        with log:
            if self._cold:
                self.process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "chatcrew", *self._words),
                    env=environment,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
                return
            self._let_go()
            self._nursery = await asyncio.to_thread(warm.nursery)
            self.process = await self._nursery.start(
                self._words,
                descriptors=(log.fileno(), log.fileno()),
                numbers=(1, 2),
                environment=environment,
            )

    def _let_go(self) -> None:
        if self._nursery is not None:
            self._nursery.close()
            self._nursery = None

    async def stop(self, *, within: float = 40.0) -> int:
        """End it with SIGTERM as an init system does; return its exit code.

        Raises:
            TimeoutError: it still runs after ``within`` seconds.
        """
        process = self._running()
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        return await self._wait(within)

    async def ended(self, *, within: float = 40.0) -> int:
        """Wait until it ends by itself; return its exit code."""
        return await self._wait(within)

    async def _wait(self, within: float) -> int:
        async with asyncio.timeout(within):
            code = await self._running().wait()
        self._let_go()
        return code

    async def ready(self, *, within: float = 60.0) -> None:
        """Wait until ``/health/ready`` says so.

        Raises:
            RuntimeError: it ended instead.
            TimeoutError: it did not within ``within`` seconds.
        """
        url = f"http://127.0.0.1:{self._own['CHATCREW_ADMIN_PORT']}/health/ready"
        async with asyncio.timeout(within), ClientSession() as session:
            while True:
                if self._running().returncode is not None:
                    raise RuntimeError(f"it ended: {(await self.said())[-2000:]}")
                with contextlib.suppress(ClientError, TimeoutError):
                    async with session.get(url, timeout=ClientTimeout(total=2)) as answer:
                        if answer.status == HTTPStatus.OK:
                            return
                await asyncio.sleep(0.02)

    async def said(self) -> str:
        """Return its log so far."""
        return await asyncio.to_thread(self.log.read_text, "utf-8", "replace")

    async def look(self) -> list[Seen]:
        """Return the processes of the tree as it is now."""
        found = await asyncio.to_thread(_tree, self._running().pid)
        for one in found:
            if one.what != "other" or (one.pid, one.created) not in self.ever:
                self.ever[one.pid, one.created] = one
        return found

    async def find(self, what: str, *, within: float = 30.0, count: int = 1) -> list[Seen]:
        """Return the processes of a kind, waiting until there are ``count``."""
        async with asyncio.timeout(within):
            while len(found := [one for one in await self.look() if one.what == what]) < count:
                await asyncio.sleep(0.02)
        return found

    async def kill(self, what: str, *, number: signal.Signals = signal.SIGKILL) -> Seen:
        """Send a signal to one process of a kind, once there is one; return it."""
        while True:
            victim = (await self.find(what))[0]
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim.pid, number)
                return victim

    async def left(self, *, within: float = 10.0) -> list[Seen]:
        """Return which of all processes ever seen in the tree still live, after some patience."""
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        while True:
            living = await asyncio.to_thread(_living, list(self.ever.values()))
            if not living or loop.time() >= end:
                return living
            await asyncio.sleep(0.05)

    def _running(self) -> Running:
        if self.process is None:
            raise RuntimeError("it was not started")
        return self.process

    async def _keep_looking(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(_LOOK_EVERY)


@dataclass(frozen=True, slots=True)
class _Process:
    """What proc(5) says of one process."""

    pid: int
    parent: int
    created: int
    name: str

    def words(self) -> list[str]:
        """Return its command line, nothing once it has ended."""
        try:
            with open(f"/proc/{self.pid}/cmdline", "rb") as file:  # noqa: PTH123 - as below
                return file.read().decode("utf-8", "replace").split("\0")
        except (FileNotFoundError, ProcessLookupError):
            return []


def _processes() -> dict[int, _Process]:
    """Return all processes of this machine that run, zombies left out.

    It is looked many times in each second: command lines are read only where somebody asks, and
    without ``Path``, which costs more than the reading.
    """
    names = os.listdir("/proc")  # noqa: PTH208 - as above
    found = (_read(int(name)) for name in names if name.isdigit())
    return {process.pid: process for process in found if process is not None}


def _read(pid: int) -> _Process | None:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123 - as above
            before, _, after = file.read().decode("utf-8", "replace").rpartition(")")
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = after.split()
    if fields[0] in "ZX":
        return None
    return _Process(pid, int(fields[1]), int(fields[19]), before.partition("(")[2])


def _tree(root: int) -> list[Seen]:
    everybody = _processes()
    below: dict[int, list[_Process]] = defaultdict(list)
    for process in everybody.values():
        below[process.parent].append(process)
    found, waiting = [], [everybody[root]] if root in everybody else []
    while waiting:
        process = waiting.pop()
        waiting += below[process.pid]
        what = "supervisor" if process.pid == root else _what(process, everybody)
        found.append(Seen(process.pid, process.created, what))
    return found


def _what(process: _Process, everybody: Mapping[int, _Process]) -> str:
    parent = everybody.get(process.parent)
    if process.name == "postgres":
        return "backend" if parent is not None and parent.name == "postgres" else "postmaster"
    words = process.words()
    if _TEMPLATE in words:
        return "crew" if parent is not None and _TEMPLATE in parent.words() else "template"
    commands = {"serve": "ingress", "work": "worker", "template": "nursery"}
    if "chatcrew" in words:
        return next((commands[word] for word in words if word in commands), "other")
    return "other"


def _living(known: list[Seen]) -> list[Seen]:
    now = {one.pid: _read(one.pid) for one in known}
    return [
        one
        for one in known
        if (process := now[one.pid]) is not None and process.created == one.created
    ]
