"""How long ingress lets somebody wait for nothing: samples of ``/health/live``.

That answer takes no database and no lock, so what it takes beyond a fraction of a millisecond is
the lag of ingress' event loop, plus what the operating system lets both processes wait for a core:
an upper bound. Run by ``Lag`` as a process of its own with the URL's port; ends on a line of input.
"""

import asyncio
import json
import select
import socket
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass

from benchmarks._processes import start

_EVERY = 0.02
_REQUEST = b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
_LINE_LIMIT = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Lag:
    """The sampler, run by a benchmark."""

    _process: asyncio.subprocess.Process

    @classmethod
    async def run(cls, port: int, stack: AsyncExitStack) -> "Lag":
        """Start it; it is ended with ``stack``."""
        words = ("-m", "benchmarks._lag", str(port))
        return cls(await start(words, stack, piped=True, fed=True, limit=_LINE_LIMIT))

    async def samples(self) -> list[float]:
        """End it; return seconds per answer.

        Raises:
            RuntimeError: it had ended by itself.
        """
        assert self._process.stdin is not None, "it is fed"
        assert self._process.stdout is not None, "it is piped"
        self._process.stdin.write(b"\n")
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the sampler ended: ingress did not answer it")
        return [float(one) for one in json.loads(line)]


def _sample(port: int) -> list[float]:
    seen: list[float] = []
    connection = _connected(port)
    try:
        due = time.perf_counter()
        while not select.select([sys.stdin], [], [], max(0.0, due - time.perf_counter()))[0]:
            begun = time.perf_counter()
            while not _answered(connection):
                # Ingress was told to end; the next one has the same socket
                connection.close()
                connection = _connected(port)
            seen.append(time.perf_counter() - begun)
            due = max(due + _EVERY, begun)
    finally:
        connection.close()
    return seen


def _connected(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _answered(connection: socket.socket) -> bool:
    try:
        connection.sendall(_REQUEST)
        return bool(connection.recv(65536))
    except (BrokenPipeError, ConnectionResetError):
        return False


if __name__ == "__main__":
    print(json.dumps(_sample(int(sys.argv[1]))), flush=True)
