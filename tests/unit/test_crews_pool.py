"""Who gets a place in the crew processes, with processes whose part the test plays."""

import asyncio
import contextlib
import socket

import pytest

from chatcrew.crews import CrewPool
from chatcrew.crews._frames import encode
from chatcrew.errors import CrewError


class Processes:
    """A forker whose crew processes are sockets; each turn ends when the test says so."""

    pid = home = None

    def __init__(self):
        self.theirs = []

    async def fork(self):
        ours, sock = socket.socketpair()
        sock.setblocking(False)
        self.theirs.append(sock)
        sock.sendall(encode({"kind": "ready"}))
        return len(self.theirs), ours

    def kill(self, pid):
        self.theirs[pid - 1].close()

    async def close(self):
        for sock in self.theirs:
            sock.close()


class Crowd:
    """Turns of tenants in one pool: who got a place, in order."""

    def __init__(self, pool):
        self.pool = pool
        self.served = []
        self.ends = {}
        self.tasks = {}

    async def come(self, *names):
        """Let turns come, one after the other; a turn's name begins with its tenant's letter."""
        for name in names:
            self.ends[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._turn(name))
            await settled()

    async def _turn(self, name):
        async with self.pool.turn(tenant=name[0]) as (member, turn):
            self.served.append(name)
            await self.ends[name].wait()
            member.forget(turn)

    async def end(self, *names):
        """End turns, one after the other."""
        for name in names:
            self.ends[name].set()
            await self.tasks[name]
            await settled()

    async def give_up(self, name):
        """Cancel a turn."""
        self.tasks[name].cancel()
        await asyncio.gather(self.tasks[name], return_exceptions=True)


async def settled():
    """Let everything that is ready run."""
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.fixture
async def crowd():
    """Yield a crowd before a pool of one process with two places."""
    async with pool(concurrency=2) as one:
        crowd = Crowd(one)
        yield crowd
        for task in crowd.tasks.values():
            task.cancel()
        await asyncio.gather(*crowd.tasks.values(), return_exceptions=True)


@contextlib.asynccontextmanager
async def pool(**options):
    """Run a pool that is ready."""
    one = CrewPool(forker=Processes(), grace=0.01, **options)
    one.start()
    await one.ready()
    try:
        yield one
    finally:
        await one.close()


async def test_one_tenant_s_crowd_does_not_keep_another_s_first_waiting(crowd):
    """Twenty slow turns of one tenant were there first; the other's is next all the same (N5)."""
    await crowd.come(*(f"a{number}" for number in range(20)), "b0")
    assert crowd.pool.stats().waiting == 19

    await crowd.end("a0")

    assert crowd.served == ["a0", "a1", "b0"]


async def test_tenants_take_turns_and_each_keeps_its_order(crowd):
    """Places go round; among one tenant's turns the first that came is the first served."""
    await crowd.come("a0", "a1", "a2", "a3", "b0", "b1", "c0")

    await crowd.end("a0", "a1", "b0", "a2", "c0")

    assert crowd.served == ["a0", "a1", "b0", "a2", "c0", "b1", "a3"]


async def test_a_newcomer_does_not_overtake(crowd):
    """A place that is free at the very moment somebody comes belongs to who waited for it."""
    await crowd.come("a0", "a1", "a2")
    crowd.ends["a0"].set()
    await crowd.come("a3")

    assert crowd.served == ["a0", "a1", "a2"]


async def test_who_gives_up_takes_no_place_along(crowd):
    """Neither in the line nor in the moment in which the place was given."""
    await crowd.come("a0", "a1", "a2", "a3", "a4")
    await crowd.give_up("a2")
    crowd.ends["a0"].set()
    while crowd.pool.stats().waiting == 2:
        await asyncio.sleep(0)
    await crowd.give_up("a3")
    await settled()

    assert "a2" not in crowd.served
    assert "a4" in crowd.served
    assert crowd.pool.stats().running == 2


async def test_a_worn_process_gets_nobody_more():
    """After its share of turns the next one waits for its successor."""
    async with pool(concurrency=4, recycle_after=2) as one:
        crowd = Crowd(one)
        await crowd.come("a0", "a1", "a2")
        async with asyncio.timeout(5):
            while len(crowd.served) < 3:
                await asyncio.sleep(0.001)

        assert one.stats().started == 2
        await crowd.end("a0", "a1", "a2")


async def test_the_end_of_the_pool_ends_the_wait(crowd):
    """Nobody waits for ever for a pool that was closed."""
    await crowd.come("a0", "a1", "a2")

    await crowd.pool.close()

    with pytest.raises(CrewError, match="not running"):
        await crowd.tasks["a2"]
