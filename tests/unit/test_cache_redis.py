"""The Redis layer while all is well: several processes, one Redis."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from chatcrew.cache import Kind, key, open_cache
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
