"""What workers do by time: here, how they share Chatwoot's pace without a word to each other."""

import asyncio
import itertools

from chatcrew.app.chores import Chores, Round
from chatcrew.app.rounds import WORKERS, share
from chatcrew.chatwoot import Pacing
from chatcrew.database import Database
from chatcrew.errors import StoreError
from chatcrew.testing import ManualClock


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
    chores = Chores([share(database, pacing)], clock=clock)
    async with await Database.open(database.address, name=f"{WORKERS}-a-1"), chores:
        await _until(lambda: pacing.shares == [1])
        async with await Database.open(database.address, name=f"{WORKERS}-b-2"):
            await clock.advance(15)
            await _until(lambda: pacing.shares == [1, 2])


async def test_a_round_comes_again_in_its_time_whatever_the_last_ran_into() -> None:
    """A watch that ended with its first error would leave customers waiting for ever (N14)."""
    clock = ManualClock()
    faults = iter([StoreError("the database is away"), ValueError("nobody foresaw this")])
    begun: list[float] = []

    async def run() -> None:
        begun.append(clock.monotonic())
        if fault := next(faults, None):
            raise fault

    async with Chores([Round("renew", 3600, run)], clock=clock):
        for times in (1, 2, 3):
            await _until(lambda times=times: len(begun) == times)
            await clock.advance(3600)

    assert {later - first for first, later in itertools.pairwise(begun)} == {3600}


async def test_a_round_that_hangs_holds_no_other_up() -> None:
    """Each goes its own pace."""
    clock, rounds = ManualClock(), [0]

    async def hang() -> None:
        await asyncio.Event().wait()

    async def run() -> None:
        rounds[0] += 1

    async with Chores([Round("hangs", 5, hang), Round("goes on", 5, run)], clock=clock):
        for times in (1, 2, 3):
            await _until(lambda times=times: rounds[0] == times)
            await clock.advance(5)


async def _until(holds: object) -> None:
    async with asyncio.timeout(10):
        while not holds():  # type: ignore[operator]  # a function of the test
            await asyncio.sleep(0.01)
