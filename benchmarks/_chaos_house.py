"""The processes of a chatcrew under sabotage, kept alive as a supervisor would, but at once."""

import asyncio
import contextlib
import json
import os
import resource
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from benchmarks import _saboteur

ROOT = Path(__file__).parents[1]
_SITE = """\
import os
if os.environ.get("CHAOS_FOLDER"):
    from benchmarks._saboteur import install
    install()
"""
_READY = {"worker": b"worker.ready", "ingress": b"ingress.ready"}


@dataclass
class Place:
    """One process that is to be there.

    Attributes:
        name: such as ``worker-0``; who comes next has the same.
        process: the one that is there now.
        starts: how many there were.
    """

    name: str
    words: tuple[str, ...]
    descriptors: tuple[int, ...]
    process: asyncio.subprocess.Process | None = None
    starts: int = 0
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def kind(self) -> str:
        """``worker`` or ``ingress``."""
        return self.name.partition("-")[0]


@dataclass
class Sabotage:
    """The folder in which orders are given and told of."""

    folder: Path
    _number: int = 0
    _read: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)

    def prepare(self) -> None:
        """Make what the saboteurs look for, and what installs them."""
        for name in ("orders", "taken", "skew", "site"):
            (self.folder / name).mkdir()
        (self.folder / "site" / "sitecustomize.py").write_text(_SITE, "utf-8")

    def order(self, role: str, point: str, *, nth: int, number: str) -> str:
        """Let the first process of a role that passes a point for the nth time stop or end."""
        self._number += 1
        name = f"{role}-{self._number}"
        path = self.folder / "orders" / name
        text = json.dumps({"point": point, "nth": nth, "signal": number})
        path.with_suffix(".new").write_text(text, "utf-8")
        path.with_suffix(".new").rename(path)
        return name

    def withdraw(self, name: str) -> bool:
        """Take an order back; False where it was fired meanwhile."""
        try:
            (self.folder / "orders" / name).unlink()
        except FileNotFoundError:
            return False
        return True

    def fired(self, name: str) -> dict[str, Any] | None:
        """Return who fired an order, if anybody has."""
        self._look()
        return next((r for r in self.rows if r["what"] == "fired" and r["order"] == name), None)

    def points(self) -> set[str]:
        """Return every point that any process has passed."""
        self._look()
        return {row["point"] for row in self.rows if row["what"] == "passed"}

    def _look(self) -> None:
        told = self.folder / "told"
        if not told.exists():
            return
        with told.open("rb") as file:
            file.seek(self._read)
            for line in file:
                if line.endswith(b"\n"):
                    self._read += len(line)
                    self.rows.append(json.loads(line))


class House:
    """Ingress and workers, each started again at once when it has ended.

    Args:
        folder: for logs and orders.
        environment: of every process.
        workers: how many.
        public: listening socket of the webhooks: it outlives every ingress, as in ``run``.
        admin: listening socket of the console.
    """

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        *,
        workers: int,
        public: socket.socket,
        admin: socket.socket,
    ) -> None:
        self.sabotage = Sabotage(folder / "sabotage")
        self.restarts = 0
        self._folder = folder
        self._environment = dict(environment)
        fds = (public.fileno(), admin.fileno())
        flags = ("--public-fd", str(fds[0]), "--admin-fd", str(fds[1]))
        parent = ("--parent", str(os.getpid()))
        self.places = [Place("ingress-0", ("serve", *flags, *parent), fds)]
        for number in range(workers):
            name = f"worker-{number}"
            self.places.append(Place(name, ("work", *parent, "--name", name), ()))
        self._keepers: list[asyncio.Task[None]] = []
        self._stopping = False

    async def __aenter__(self) -> "House":
        self.sabotage.folder.mkdir()
        self.sabotage.prepare()
        self._keepers = [asyncio.create_task(self._keep(place)) for place in self.places]
        await self.ready(within=240.0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stopping = True
        for place in self.places:
            process = place.process
            if process is not None and process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.send_signal(signal.SIGCONT)
                    process.terminate()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(30):
                await asyncio.gather(*self._keepers)
        for place in self.places:
            process = place.process
            if process is not None and process.returncode is None:
                process.kill()
        await asyncio.gather(*self._keepers, return_exceptions=True)

    async def ready(self, *, within: float = 120.0, least: int | None = None) -> None:
        """Wait until all, or ``least`` workers and every ingress, work."""
        async with asyncio.timeout(within):
            while True:
                done = [place for place in self.places if place.ready.is_set()]
                workers = sum(place.kind == "worker" for place in done)
                if len(done) == len(self.places):
                    return
                if least is not None and workers >= least and len(done) > workers:
                    return
                await asyncio.sleep(0.05)

    def pids(self, kind: str) -> list[int]:
        """Return the processes of a kind that are there."""
        return [
            place.process.pid
            for place in self.places
            if place.kind == kind and place.process is not None and place.ready.is_set()
        ]

    def skew(self, name: str, seconds: float) -> None:
        """Let a place's clock be wrong from its next start on; 0 sets it right."""
        path = self.sabotage.folder / "skew" / name
        path.write_text(str(seconds), "utf-8")

    def keep_logs(self, folder: Path) -> None:
        """Copy what every process said."""
        folder.mkdir(parents=True, exist_ok=True)
        for log in self._folder.glob("*.log"):
            shutil.copy(log, folder)

    async def _keep(self, place: Place) -> None:
        while not self._stopping:
            begun = time.monotonic()
            log = self._folder / f"{place.name}.log"
            start = log.stat().st_size if log.exists() else 0
            with log.open("ab") as file:
                place.process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    *("-m", "chatcrew", *place.words),
                    pass_fds=place.descriptors,
                    env=self._own(place.name),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=file,
                    stderr=file,
                )
            place.starts += 1
            watching = asyncio.create_task(self._watch(place, log, start))
            code = await place.process.wait()
            place.ready.clear()
            watching.cancel()
            if not self._stopping:
                self.restarts += 1
                if code not in (-signal.SIGKILL,) and time.monotonic() - begun < 2.0:
                    await asyncio.sleep(1.0)

    async def _watch(self, place: Place, log: Path, start: int) -> None:
        while True:
            with log.open("rb") as file:
                file.seek(start)
                if _READY[place.kind] in file.read():
                    place.ready.set()
                    return
            await asyncio.sleep(0.1)

    def _own(self, name: str) -> dict[str, str]:
        site = self.sabotage.folder / "site"
        path = f"{site}:{ROOT / 'src'}:{ROOT}"
        outer = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("CHATCREW_", "OPENAI_", "PROMETHEUS_"))
        }
        ours = {"PYTHONPATH": path, _saboteur.FOLDER: str(self.sabotage.folder)}
        return {**outer, **self._environment, **ours, _saboteur.NAME: name}


def backends(postmaster: int) -> list[int]:
    """Return the processes of a database, its postmaster first."""
    try:
        whole = psutil.Process(postmaster)
        return [postmaster, *(child.pid for child in whole.children(recursive=True))]
    except psutil.NoSuchProcess:
        return []


def fill_disk(pids: Iterable[int], *, full: bool) -> None:
    """Let no file of these processes grow beyond what a full disk would leave, or set it right."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (64 * 1024 if full else hard, hard))


def bound_socket() -> socket.socket:
    """Return a listening socket on a free port of loopback."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", 0))
    made.listen(512)
    return made


@contextlib.contextmanager
def a_folder() -> Any:
    """Give a folder that the database's own account can reach."""
    folder = Path(tempfile.mkdtemp(prefix="chatcrew-chaos-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
