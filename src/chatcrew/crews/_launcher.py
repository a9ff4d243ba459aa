"""The worker's hold on its template process: starts it, asks it for crew processes, ends it."""

import asyncio
import contextlib
import functools
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any, Protocol

import orjson

from chatcrew.crews import _switches
from chatcrew.errors import CrewError

_PACKET = 4096
_START_SECONDS = 120.0
"""Importing CrewAI takes 5 s, several times that on a machine that starts everything at once."""
_ANSWER_SECONDS = 10.0
_END_SECONDS = 5.0


class Forker(Protocol):
    """Where crew processes come from."""

    @property
    def pid(self) -> int | None:
        """Process id of what forks them, or None while there is none."""
        ...

    @property
    def home(self) -> Path | None:
        """Private home and temporary folder of the crew processes."""
        ...

    async def fork(self) -> tuple[int, socket.socket]:
        """Return the process id and our end of the socket of a new one, or raise a CrewError."""
        ...

    def kill(self, pid: int) -> None:
        """End one of them now."""
        ...

    async def close(self) -> None:
        """End all of them."""
        ...


class Launcher:
    """One template process at a time.

    Args:
        scratch: folder for the private home of the crew processes; None: the system's.
    """

    def __init__(self, *, scratch: Path | None = None) -> None:
        self._root = scratch
        self._home: Path | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._control: socket.socket | None = None
        self._one_at_a_time = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """Process id of the template, or None while there is none."""
        return self._process.pid if self._process is not None else None

    @property
    def home(self) -> Path | None:
        """Private home and temporary folder of the crew processes."""
        return self._home

    async def fork(self) -> tuple[int, socket.socket]:
        """Return the process id and our end of the socket of a new crew process.

        Raises:
            CrewError: CrewAI cannot be started, or the template ended.
        """
        async with self._one_at_a_time:
            if self._process is not None:
                # It may have been killed since the last request: then a new one is worth one try.
                with contextlib.suppress(CrewError):
                    return await self._fork()
            try:
                await self._start()
            except OSError as fault:
                await self._end()
                message = f"the process that imports CrewAI cannot be started: {fault.strerror}"
                raise CrewError("*", message=message) from None
            return await self._fork()

    def kill(self, pid: int) -> None:
        """End one crew process now; one that ended already is no mistake."""
        if self._control is not None:
            with contextlib.suppress(OSError):
                self._control.send(orjson.dumps({"kill": pid}))

    async def close(self) -> None:
        """End the template with all crew processes, and remove their home."""
        async with self._one_at_a_time:
            await self._end()

    async def _start(self) -> None:
        await self._end()
        make = functools.partial(tempfile.mkdtemp, prefix="chatcrew-crew-", dir=self._root)
        self._home = Path(await asyncio.to_thread(make))
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(0)
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "chatcrew.crews._template"),
                *(str(theirs.fileno()), str(self._home), str(os.getpid())),
                pass_fds=(theirs.fileno(),),
                # CrewAI prints panels and tracebacks with the words of customers in them.
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                cwd=self._home,
                env=_switches.environment(os.environ, self._home),
                start_new_session=True,
            )
        try:
            async with asyncio.timeout(_START_SECONDS):
                answer, _ = await self._receive()
        except (TimeoutError, CrewError):
            await self._end()
            raise CrewError(
                "*", message="the process that imports CrewAI did not come up"
            ) from None
        if "broken" in answer:
            await self._end()
            raise CrewError("*", message=f"CrewAI cannot be started: {answer['broken']}")

    async def _fork(self) -> tuple[int, socket.socket]:
        """Ask for a crew process.

        Raises:
            CrewError: the template does not answer; it is ended then.
        """
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                if self._control is not None:
                    self._control.send(orjson.dumps({"fork": 1}))
                answer, fds = await self._receive()
            return answer["forked"], socket.socket(fileno=fds[0])
        except (OSError, TimeoutError, CrewError):
            await self._end()
            raise CrewError("*", message="the process that forks crew processes is gone") from None

    async def _receive(self) -> tuple[dict[str, Any], list[int]]:
        """Return the next packet of the template.

        Raises:
            CrewError: it ended.
        """
        control = self._control
        if control is None:
            raise CrewError("*", message="the template process is not running")
        loop, readable = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(control, readable.set)
        try:
            await readable.wait()
            packet, fds, _, _ = socket.recv_fds(control, _PACKET, 1)
        finally:
            loop.remove_reader(control)
        if not packet:
            raise CrewError("*", message="the template process ended")
        return orjson.loads(packet), fds

    async def _end(self) -> None:
        """Close the socket, which the template takes as its end, and see that it is gone."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                async with asyncio.timeout(_END_SECONDS):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
            self._process = None
        if self._home is not None:
            await asyncio.to_thread(shutil.rmtree, self._home, ignore_errors=True)
            self._home = None
