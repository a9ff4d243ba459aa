"""What workers do by time: here, how they share Chatwoot's pace without a word to each other."""

import asyncio

from chatcrew.app.chores import WORKERS, Chores
from chatcrew.chatwoot import Pacing
from chatcrew.database import Database
from chatcrew.database.rows import MemoryTables
from chatcrew.errors import StoreError
from chatcrew.mailbox import MemoryMailbox
from chatcrew.testing import ManualClock


class _NoSweep:
    """Finds nobody."""

    async def run(self) -> int:
        return 0


class _Alone:
    """Nobody else works."""

    async def peers(self, prefix: str) -> int:
        return 1


class _Shares(Pacing):
    """Remembers what it was divided by."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.shares: list[int] = []

    def divide(self, share: int) -> None:
        self.shares.append(share)
        super().divide(share)


async def test_workers_count_each_other_by_their_connections(database: Database) -> None:
    """Two workers and an ingress on one database, each with several connections."""
    open_pool = [
        await Database.open(database.address, name=name)
        for name in (f"{WORKERS}-a-1", f"{WORKERS}-a-1", f"{WORKERS}-b-2", "chatcrew-ingress")
    ]
    try:
        assert await database.peers(WORKERS) == 2
    finally:
        await asyncio.gather(*(pool.close() for pool in open_pool))


async def test_a_worker_takes_its_share_when_others_come_and_go(database: Database) -> None:
    """The pace is divided by the workers that live at that moment (design §3)."""
    clock = ManualClock()
    pacing = _Shares(clock)
    mailbox = MemoryMailbox(MemoryTables(), clock)
    chores = Chores(_NoSweep(), peers=database, mailbox=mailbox, pacing=pacing, clock=clock)  # type: ignore[arg-type]  # has the one method that is called
    async with await Database.open(database.address, name=f"{WORKERS}-a-1"), chores:
        await _until(lambda: pacing.shares == [1])
        async with await Database.open(database.address, name=f"{WORKERS}-b-2"):
            await clock.advance(15)
            await _until(lambda: pacing.shares == [1, 2])


async def test_what_a_worker_uses_is_renewed_every_hour_also_after_a_failure() -> None:
    """A version of the knowledge is kept for as long as a running worker says that it uses it."""
    clock = ManualClock()
    mailbox = MemoryMailbox(MemoryTables(), clock)
    renewed: list[float] = []

    async def renew() -> None:
        renewed.append(clock.monotonic())
        if len(renewed) == 2:
            raise StoreError("the database is away")

    chores = Chores(
        _NoSweep(),  # type: ignore[arg-type]  # has the one method that is called
        peers=_Alone(),
        mailbox=mailbox,
        pacing=_Shares(clock),
        clock=clock,
        renew=renew,
    )
    async with chores:
        for times in (1, 2, 3):
            await _until(lambda times=times: len(renewed) == times)
            await clock.advance(3600)

    assert renewed[1] - renewed[0] == renewed[2] - renewed[1] == 3600


class _Broken:
    """Fails in a way that nobody foresaw."""

    def __init__(self) -> None:
        self.rounds = 0

    async def run(self) -> None:
        self.rounds += 1
        raise ValueError("nobody foresaw this")

    async def find(self) -> None:
        """Find nobody."""

    async def purge(self) -> None:
        """Forget nothing."""


async def test_who_waits_is_looked_after_whatever_a_round_before_ran_into() -> None:
    """A watch that ended with its first error would leave customers waiting for ever (N14)."""
    clock, debts, alarms = ManualClock(), _Broken(), _Broken()
    chores = Chores(
        _NoSweep(),  # type: ignore[arg-type]  # has the one method that is called
        peers=_Alone(),
        mailbox=MemoryMailbox(MemoryTables(), clock),
        pacing=_Shares(clock),
        clock=clock,
        debts=debts,  # type: ignore[arg-type]  # as above
        alarms=alarms,  # type: ignore[arg-type]  # as above
    )
    async with chores:
        for times in (1, 2, 3):
            await _until(lambda times=times: min(debts.rounds, alarms.rounds) >= times)
            await clock.advance(60)


async def _until(holds: object) -> None:
    async with asyncio.timeout(10):
        while not holds():  # type: ignore[operator]  # a function of the test
            await asyncio.sleep(0.01)
