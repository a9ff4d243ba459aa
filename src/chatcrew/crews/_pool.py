"""The crew processes of one worker: kept at their number, lent turn by turn, replaced when worn."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from chatcrew.crews import _wire
from chatcrew.crews._launcher import Forker, Launcher
from chatcrew.crews._line import Line, Place
from chatcrew.crews._member import Member, Turn
from chatcrew.crews._stats import PoolStats
from chatcrew.errors import CrewError
from chatcrew.telemetry import get_logger

_log = get_logger("crews")


class CrewPool:
    """Crew processes of one worker (design §4).

    Args:
        size: how many crew processes.
        concurrency: most turns at once in one of them.
        recycle_after: turns after which one is replaced.
        grace: seconds a cancelled turn may take to become quiet before its process is killed.
        scratch: folder for the private home of the crew processes; None: the system's.
        forker: where the processes come from; None: forked from one that imported CrewAI.
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
        forker: Forker | None = None,
        observe: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._size = size
        self._concurrency = concurrency
        self._recycle_after = recycle_after
        self._grace = grace
        self._launcher: Forker = forker or Launcher(scratch=scratch)
        self._observe = observe
        self._members: list[Member] = []
        self._line = Line()
        self._change = asyncio.Event()
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
            hopeless = self._hopeless()
            if hopeless is not None:
                raise CrewError("*", message=hopeless)
            self._change.clear()
            await self._change.wait()

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
            waiting=len(self._line),
            started=self._seen["started"],
            recycled=self._seen["recycled"],
            killed=self._seen["killed"],
            died=self._seen["died"],
            turns=self._turns,
            fault=self._fault,
        )

    @contextlib.asynccontextmanager
    async def turn(self, *, tenant: str) -> AsyncIterator[Place]:
        """Lend a place in the crew process that has most of them free.

        Nobody overtakes: who comes joins a line in which tenants take turns, so that one with many
        customers keeps no other's first waiting.

        When the block is left before the turn ended, the turn is cancelled, and its process killed
        if it is not quiet after the grace.

        Raises:
            CrewError: no crew process can be started.
        """
        self.start()
        member, turn = await self._place(tenant)
        try:
            yield member, turn
        finally:
            if not turn.ended.is_set():
                member.send({"kind": _wire.CANCEL, "turn": turn.number})
                watch = asyncio.create_task(self._watch(member, turn), name="crew-watch")
                self._watches.add(watch)
                watch.add_done_callback(self._watches.discard)

    async def _place(self, tenant: str) -> Place:
        """Return the turn that was begun for us, once it is ours.

        Raises:
            CrewError: the pool is closed, or nothing can be started.
        """
        waiter = self._line.join(tenant)
        self._wake()
        try:
            return await waiter
        except asyncio.CancelledError:
            # It may have been given at the very moment in which the caller gave up.
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                member, turn = waiter.result()
                member.forget(turn)
            raise
        finally:
            self._line.leave(tenant, waiter)

    def _hand_out(self) -> None:
        """Give every free place to who is next."""
        while (member := self._freest()) is not None:
            found = self._line.next(self._running)
            if found is None:
                return
            tenant, waiter = found
            waiter.set_result((member, member.begin(tenant)))
            self._turns += 1
            if member.started >= self._recycle_after:
                member.draining = True
                self._due.set()

    def _freest(self) -> Member | None:
        """Return the member with most free places, or None where there is no place."""
        free = [
            one
            for one in self._members
            if self._open(one) and one.running < self._concurrency and not one.draining
        ]
        return min(free, key=lambda one: one.running, default=None)

    def _running(self, tenant: str) -> int:
        """Return how many places a tenant has."""
        return sum(member.running_of(tenant) for member in self._members)

    def _hopeless(self) -> str | None:
        """Return why nobody will get a place, or None."""
        if self._closing or self._keeper is None or self._keeper.done():
            return "the crew processes are not running"
        return None if self._members else self._fault

    def _wake(self) -> None:
        """Let everybody go on who can, or who need not wait any more."""
        hopeless = self._hopeless()
        if hopeless is None:
            self._hand_out()
        else:
            self._line.fail(hopeless)
        self._change.set()

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
