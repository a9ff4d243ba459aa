"""The Redis layer while all is well: several processes, one Redis."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from chatcrew.cache import Kind, Scope, key, open_cache
from chatcrew.cache._redis import RedisStore
from chatcrew.clock import SystemClock
from chatcrew.testing import RedisForTests
from chatcrew.testing._cache import CacheTally

pytestmark = pytest.mark.redis


def name() -> str:
    """Return a key."""
    return key(Kind.CONFIGS, "health/acme", "file")


async def load() -> dict[str, str]:
    """Return what the real source says."""
    return {"from": "source"}


async def test_a_new_epoch_of_another_process_is_noticed(redis_server: RedisForTests) -> None:
    """After one process began a new epoch, what the others write is read by all again."""
    clock = SystemClock()
    store, other = (RedisStore(redis_server.url, clock=clock) for _ in range(2))
    async with aclosing(store), aclosing(other):
        await store.set("old", b"old", ttl=60)
        await other.clear()

        await store.set("key", b"value", ttl=60)

        assert await store.get("old") is None
        for reader in (store, other):
            found = await reader.get("key")
            assert found is not None
            assert found.value == b"value"


async def test_the_cache_as_the_app_opens_it(redis_server: RedisForTests, tmp_path: Path) -> None:
    """Memory, Redis and file together; a second process on the machine is warm at once."""
    tally = CacheTally()
    file = tmp_path / "data" / "cache.sqlite3"
    clock = SystemClock()
    async with open_cache(clock, file=file, redis_url=redis_server.url) as cache:
        await cache.get_or_load(name(), load, ttl=60)
    await asyncio.to_thread(redis_server.command, "FLUSHALL")

    async with open_cache(clock, file=file, redis_url=redis_server.url, observer=tally) as cache:
        assert await cache.get(name()) == {"from": "source"}
    assert tally.counts["file", "hit"] == 1


async def test_redis_dies_while_values_are_loaded_and_nothing_fails(
    own_redis: RedisForTests, tmp_path: Path
) -> None:
    """SIGKILL in the middle of loads: all get theirs, from memory and file ever after (S4-09)."""
    await asyncio.to_thread(own_redis.start)
    tally, clock, loads = CacheTally(), SystemClock(), 0
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> dict[str, str]:
        nonlocal loads
        loads += 1
        begun.set()
        await go_on.wait()
        return {"from": "source"}

    file = tmp_path / "cache.sqlite3"
    async with open_cache(clock, file=file, redis_url=own_redis.url, observer=tally) as cache:
        await cache.set(key(Kind.CONFIGS, "health/acme", "before"), 1, ttl=60)
        calls = [asyncio.create_task(cache.get_or_load(name(), slow, ttl=60)) for _ in range(50)]
        await begun.wait()
        own_redis.kill()
        go_on.set()

        assert await asyncio.gather(*calls) == [{"from": "source"}] * 50
        assert await cache.get(name()) == {"from": "source"}
    assert loads == 1
    async with open_cache(clock, file=file) as cache:
        assert await cache.get(name()) == {"from": "source"}
    assert tally.counts["redis", "error"] > 0


async def test_clearing_over_redis_reaches_a_running_process(redis_server: RedisForTests) -> None:
    """One program forgets a tenant; the memory of another that runs forgets it too (S4-11)."""
    clock, url = SystemClock(), redis_server.url
    async with open_cache(clock, redis_url=url) as running:
        await running.set(name(), "old", ttl=60)
        async with asyncio.timeout(10):
            # the subscription of the running one is made in the background
            while not (await asyncio.to_thread(redis_server.command, *_HEARERS)).count(b":1"):
                await asyncio.sleep(0.02)
        async with open_cache(clock, redis_url=url) as other:
            assert await other.forget(Scope("health/acme")) == ()
        async with asyncio.timeout(10):
            while await running.get(name()) is not None:
                await asyncio.sleep(0.02)


_HEARERS = ("PUBSUB", "NUMSUB", "chatcrew:invalidations")
