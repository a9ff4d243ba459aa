"""HTTP/1.1 as little as a load needs: one request at a time, bodies with a length."""

import asyncio
from collections.abc import Callable
from typing import Any


class Outgoing(asyncio.Protocol):
    """One connection to the bot: a request at a time."""

    def __init__(self, done: Callable[["Outgoing", str, float], None]) -> None:
        self._done = done
        self._data = b""
        self._due: float | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def send(self, request: bytes, due: float) -> None:
        """Post; ``due`` is what the time counts from."""
        assert self._transport is not None, "connected"
        self._due = due
        self._transport.write(request)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._data += data
        head, found, rest = self._data.partition(b"\r\n\r\n")
        if not found or len(rest) < length(head):
            return
        self._data = b""
        self._end(head[9:12].decode("ascii"))

    def connection_lost(self, _error: Exception | None) -> None:
        self._end("lost")

    def _end(self, status: str) -> None:
        due, self._due = self._due, None
        if due is not None:
            self._done(self, status, due)


class Incoming(asyncio.Protocol):
    """One connection of the bot to the API."""

    def __init__(self, answer: Callable[[str, str, bytes], tuple[int, bytes]]) -> None:
        self._answer = answer
        self._data = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        head, found, rest = self._data.partition(b"\r\n\r\n")
        if not found or len(rest) < (size := length(head)):
            return
        self._data = rest[size:]
        method, path, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        status, body = self._answer(method, path, rest[:size])
        assert self._transport is not None, "connected"
        words = b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        self._transport.write(words % (status, len(body)) + body)


def length(head: bytes) -> int:
    """Return the length of the body that these headers announce."""
    lowered = head.lower()
    start = lowered.find(b"content-length:")
    if start < 0:
        return 0
    return int(lowered[start + len(b"content-length:") :].partition(b"\r\n")[0])
