"""The crew processes of one worker: kept at their number, lent turn by turn, replaced when worn."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from chatcrew.crews import _wire
from chatcrew.crews._launcher import Launcher
from chatcrew.crews._member import Member, Turn
from chatcrew.errors import CrewError
from chatcrew.telemetry import get_logger

_log = get_logger("crews")


@dataclass(frozen=True, slots=True)
class PoolStats:
    """Figures for metrics and health.

    Attributes:
        children: crew processes that take turns.
        running: turns in them now.
        waiting: turns that wait for a free place.
        started: crew processes started since the pool was.
        recycled: of these, ended after their share of turns.
        killed: of these, ended by us (past the deadline, broken protocol).
        died: of these, ended by themselves or by somebody else.
        turns: turns started.
        fault: why no crew process can be started, or None.
    """

    children: int
    running: int
    waiting: int
    started: int
    recycled: int
    killed: int
    died: int
    turns: int
    fault: str | None


class CrewPool:
    """Crew processes of one worker (design §4).

    Args:
        size: how many crew processes.
        concurrency: most turns at once in one of them.
        recycle_after: turns after which one is replaced.
        grace: seconds a cancelled turn may take to become quiet before its process is killed.
        scratch: folder for the private home of the crew processes; None: the system's.
        observe: told of each ``started``, ``recycled``, ``killed``, ``died`` and ``not_started``.
    """

    def __init__(
        self,
        *,
        size: int = 1,
        concurrency: int = 20,
        recycle_after: int = 500,
        grace: float = 2.0,
        scratch: Path | None = None,
        observe: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._size = size
        self._concurrency = concurrency
        self._recycle_after = recycle_after
        self._grace = grace
        self._launcher = Launcher(scratch=scratch)
        self._observe = observe
        self._members: list[Member] = []
        self._waiters: set[asyncio.Future[None]] = set()
        self._watches: set[asyncio.Task[None]] = set()
        self._keeper: asyncio.Task[None] | None = None
        self._due = asyncio.Event()
        self._closing = False
        self._fault: str | None = None
        self._seen: Counter[str] = Counter()
        self._turns = 0

    def start(self) -> None:
        """Begin to bring up the crew processes, once; returns at once, the first turns wait.

        The first turn does it too: a pool that nobody asks never imports CrewAI.
        """
        if self._keeper is not None or self._closing:
            return
        self._due.set()
        self._keeper = asyncio.create_task(self._keep(), name="crew-pool")
        self._keeper.add_done_callback(lambda _: self._wake())

    async def ready(self) -> None:
        """Wait until a crew process takes turns.

        Raises:
            CrewError: none can be started.
        """
        while not any(self._open(member) for member in self._members):
            await self._change()

    async def close(self) -> None:
        """End all crew processes; turns that still run fail."""
        self._closing = True
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        for watch in self._watches:
            watch.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)
        members, self._members = self._members, []
        await asyncio.gather(*(member.close() for member in members))
        await self._launcher.close()
        self._wake()

    @property
    def pids(self) -> tuple[int, ...]:
        """Process ids: the template's first, if it runs, then those of the crew processes."""
        template = (self._launcher.pid,) if self._launcher.pid is not None else ()
        return (*template, *(member.pid for member in self._members))

    @property
    def home(self) -> Path | None:
        """Private home and temporary folder of the crew processes."""
        return self._launcher.home

    def stats(self) -> PoolStats:
        """Return the figures of this moment."""
        return PoolStats(
            children=sum(self._open(member) for member in self._members),
            running=sum(member.running for member in self._members),
            waiting=len(self._waiters),
            started=self._seen["started"],
            recycled=self._seen["recycled"],
            killed=self._seen["killed"],
            died=self._seen["died"],
            turns=self._turns,
            fault=self._fault,
        )

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[tuple[Member, Turn]]:
        """Lend a place in the crew process that has most of them free.

        When the block is left before the turn ended, the turn is cancelled, and its process killed
        if it is not quiet after the grace.

        Raises:
            CrewError: no crew process can be started.
        """
        self.start()
        member = await self._free()
        turn = member.begin()
        self._turns += 1
        if member.started >= self._recycle_after:
            member.draining = True
            self._due.set()
        try:
            yield member, turn
        finally:
            if not turn.ended.is_set():
                member.send({"kind": _wire.CANCEL, "turn": turn.number})
                watch = asyncio.create_task(self._watch(member, turn), name="crew-watch")
                self._watches.add(watch)
                watch.add_done_callback(self._watches.discard)

    async def _free(self) -> Member:
        """Return the member with most free places, once there is one."""
        while True:
            free = [
                one
                for one in self._members
                if self._open(one) and one.running < self._concurrency and not one.draining
            ]
            if free:
                return min(free, key=lambda one: one.running)
            await self._change()

    async def _change(self) -> None:
        """Wait until something changed.

        Raises:
            CrewError: the pool is closed, or nothing can be started.
        """
        if self._closing or self._keeper is None or self._keeper.done():
            raise CrewError("*", message="the crew processes are not running")
        if self._fault is not None and not self._members:
            raise CrewError("*", message=self._fault)
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await waiter
        finally:
            self._waiters.discard(waiter)

    def _wake(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    def _changed(self) -> None:
        """A turn ended or a process is gone: somebody may go on, and the keeper may have work."""
        self._wake()
        self._due.set()

    @staticmethod
    def _open(member: Member) -> bool:
        return not member.gone.is_set()

    async def _keep(self) -> None:
        """Keep the processes at their number; after a failed start wait, longer each time."""
        pause = 1.0
        while True:
            await self._due.wait()
            self._due.clear()
            try:
                await self._tidy()
                while sum(not one.draining for one in self._members) < self._size:
                    await self._add()
            except CrewError as fault:
                self._fault = str(fault).removeprefix("crew '*': ")
                self._count("not_started")
                # Customers are still answered: from knowledge, by other crews, by people.
                _log.error("crews.not_ready", reason=self._fault, retry_in=pause)
                self._wake()
                await asyncio.sleep(pause)
                pause = min(30.0, pause * 2)
                self._due.set()
            else:
                self._fault, pause = None, 1.0

    def _count(self, event: str) -> None:
        self._seen[event] += 1
        self._observe(event)

    async def _tidy(self) -> None:
        """Part with processes that are gone, and with worn ones that are quiet."""
        for member in list(self._members):
            worn = member.draining and member.running == 0
            if not worn and not member.gone.is_set():
                continue
            self._members.remove(member)
            if member.gone.is_set():
                _log.warning("crews.process_lost", reason=member.why_gone, turns=member.started)
                self._count("died")
            else:
                self._count("recycled")
            await member.close()

    async def _add(self) -> None:
        """Bring up one more crew process.

        Raises:
            CrewError: it did not come up.
        """
        pid, sock = await self._launcher.fork()

        def kill() -> None:
            self._launcher.kill(pid)

        member = Member(pid, sock, kill=kill, changed=self._changed)
        self._count("started")
        try:
            await member.open(seconds=30.0)
        except CrewError:
            await member.close()
            raise
        self._members.append(member)
        self._wake()

    async def _watch(self, member: Member, turn: Turn) -> None:
        """See that a cancelled turn becomes quiet; a process in which it does not is killed."""
        try:
            async with asyncio.timeout(self._grace):
                await turn.ended.wait()
        except TimeoutError:
            self._count("killed")
            member.end("a turn in it did not end when it was told to")
