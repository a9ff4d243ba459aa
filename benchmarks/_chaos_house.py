"""The processes of a chatcrew under sabotage, kept alive as a supervisor would, but at once."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks import _saboteur
from benchmarks._chaos_nursery import Cradle
from benchmarks._chaos_orders import Sabotage
from chatcrew.app.offspring import Running

ROOT = Path(__file__).parents[1]
_FAILING = 120.0
"""Seconds in which one start after the other fails by an error before that is a fault: no database
is away for so long."""

_READY = {"worker": b"worker.ready", "ingress": b"ingress.ready"}


@dataclass
class Place:
    """One process that is to be there.

    Attributes:
        name: such as ``worker-0``; who comes next has the same.
        process: the one that is there now.
        starts: how many there were.
        failing: since when, monotonic, each ended with an error before it worked; None: none does.
    """

    name: str
    words: tuple[str, ...]
    descriptors: tuple[int, ...]
    process: Running | None = None
    starts: int = 0
    failing: float | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def kind(self) -> str:
        """``worker`` or ``ingress``."""
        return self.name.partition("-")[0]


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
        self.cradle = Cradle(self._own("template"), ROOT)
        fds = (public.fileno(), admin.fileno())
        flags = ("--public-fd", str(fds[0]), "--admin-fd", str(fds[1]))
        self.places = [Place("ingress-0", ("serve", *flags), fds)]
        for number in range(workers):
            name = f"worker-{number}"
            self.places.append(Place(name, ("work", "--name", name), ()))
        self._keepers: list[asyncio.Task[None]] = []
        self._stopping = False

    async def __aenter__(self) -> "House":
        self.sabotage.folder.mkdir()
        self.sabotage.prepare()
        await self.cradle.warm()
        self._keepers = [asyncio.create_task(self._keep(place)) for place in self.places]
        await self.working(self.whole)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stopping = True
        for place in self.places:
            process = place.process
            if process is not None and process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGCONT)
                    process.terminate()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(30):
                await asyncio.gather(*self._keepers)
        for place in self.places:
            process = place.process
            if process is not None and process.returncode is None:
                process.kill()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        await self.cradle.close()

    async def working(self, there: Callable[[], bool], *, stuck: float = 60.0) -> None:
        """Wait until ``there`` says that enough processes work.

        However slow the machine is: it is a fault where those that come up use no processor.

        Args:
            there: looked at again and again.
            stuck: seconds without a processor, and without a new process.

        Raises:
            TimeoutError: nobody comes up, or not within ten minutes; or one place's processes end
                at their start, again and again.
        """
        end, used, since = time.monotonic() + 600.0, -1.0, time.monotonic()
        while True:
            for place in self.places:
                if place.failing is not None and time.monotonic() - place.failing > _FAILING:
                    last = (self._folder / f"{place.name}.log").read_bytes().splitlines()[-1]
                    raise TimeoutError(f"{place.name} ends at its start: {last.decode()[:200]}")
            if there():
                return
            now = self._effort()
            if abs(now - used) > 0.02:
                used, since = now, time.monotonic()
            if time.monotonic() > min(end, since + stuck):
                missing = [place.name for place in self.places if not place.ready.is_set()]
                raise TimeoutError(f"{', '.join(missing)} did not come up in {stuck:.0f} s")
            await asyncio.sleep(0.05)

    def whole(self) -> bool:
        """Whether every process works."""
        return all(place.ready.is_set() for place in self.places)

    def _effort(self) -> float:
        """Return a figure that changes while somebody comes up: processor seconds and starts."""
        used = 0.0
        for place in self.places:
            used += place.starts
            if place.process is not None and not place.ready.is_set():
                with contextlib.suppress(psutil.Error):
                    times = psutil.Process(place.process.pid).cpu_times()
                    used += times.user + times.system
        return used

    def pids(self, kind: str) -> list[int]:
        """Return the processes of a kind that are there."""
        return [
            place.process.pid
            for place in self.places
            if place.kind == kind and place.process is not None and place.ready.is_set()
        ]

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
                place.process = await self.cradle.born(
                    place.words,
                    descriptors=place.descriptors,
                    environment=self._own(place.name),
                    log=file,
                )
            place.starts += 1
            watching = asyncio.create_task(self._watch(place, log, start))
            code = await place.process.wait()
            failed = code > 0 and not place.ready.is_set()
            place.failing = (place.failing or time.monotonic()) if failed else None
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
                    place.failing = None
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


def bound_socket() -> socket.socket:
    """Return a listening socket on a free port of loopback."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", 0))
    made.listen(512)
    return made


@contextlib.contextmanager
def a_folder() -> Iterator[Path]:
    """Give a folder that the database's own account can reach."""
    folder = Path(tempfile.mkdtemp(prefix="chatcrew-chaos-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
