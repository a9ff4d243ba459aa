"""The load generator: a process of its own that posts ready-made requests and times the answers.

Run by ``post``; it reads one JSON object of ``Load`` from its first argument.
"""

import asyncio
import json
import sys
import time
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any

import uvloop

from benchmarks._messages import Messages, Sender

_LIMIT = 120.0
"""Seconds after which a load is given up."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is posted, and how.

    Attributes:
        port: on loopback.
        sender: whose messages.
        first: id of the first message; each next one is 1 higher.
        count: messages.
        conversations: spread over so many, round robin.
        connections: kept alive, each with one request at a time.
        rate: offered per second whether or not answers come (open loop); 0: as fast as answers
            come (closed loop).
    """

    port: int
    sender: Sender
    first: int
    count: int
    conversations: int = 2000
    connections: int = 64
    rate: float = 0.0


@dataclass(frozen=True, slots=True)
class Answers:
    """What came back.

    Attributes:
        seconds: from the first request to the last answer.
        statuses: answers by HTTP status.
        latencies: seconds per answer; in an open loop from the moment the request was due, so a
            server that stalls is charged for those who had to wait.
    """

    seconds: float
    statuses: dict[str, int]
    latencies: list[float]

    @property
    def accepted(self) -> int:
        """Answers with status 200."""
        return self.statuses.get("200", 0)

    @property
    def per_second(self) -> float:
        """Accepted per second."""
        return self.accepted / self.seconds


async def post(load: Load) -> Answers:
    """Run a load in a process of its own.

    Raises:
        RuntimeError: the generator failed or took too long.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks._load",
        json.dumps(asdict(load)),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(_LIMIT + 30):
            out, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise RuntimeError(f"the load generator ended with code {process.returncode}")
    return Answers(**json.loads(out))


class _Run:
    """One load under way."""

    def __init__(self, requests: list[bytes]) -> None:
        self.left = deque(requests)
        self.total = len(requests)
        self.statuses: Counter[str] = Counter()
        self.latencies: list[float] = []
        self.idle: list[_Connection] = []
        self.due: deque[float] = deque()
        self.open_loop = False
        self.done = asyncio.Event()

    def next(self, connection: "_Connection") -> None:
        """Give a free connection its next request, if one may go."""
        if not self.open_loop:
            if self.left:
                connection.send(self.left.popleft(), time.perf_counter())
        elif self.due:
            connection.send(self.left.popleft(), self.due.popleft())
        else:
            self.idle.append(connection)

    def offer(self, due: float) -> None:
        """Let one request go now, or as soon as a connection is free."""
        self.due.append(due)
        if self.idle:
            self.next(self.idle.pop())

    def answered(self, status: str, seconds: float) -> None:
        """Count one answer."""
        self.statuses[status] += 1
        self.latencies.append(seconds)
        if len(self.latencies) == self.total:
            self.done.set()


class _Connection(asyncio.Protocol):
    """HTTP/1.1 as little as it takes: one request at a time, answers with a length."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._transport: asyncio.Transport | None = None
        self._data = b""
        self._begun = 0.0

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def send(self, request: bytes, begun: float) -> None:
        """Post one request; ``begun`` is what its latency counts from."""
        assert self._transport is not None, "connected before the load starts"
        self._begun = begun
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._data += data
        head, found, rest = self._data.partition(b"\r\n\r\n")
        if not found or len(rest) < _length(head):
            return
        self._data = b""
        self._run.answered(head[9:12].decode("ascii"), time.perf_counter() - self._begun)
        self._run.next(self)

    def connection_lost(self, _error: Exception | None) -> None:
        if not self._run.done.is_set():
            self._run.statuses["lost"] += 1


def _length(head: bytes) -> int:
    lowered = head.lower()
    start = lowered.index(b"content-length:") + len(b"content-length:")
    return int(lowered[start:].partition(b"\r\n")[0])


async def _main(load: Load) -> Answers:
    messages = Messages(load.sender)
    requests = [
        messages.request(load.first + number, 1 + number % load.conversations)
        for number in range(load.count)
    ]
    run = _Run(requests)
    run.open_loop = load.rate > 0
    loop = asyncio.get_running_loop()
    connections = []
    for _ in range(min(load.connections, load.count)):
        _, connection = await loop.create_connection(
            lambda: _Connection(run), "127.0.0.1", load.port
        )
        connections.append(connection)
    begun = time.perf_counter()
    for connection in connections:
        run.next(connection)
    for number in range(load.count if run.open_loop else 0):
        due = begun + number / load.rate
        if (ahead := due - time.perf_counter()) > 0:
            await asyncio.sleep(ahead)
        run.offer(due)
    async with asyncio.timeout(_LIMIT):
        await run.done.wait()
    return Answers(time.perf_counter() - begun, dict(run.statuses), run.latencies)


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    given["sender"] = Sender(**given["sender"])
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(asdict(runner.run(_main(Load(**given))))))
