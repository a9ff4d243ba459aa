"""Redis is away: dead at start, killed, hanging, back with yesterday's values (S4-09).

Each test says what becomes a miss and how long a call may take at most.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from chatcrew.cache import FileStore, Kind, LayeredCache, MemoryStore, key
from chatcrew.cache._redis import RedisStore
from chatcrew.cache._redis_notices import RedisInvalidations
from chatcrew.clock import SystemClock
from chatcrew.errors import StoreError
from chatcrew.testing import RedisForTests
from chatcrew.testing._cache import CacheTally

pytestmark = pytest.mark.redis

# One call may wait for Redis this long, once; the calls after it wait for nothing.
TIMEOUT = 0.3
SLACK = 0.7
PROBE = 0.05
# A busy machine may take a second to open one connection: only a hang takes longer than this.
PATIENT = 3.0


def name(number: int = 0) -> str:
    """Return the key of one configuration."""
    return key(Kind.CONFIGS, "health/acme", number)


@asynccontextmanager
async def process(url: str, tally: CacheTally, *more: Any) -> AsyncIterator[LayeredCache]:
    """Give the cache of one process, with memory and Redis."""
    clock = SystemClock()
    redis = RedisStore(url, clock=clock, timeout=TIMEOUT, probe_every=PROBE)
    port = RedisInvalidations(url, clock=clock, timeout=TIMEOUT, retry_every=PROBE)
    layers = [MemoryStore(clock), redis, *more]
    try:
        async with LayeredCache(layers, clock=clock, observer=tally, invalidations=[port]) as cache:
            yield cache
    finally:
        await port.aclose()


async def seconds(call: Awaitable[Any]) -> tuple[float, Any]:
    """Return how long ``call`` took, and its result."""
    began = time.monotonic()
    result = await call
    return time.monotonic() - began, result


async def until_back(store: RedisStore) -> None:
    """Wait until the store's probe has found Redis again."""
    async with asyncio.timeout(10):
        while store.away:
            await asyncio.sleep(PROBE / 2)


@asynccontextmanager
async def one_store(server: RedisForTests) -> AsyncIterator[RedisStore]:
    """Give a store alone: with no layer that takes over, it is as patient as one may be."""
    store = RedisStore(server.url, clock=SystemClock(), timeout=PATIENT, probe_every=PROBE)
    try:
        yield store
    finally:
        await store.aclose()


async def ask(server: RedisForTests, *words: str) -> bytes:
    """Send one command past our code."""
    return await asyncio.to_thread(server.command, *words)


async def load() -> dict[str, str]:
    """Return what the real source says."""
    return {"from": "source"}


async def test_dead_at_start_everything_works_from_memory_and_file(
    unused_tcp_port: int, tmp_path: Path
) -> None:
    """Nothing listens: values are kept in memory and file, and no call waits for Redis."""
    url = f"redis://127.0.0.1:{unused_tcp_port}/0"
    tally = CacheTally()
    file = FileStore(tmp_path / "cache.sqlite3", clock=SystemClock())
    async with process(url, tally, file) as cache:
        first, value = await seconds(cache.get_or_load(name(), load, ttl=60))
        rest = [await seconds(cache.set(name(n), n, ttl=60)) for n in range(1, 50)]

        assert value == {"from": "source"}
        assert first < TIMEOUT + SLACK
        assert sum(taken for taken, _ in rest) < SLACK
        assert [await cache.get(name(n)) for n in range(1, 50)] == list(range(1, 50))
    assert tally.counts["redis", "error"] > 0
    assert tally.counts["redis", "hit"] == 0


async def test_dead_at_start_then_it_comes(own_redis: RedisForTests) -> None:
    """A Redis that is started later is used from then on, without a restart of ours."""
    await asyncio.to_thread(own_redis.start)
    own_redis.kill()
    async with one_store(own_redis) as store:
        with pytest.raises(StoreError):
            await store.get("key")

        await asyncio.to_thread(own_redis.start)
        await until_back(store)

        await store.set("key", b"value", ttl=60)
        found = await store.get("key")
        assert found is not None
        assert found.value == b"value"


async def test_killed_midway_calls_are_misses_not_errors(own_redis: RedisForTests) -> None:
    """SIGKILL between two calls: what only Redis had is loaded again; the next call is free."""
    await asyncio.to_thread(own_redis.start)
    tally = CacheTally()
    async with process(own_redis.url, tally) as writer, process(own_redis.url, tally) as cache:
        await writer.set(name(), "shared", ttl=60)
        assert await cache.get(name()) == "shared"
        await writer.set(name(1), "only there", ttl=60)
        own_redis.kill()

        first, value = await seconds(cache.get_or_load(name(1), load, ttl=60))
        rest = [await seconds(cache.get(name(n))) for n in range(2, 200)]

        assert value == {"from": "source"}
        assert first < TIMEOUT + SLACK
        assert sum(taken for taken, _ in rest) < SLACK
        assert await cache.get(name()) == "shared"


async def test_a_hanging_redis_costs_one_timeout(own_redis: RedisForTests) -> None:
    """SIGSTOP: callers at that moment wait the timeout once, all later ones wait nothing."""
    await asyncio.to_thread(own_redis.start)
    tally = CacheTally()
    async with process(own_redis.url, tally) as cache:
        await cache.set(name(), 1, ttl=60)
        own_redis.pause()
        try:
            together, values = await seconds(
                asyncio.gather(*(cache.get(name(n)) for n in range(1, 101)))
            )
            rest = [await seconds(cache.get(name(n))) for n in range(200, 300)]
        finally:
            own_redis.resume()

        assert values == [None] * 100
        assert together < TIMEOUT + SLACK
        assert sum(taken for taken, _ in rest) < SLACK
        assert await cache.get(name()) == 1


async def test_after_a_hang_old_values_are_not_read(own_redis: RedisForTests) -> None:
    """What was deleted while Redis hung is not found afterwards; what is written then is."""
    await asyncio.to_thread(own_redis.start)
    async with one_store(own_redis) as store:
        await store.set("deleted", b"old", ttl=60)
        await store.set("untouched", b"old", ttl=60)
        own_redis.pause()
        with pytest.raises(StoreError):
            await store.delete("deleted")
        own_redis.resume()
        await until_back(store)

        assert await store.get("deleted") is None
        assert await store.get("untouched") is None
        await store.set("new", b"new", ttl=60)
        found = await store.get("new")
        assert found is not None
        assert found.value == b"new"


async def test_a_write_that_waited_in_a_hanging_redis_is_void(own_redis: RedisForTests) -> None:
    """Redis works off what lay in its sockets when it wakes; none of that is ever read."""
    await asyncio.to_thread(own_redis.start)
    async with one_store(own_redis) as store, one_store(own_redis) as other:
        await store.set("key", b"first", ttl=60)
        own_redis.pause()
        writes = await asyncio.gather(
            *(store.set("key", b"late", ttl=60) for _ in range(20)), return_exceptions=True
        )
        own_redis.resume()
        await until_back(store)

        assert all(isinstance(write, StoreError) for write in writes)
        for reader in (store, other):
            assert await reader.get("key") is None


async def test_after_a_restart_old_values_are_not_read(own_redis: RedisForTests) -> None:
    """Redis reads its file again and offers yesterday's values: nobody takes them."""
    await asyncio.to_thread(own_redis.start)
    async with one_store(own_redis) as store:
        await store.set("key", b"yesterday", ttl=600)
        epoch = await ask(own_redis, "GET", "chatcrew:epoch")
        own_redis.kill()
        await asyncio.to_thread(own_redis.start)
        assert await ask(own_redis, "GET", "chatcrew:epoch") == epoch
        assert b"yesterday" in await ask(own_redis, "GET", "chatcrew:key")

        found = None
        for _ in range(3):
            try:
                found = await store.get("key")
                break
            except StoreError:
                await until_back(store)

        assert found is None


async def test_a_process_born_after_the_restart_reads_nothing_old(
    own_redis: RedisForTests,
) -> None:
    """One that never saw the failure learns of it from Redis' lost scripts."""
    await asyncio.to_thread(own_redis.start)
    async with one_store(own_redis) as store:
        await store.set("key", b"yesterday", ttl=600)
    own_redis.kill()
    await asyncio.to_thread(own_redis.start)

    async with one_store(own_redis) as newborn, one_store(own_redis) as second:
        assert await newborn.get("key") is None
        await newborn.set("key", b"today", ttl=600)
        found = await second.get("key")
        assert found is not None
        assert found.value == b"today"


async def test_a_process_born_without_a_failure_reads_what_is_there(
    own_redis: RedisForTests,
) -> None:
    """A mere restart of ours keeps the shared values: only Redis' own absence voids them."""
    await asyncio.to_thread(own_redis.start)
    async with one_store(own_redis) as store:
        await store.set("key", b"value", ttl=600)

    async with one_store(own_redis) as newborn:
        assert await newborn.get("key") is not None


async def test_invalidations_missed_while_redis_was_away_are_made_good(
    own_redis: RedisForTests,
) -> None:
    """Who could not be told in time forgets everything once Redis is back."""
    await asyncio.to_thread(own_redis.start)
    tally = CacheTally()
    async with process(own_redis.url, tally) as one, process(own_redis.url, tally) as two:
        await one.set(name(), "old", ttl=600)
        await asyncio.sleep(PROBE)
        assert await two.get(name()) == "old"
        own_redis.kill()
        await one.invalidate(name())
        assert await two.get(name()) == "old"

        await asyncio.to_thread(own_redis.start)

        async with asyncio.timeout(10):
            while await two.get(name()) is not None:
                await asyncio.sleep(PROBE)
        assert await one.get(name()) is None


async def test_invalidations_reach_other_processes_within_moments(
    redis_server: RedisForTests,
) -> None:
    """The normal case, over the real thing: one forgets, the others do too."""
    tally = CacheTally()
    async with (
        process(redis_server.url, tally) as one,
        process(redis_server.url, tally) as two,
    ):
        async with asyncio.timeout(10):
            while b":2" not in await ask(
                redis_server, "PUBSUB", "NUMSUB", "chatcrew:invalidations"
            ):
                await asyncio.sleep(PROBE)
        await one.set(name(), "old", ttl=600)
        assert await two.get(name()) == "old"

        await one.invalidate(name())

        async with asyncio.timeout(5):
            while await two.get(name()) is not None:
                await asyncio.sleep(0.002)
