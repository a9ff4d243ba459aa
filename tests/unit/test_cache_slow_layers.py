"""What was loaded goes on at once, and comes to the slow layers by itself."""

import asyncio

import pytest

from chatcrew.cache import Kind, key
from chatcrew.testing._cache import CacheHouse, FlakyStore

KEY = key(Kind.CONFIGS, "health/acme", "file.yaml")


@pytest.fixture
def house() -> CacheHouse:
    """Give a fresh set of processes."""
    return CacheHouse()


async def test_nobody_waits_until_a_slow_layer_has_what_was_loaded(house: CacheHouse) -> None:
    """It is in the first layer, and comes to the others by itself (S1-74)."""
    cache = house.process()

    async def load() -> str:
        house.shared.open.clear()
        return "new"

    found = await asyncio.wait_for(cache.get_or_load(KEY, load, ttl=60), 1)
    again = await asyncio.wait_for(cache.get_or_load(KEY, load, ttl=60), 1)
    before = await house.shared.inner.get(KEY)
    house.shared.open.set()
    await cache.aclose()

    assert (found, again, before) == ("new", "new", None)
    entry = await house.shared.inner.get(KEY)
    assert entry is not None
    assert b"new" in entry.value


async def test_what_is_forgotten_before_a_slow_layer_has_it_never_comes_there(
    house: CacheHouse,
) -> None:
    """A write that still waits for its turn learns of it, although nobody waits for the write."""
    last = FlakyStore(house.clock, "file")
    cache = house.process(last)

    async def load() -> str:
        house.shared.open.clear()
        return "old"

    await cache.get_or_load(KEY, load, ttl=60)
    await house.clock.advance(0)
    forgetting = asyncio.create_task(cache.invalidate(KEY))
    await house.clock.advance(0)
    house.shared.open.set()
    await forgetting
    await cache.aclose()

    assert last.calls["set"] == 0
    assert await house.shared.inner.get(KEY) is None
    assert await cache.get(KEY) is None
