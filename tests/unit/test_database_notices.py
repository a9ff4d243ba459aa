"""Messages over NOTIFY reach every process that shares the database."""

import asyncio

from chatcrew.cache import Kind, LayeredCache, MemoryStore, key
from chatcrew.clock import SystemClock
from chatcrew.database import Database, Notices


async def test_a_notice_reaches_the_other_process_and_ourselves(database, database_url) -> None:
    """Two pools stand for two processes; the first item says that earlier ones were missed."""
    async with await Database.open(database_url) as other:
        heard: dict[str, list[str | None]] = {"here": [], "there": []}
        async with Notices(database, channel="c") as here, Notices(other, channel="c") as there:
            here.subscribe(heard["here"].append)
            there.subscribe(heard["there"].append)
            await _until(lambda: heard["here"] == [None] and heard["there"] == [None])
            await here.publish("k1")
            await _until(lambda: len(heard["there"]) == 2 and len(heard["here"]) == 2)

        assert heard == {"here": [None, "k1"], "there": [None, "k1"]}


async def test_a_cache_without_redis_forgets_what_another_process_invalidated(
    database, database_url
) -> None:
    """Design §3: invalidation goes by PostgreSQL NOTIFY where there is no Redis."""
    clock = SystemClock()
    async with (
        await Database.open(database_url) as other,
        Notices(database, channel="c") as here,
        Notices(other, channel="c") as there,
        LayeredCache([MemoryStore(clock)], clock=clock, invalidations=[here]) as ours,
        LayeredCache([MemoryStore(clock)], clock=clock, invalidations=[there]) as theirs,
    ):
        name = key(Kind.SEARCH, "t", "q")
        first_there = asyncio.Event()
        there.subscribe(lambda message: first_there.set())
        await first_there.wait()
        await theirs.get_or_load(name, _old, ttl=60)
        await ours.invalidate(name)

        async with asyncio.timeout(5):
            while await theirs.get_or_load(name, _new, ttl=60) != "new":
                await asyncio.sleep(0.01)


async def _old() -> str:
    return "old"


async def _new() -> str:
    return "new"


async def _until(condition) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.01)
