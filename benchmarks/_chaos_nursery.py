"""Starts the processes of a run of chaos as ``chatcrew run`` does: by a fork from a warm process.

Run with the number of a socket it is that warm process: ``python -m benchmarks._chaos_nursery 7``.
"""

import asyncio
import contextlib
import os
import runpy
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from benchmarks._saboteur import install
from chatcrew.app.offspring import Nursery, Running
from chatcrew.app.template import serve

_GONE = (ConnectionError, TimeoutError, BlockingIOError)
"""What ``chatcrew run`` takes for a template that was killed or stopped, too."""


class Cradle:
    """Where processes come from: a template, and cold interpreters once it was killed or stopped.

    ``chatcrew run`` stays cold from then on; here a new template is warmed beside it, so that the
    blows after it fall on both kinds of children.

    Args:
        environment: of the template.
        folder: in which children begin.
    """

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self._environment = dict(environment)
        self._folder = folder
        self._nursery: Nursery | None = None
        self._made: list[tuple[asyncio.subprocess.Process, Nursery]] = []
        self._warming: asyncio.Task[None] | None = None
        self.cold = 0

    @property
    def pid(self) -> int | None:
        """The template that is asked next, None while a new one is warmed."""
        return None if self._nursery is None else self._nursery.pid

    async def warm(self) -> None:
        """Start a template that is asked once it is warm."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        number = theirs.fileno()
        with theirs:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "benchmarks._chaos_nursery", str(number)),
                pass_fds=[number],
                env=self._environment,
                cwd=self._folder,
                stdin=asyncio.subprocess.DEVNULL,
            )
        made = Nursery(process.pid, ours, self._folder)
        self._made.append((process, made))
        while True:
            try:
                child = await made.start((), environment=self._environment)
            except TimeoutError:
                continue  # it imports yet: on a busy machine for longer than anybody waits
            except ConnectionError:
                return
            break
        await child.wait()
        self._nursery = made

    async def born(
        self,
        words: Sequence[str],
        *,
        descriptors: Sequence[int],
        environment: Mapping[str, str],
        log: BinaryIO,
    ) -> Running:
        """Return a new process that runs a command of ours and says what it says into ``log``."""
        nursery = self._nursery
        if nursery is not None:
            try:
                return await nursery.start(
                    (*words, "--parent", str(nursery.pid)),
                    descriptors=(log.fileno(), log.fileno(), *descriptors),
                    numbers=(1, 2, *descriptors),
                    environment=environment,
                )
            except _GONE:
                if self._nursery is nursery:
                    self._nursery = None
        if self._warming is None or self._warming.done():
            self._warming = asyncio.create_task(self.warm(), name="warm")
        self.cold += 1
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "chatcrew", *words, "--parent", str(os.getpid())),
            pass_fds=descriptors,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )

    async def close(self) -> None:
        """Let every template go."""
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.gather(self._warming, return_exceptions=True)
        for process, nursery in self._made:
            nursery.close()
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)
            try:
                async with asyncio.timeout(10):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()


def _obey(words: Sequence[str]) -> None:
    """Do as ``python -m chatcrew WORDS``, under the orders of the saboteur; nothing without any."""
    if not words:
        return
    install(words)
    sys.argv[1:] = words
    runpy.run_module("chatcrew", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), _obey)
