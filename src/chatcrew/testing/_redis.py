"""Pytest fixtures for a real Redis: one per test process, on a free port of loopback."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

_START_SECONDS = 10.0
_POLL = 0.01


class RedisForTests:
    """A ``redis-server`` that a test may kill, stop, wake and start again; data survive a kill.

    Args:
        folder: where it keeps its append-only file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Address for clients; the same after a restart."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int | None:
        """Its number, None while it does not run."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers.

        Its file is written before an answer is given and never synced: what was written outlives
        a SIGKILL, and a slow disk delays nobody.

        Raises:
            RuntimeError: it does not come up.
        """
        for _ in range(5):
            port = self.port or _free_port()
            self._process = subprocess.Popen(  # noqa: S603 - fixed arguments
                [
                    _binary(),
                    *("--port", str(port), "--bind", "127.0.0.1", "--dir", str(self._folder)),
                    *("--appendonly", "yes", "--appendfsync", "no", "--save", ""),
                ],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            if self._answers(port):
                self.port = port
                return
            self.kill()  # somebody else took the port in between
        raise RuntimeError("redis-server does not start")

    def kill(self) -> None:
        """SIGKILL: nothing is said to the clients."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def pause(self) -> None:
        """SIGSTOP: it hangs; connections stay open, nothing is answered."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT: it goes on, with what clients sent meanwhile."""
        self._signal(signal.SIGCONT)

    def command(self, *words: str) -> bytes:
        """Send one command and return the raw answer; for set-up and checks."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=2) as link:
            parts = [word.encode() for word in words]
            link.sendall(
                b"*%d\r\n" % len(parts)
                + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)
            )
            return link.recv(65536)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None:
            raise RuntimeError("redis-server is not running")
        self._process.send_signal(number)

    def _answers(self, port: int) -> bool:
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until and self._process is not None:
            if self._process.poll() is not None:
                return False
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=1) as link:
                    link.sendall(b"*1\r\n$4\r\nPING\r\n")
                    if link.recv(16).startswith(b"+PONG"):
                        return True
            except OSError:
                pass
            time.sleep(_POLL)
        return False


def _binary() -> str:
    """Return the path of ``redis-server``; without it the test is skipped, on CI it fails."""
    found = shutil.which("redis-server")
    if found is not None:
        return found
    text = "redis-server is not installed (apt-get install redis-server)"
    if os.environ.get("CI"):
        pytest.fail(text)
    pytest.skip(text)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def redis_process() -> Iterator[RedisForTests]:
    """One Redis for this test process; tests share it and must leave it running."""
    with tempfile.TemporaryDirectory(prefix="chatcrew-redis-") as folder:
        server = RedisForTests(Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.kill()


@pytest.fixture
def redis_server(redis_process: RedisForTests) -> RedisForTests:
    """Give the shared Redis, emptied."""
    redis_process.command("FLUSHALL")
    return redis_process


@pytest.fixture
def own_redis() -> Iterator[RedisForTests]:
    """Give a Redis of the test's own, not yet started, to be killed and stopped at will."""
    with tempfile.TemporaryDirectory(prefix="chatcrew-redis-") as folder:
        server = RedisForTests(Path(folder))
        try:
            yield server
        finally:
            server.kill()
