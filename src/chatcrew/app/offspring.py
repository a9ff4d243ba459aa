"""The supervisor's side of a warm start: it asks the template process for children by a socket."""

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

PACKET = 1 << 17
"""Most bytes of one request: words and a whole environment."""

LOST = -1
"""Exit code of a child of which nobody can tell us any more how it ended."""

_PATIENCE = 10.0


class Running(Protocol):
    """A child, however it was started; a part of ``asyncio.subprocess.Process``."""

    @property
    def pid(self) -> int:
        """Its number."""
        ...

    @property
    def returncode(self) -> int | None:
        """Its exit code, None while it runs."""
        ...

    async def wait(self) -> int:
        """Wait until it ends; return its exit code."""
        ...

    def terminate(self) -> None:
        """Send SIGTERM."""
        ...

    def kill(self) -> None:
        """Send SIGKILL."""
        ...


class Forked:
    """A child that was forked for us, so not a child of this process in the kernel's books.

    Args:
        pid: its number.
        handle: pidfd_open(2) of it, which is never another process with the same number.
    """

    def __init__(self, pid: int, handle: int) -> None:
        self.pid = pid
        self._handle = handle
        self._ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @property
    def returncode(self) -> int | None:
        """Its exit code, None while it runs."""
        return self._ended.result() if self._ended.done() else None

    async def wait(self) -> int:
        """Wait until it ends; return its exit code, below zero the signal that ended it."""
        return await asyncio.shield(self._ended)

    def terminate(self) -> None:
        """Send SIGTERM.

        Raises:
            ProcessLookupError: it has ended.
        """
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL.

        Raises:
            ProcessLookupError: it has ended.
        """
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal.

        Raises:
            ProcessLookupError: it has ended.
        """
        if self._ended.done():
            raise ProcessLookupError(self.pid)
        signal.pidfd_send_signal(self._handle, number)

    def end(self, code: int) -> None:
        """Know how it ended."""
        if not self._ended.done():
            self._ended.set_result(code)
            os.close(self._handle)

    def watch(self) -> None:
        """Learn by ourselves that it ends: who would have told us how is gone."""
        loop = asyncio.get_running_loop()

        def gone() -> None:
            loop.remove_reader(self._handle)
            self.end(LOST)

        if not self._ended.done():
            loop.add_reader(self._handle, gone)


class Nursery:
    """Where forked children come from.

    Args:
        pid: of the process that forks them, their parent.
        control: our end of the socket to it.
        folder: where children begin, so that relative paths are those of whoever asks.
    """

    def __init__(self, pid: int, control: socket.socket, folder: Path) -> None:
        self.pid = pid
        self._control = control
        self._folder = folder
        self._control.settimeout(0)
        self._children: dict[int, Forked] = {}
        self._born: asyncio.Future[Forked] | None = None
        self._number = 0
        self._one_at_a_time = asyncio.Lock()
        self._listening = False

    async def start(
        self,
        words: Sequence[str],
        *,
        descriptors: Sequence[int] = (),
        environment: Mapping[str, str],
        numbers: Sequence[int] | None = None,
    ) -> Forked:
        """Return a new child that runs a command of ours.

        Args:
            words: what would stand behind ``python -m chatcrew``.
            descriptors: what it inherits.
            environment: all of its environment.
            numbers: of the descriptors in the child; left out, the same as here.

        Raises:
            ConnectionError: nobody forks for us any more.
            TimeoutError: whoever forks for us does not answer.
            OSError: the machine has no memory or no number for another process.
        """
        async with self._one_at_a_time:
            if not self._listening:
                self._listening = True
                asyncio.get_running_loop().add_reader(self._control, self._read)
            self._born = asyncio.get_running_loop().create_future()
            self._number += 1
            request = {
                "number": self._number,
                "words": list(words),
                "descriptors": list(descriptors if numbers is None else numbers),
                "environment": dict(environment),
                "folder": str(self._folder),
            }
            socket.send_fds(self._control, [json.dumps(request).encode()], list(descriptors))
            async with asyncio.timeout(_PATIENCE):
                return await self._born

    def close(self) -> None:
        """Let the process that forks go; children that still run are ended with it."""
        if self._listening:
            with contextlib.suppress(RuntimeError):  # the loop is closed by now
                asyncio.get_running_loop().remove_reader(self._control)
        self._control.close()

    def _read(self) -> None:
        while True:
            try:
                packet, handles, _, _ = socket.recv_fds(self._control, PACKET, 1)
            except BlockingIOError:
                return
            except ConnectionError:
                packet = b""
            if not packet:
                self._lost()
                return
            told = json.loads(packet)
            # An answer that comes late is to somebody who waits no longer, not to who asked since
            born = self._born if told.get("number") == self._number else None
            waited = born is not None and not born.done()
            if "forked" in told:
                child = self._children[told["forked"]] = Forked(told["forked"], handles[0])
                if born is not None and waited:
                    born.set_result(child)
                else:
                    child.kill()
            elif "refused" in told:
                if born is not None and waited:
                    born.set_exception(OSError(told["refused"], os.strerror(told["refused"])))
            elif told["ended"] in self._children:
                self._children.pop(told["ended"]).end(told["code"])

    def _lost(self) -> None:
        asyncio.get_running_loop().remove_reader(self._control)
        if self._born is not None and not self._born.done():
            self._born.set_exception(ConnectionResetError("nobody forks for us any more"))
        for child in self._children.values():
            child.watch()
        self._children.clear()
        self._bury()

    def _bury(self) -> None:
        """Have the kernel forget who forked for us: it was a child of this process."""
        try:
            handle = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return
        loop = asyncio.get_running_loop()

        def gone() -> None:
            loop.remove_reader(handle)
            os.close(handle)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self.pid, os.WNOHANG)

        loop.add_reader(handle, gone)
