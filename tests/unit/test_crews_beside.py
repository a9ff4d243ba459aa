"""Tasks of one turn side by side: in their order, so many at once, all of them over together."""

import asyncio

import pytest

from chatcrew.crews._beside import Beside
from chatcrew.crews._loop import TurnAborted


async def settle():
    """Let everything run that can."""
    for _ in range(10):
        await asyncio.sleep(0)


class Work:
    """Work that waits until it is let go, and remembers when it began and ended."""

    def __init__(self):
        self.begun = []
        self.ended = []
        self.go = asyncio.Event()

    def named(self, name, fault=None):
        async def work():
            self.begun.append(name)
            try:
                await self.go.wait()
                if fault is not None:
                    raise fault
            finally:
                self.ended.append(name)
            return name

        return work


async def test_they_begin_in_their_order_as_places_get_free():
    """Two places: the third begins when one of the first two is done."""
    beside, work = Beside(2), Work()
    tasks = [asyncio.create_task(beside.run(work.named(name))) for name in "abcd"]

    await settle()
    assert work.begun == ["a", "b"]
    work.go.set()

    assert await asyncio.gather(*tasks) == ["a", "b", "c", "d"]
    assert work.begun == ["a", "b", "c", "d"]


async def test_the_end_ends_what_runs_and_what_waits():
    """When ``end`` returns nothing runs, and nothing begins after it (N5)."""
    beside, work = Beside(1), Work()
    tasks = [asyncio.create_task(beside.run(work.named(name))) for name in "ab"]
    await settle()

    await beside.end()

    assert (work.begun, work.ended) == (["a"], ["a"])
    assert all(task.done() for task in tasks)
    with pytest.raises(TurnAborted):
        await beside.run(work.named("c"))
    assert work.begun == ["a"]


async def test_what_one_fails_of_ends_the_others():
    """The first fault is kept: the others' end is only its echo."""
    beside, work, fault = Beside(3), Work(), RuntimeError("broken")
    calm = Work()
    tasks = [asyncio.create_task(beside.run(calm.named(name))) for name in "ab"]
    failing = asyncio.create_task(beside.run(work.named("c", fault)))
    await settle()
    work.go.set()

    results = await asyncio.gather(failing, *tasks, return_exceptions=True)

    assert beside.fault is fault
    assert results[0] is fault
    assert all(isinstance(one, asyncio.CancelledError) for one in results[1:])
    assert calm.ended == ["a", "b"]
