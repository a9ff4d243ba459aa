"""What the layered cache adds to its layers: back-fill, stale values, invalidation."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from chatcrew.cache import Entry, Kind, LayeredCache, LocalInvalidations, key
from chatcrew.errors import StoreError, UpstreamError
from chatcrew.testing import ManualClock
from chatcrew.testing._cache import CacheHouse, CountedSource, FlakyStore

KEY = key(Kind.CONFIGS, "health/acme", "file.yaml")


@pytest.fixture
def house() -> CacheHouse:
    """Give a fresh set of processes."""
    return CacheHouse()


async def test_a_hit_below_is_copied_up_with_the_life_that_is_left(house: CacheHouse) -> None:
    """A second process finds the value in the shared layer; its copy dies with the original."""
    first, second = house.process(), house.process()
    await first.set(KEY, [1], ttl=100)
    await house.clock.advance(60)
    assert await second.get(KEY) == [1]
    await house.shared.inner.clear()
    await house.clock.advance(39)
    assert await second.get(KEY) == [1]

    await house.clock.advance(2)

    assert await second.get(KEY) is None


async def test_each_caller_gets_a_copy(house: CacheHouse) -> None:
    """What one caller does to its value another never sees."""
    cache = house.process()
    source = CountedSource()
    values = [await cache.get_or_load(KEY, source, ttl=60) for _ in range(3)]
    values[0]["load"] = "spoilt"
    values[1].clear()

    assert values[2] == {"load": 1}
    assert await cache.get(KEY) == {"load": 1}


@pytest.mark.parametrize("error", [UpstreamError("away"), TimeoutError(), ConnectionError()])
async def test_an_old_value_serves_while_the_source_fails(
    house: CacheHouse, error: Exception
) -> None:
    """Within the allowance the stale value is served, after it the error is raised."""
    cache, source = house.process(), CountedSource()

    async def ask() -> Any:
        return await cache.get_or_load(KEY, source, ttl=10, stale_if_error=30)

    await ask()
    await house.clock.advance(20)
    source.error = error
    assert await ask() == {"load": 1}
    assert house.tally.counts["load", "stale"] == 1
    assert await cache.get(KEY) is None
    await house.clock.advance(21)

    with pytest.raises(type(error)):
        await ask()


async def test_a_stale_value_is_replaced_when_the_source_is_back(house: CacheHouse) -> None:
    """Staleness is only for errors: a working source is asked as soon as the life is over."""
    cache, source = house.process(), CountedSource()
    await cache.get_or_load(KEY, source, ttl=10, stale_if_error=300)
    await house.clock.advance(11)

    assert await cache.get_or_load(KEY, source, ttl=10, stale_if_error=300) == {"load": 2}


async def test_a_bug_in_the_source_is_never_hidden_by_a_stale_value(house: CacheHouse) -> None:
    """Only faults of the outside are covered; a KeyError is a bug and comes out."""
    cache, source = house.process(), CountedSource()
    await cache.get_or_load(KEY, source, ttl=10, stale_if_error=300)
    await house.clock.advance(11)
    source.error = KeyError("bug")

    with pytest.raises(KeyError):
        await cache.get_or_load(KEY, source, ttl=10, stale_if_error=300)


async def test_keep_decides_what_is_stored(house: CacheHouse) -> None:
    """A value that is not worth keeping is returned but loaded again next time."""
    cache, source = house.process(), CountedSource()

    async def ask() -> Any:
        return await cache.get_or_load(KEY, source, ttl=60, keep=lambda value: value["load"] > 1)

    assert [(await ask())["load"] for _ in range(4)] == [1, 2, 2, 2]


async def test_invalidation_reaches_the_other_processes(house: CacheHouse) -> None:
    """After one process forgets a key, no process serves the old value."""
    async with house.process() as first, house.process() as second:
        await first.set(KEY, "old", ttl=60)
        assert await second.get(KEY) == "old"

        await first.invalidate(KEY)
        await house.clock.advance(0)

        assert await second.get(KEY) is None
        assert await first.get(KEY) is None


async def test_a_load_that_an_invalidation_overtakes_leaves_nothing(house: CacheHouse) -> None:
    """The source may have been read before the change, so its value is returned, not stored."""
    async with house.process() as first, house.process() as second:
        source = CountedSource()
        source.open.clear()
        call = asyncio.create_task(first.get_or_load(KEY, source, ttl=60))
        await source.began.wait()
        await second.invalidate(KEY)
        source.open.set()

        assert await call == {"load": 1}
        assert await first.get(KEY) is None
        assert await second.get(KEY) is None


async def test_what_was_loaded_before_an_invalidation_is_not_kept(house: CacheHouse) -> None:
    """A load that began before the change returns, but is not stored; later callers load anew."""
    async with house.process() as first, house.process() as second:
        source = CountedSource()
        source.open.clear()
        call = asyncio.create_task(first.get_or_load(KEY, source, ttl=60))
        await source.began.wait()
        await second.invalidate(KEY)
        after = asyncio.create_task(first.get_or_load(KEY, source, ttl=60))
        await house.clock.advance(0)
        source.open.set()

        assert await call == {"load": 1}
        assert await after == {"load": 2}
        assert await first.get(KEY) == {"load": 2}


async def test_a_copy_upwards_does_not_overtake_an_invalidation(house: CacheHouse) -> None:
    """A value read below before the change is not written above after it."""
    async with house.process() as first, house.process() as second:
        await first.set(KEY, "old", ttl=60)
        house.shared.open.clear()
        reading = asyncio.create_task(second.get(KEY))
        await house.clock.advance(0)
        forgetting = asyncio.create_task(first.invalidate(KEY))
        await house.clock.advance(0)
        second._heard("another " + KEY)
        house.shared.open.set()
        await asyncio.gather(reading, forgetting)
        await house.clock.advance(0)

        assert await second.get(KEY) is None


async def test_missed_messages_empty_everything(house: CacheHouse) -> None:
    """A broken connection to the others means that nothing kept is certain."""
    cache = house.process()
    await cache.set(KEY, "perhaps old", ttl=60)

    cache._heard(None)

    assert await cache.get(KEY) is None


async def test_a_write_that_failed_is_never_undone_by_an_older_value(house: CacheHouse) -> None:
    """A layer that missed a write is emptied before it is read again."""
    cache = house.process()
    await cache.set(KEY, "old", ttl=60)
    house.shared.away = True
    await cache.set(KEY, "new", ttl=30)
    await house.clock.advance(31)
    house.shared.away = False

    assert await cache.get(KEY) is None
    assert house.shared.calls["clear"] == 1


@pytest.mark.parametrize("operation", ["get", "set", "invalidate", "get_or_load"])
async def test_no_operation_raises_when_every_layer_is_away(
    house: CacheHouse, operation: str
) -> None:
    """All layers and the message port fail: everything is a miss, and counted."""
    memory, file = FlakyStore(house.clock, "memory"), FlakyStore(house.clock, "file")
    memory.away = file.away = house.shared.away = True

    class Deaf(LocalInvalidations):
        async def publish(self, message: str) -> None:
            raise StoreError("away")

    cache = LayeredCache(
        [memory, house.shared, file],
        clock=house.clock,
        observer=house.tally,
        invalidations=[Deaf()],
    )
    source = CountedSource()
    calls: dict[str, Callable[[], Awaitable[Any]]] = {
        "get": lambda: cache.get(KEY, "default"),
        "set": lambda: cache.set(KEY, 1, ttl=9),
        "invalidate": lambda: cache.invalidate(KEY),
        "get_or_load": lambda: cache.get_or_load(KEY, source, ttl=9),
    }

    result = await calls[operation]()

    assert result == {"get": "default", "get_or_load": {"load": 1}}.get(operation)
    assert house.tally.counts["redis", "error"] > 0
    assert house.tally.counts["memory", "error"] > 0


async def test_foreign_bytes_are_a_miss(house: CacheHouse) -> None:
    """Whoever writes rubbish into Redis causes a load, no error and no code to run."""
    cache, source = house.process(), CountedSource()
    for rubbish in (b"", b"\x80\x04K\x01.", b"nan", b"1\n{", b"x\n1", b"0\n"):
        await house.shared.inner.set(KEY, rubbish, ttl=60)

        assert await cache.get(KEY) is None
    assert await cache.get_or_load(KEY, source, ttl=60) == {"load": 1}


@pytest.mark.parametrize(
    "value", [object(), {1, 2}, b"bytes", {1: 2}, "\ud800", datetime.now(UTC), Entry(b"", 1)]
)
async def test_what_is_not_json_is_refused(house: CacheHouse, value: object) -> None:
    """A value that would come back as something else is a bug of the caller, told at once."""
    cache = house.process()

    with pytest.raises(TypeError):
        await cache.set(KEY, value, ttl=60)


async def test_jitter_only_shortens(house: CacheHouse) -> None:
    """With a jitter of a quarter and the worst luck, 100 s become 75."""
    cache = house.process(jitter=0.25, chance=lambda: 1.0)
    await cache.set(KEY, 1, ttl=100)
    await house.clock.advance(74)
    assert await cache.get(KEY) == 1

    await house.clock.advance(2)

    assert await cache.get(KEY) is None


async def test_writes_of_one_key_keep_their_order_in_every_layer(house: CacheHouse) -> None:
    """The later of two writes wins everywhere, also where the earlier one was slow."""

    class SlowAtFirst(FlakyStore):
        async def set(self, key: str, value: bytes, *, ttl: float) -> None:
            self.calls["begun"] += 1
            if self.calls["begun"] == 1:
                for _ in range(50):
                    await asyncio.sleep(0)
            await super().set(key, value, ttl=ttl)

    last = SlowAtFirst(house.clock, "file")
    cache = house.process(last)
    await asyncio.gather(cache.set(KEY, "earlier", ttl=60), cache.set(KEY, "later", ttl=60))

    assert await cache.get(KEY) == "later"
    entry = await last.inner.get(KEY)
    assert entry is not None
    assert b"later" in entry.value


async def test_a_write_that_began_is_finished(house: CacheHouse) -> None:
    """Cancelling the caller in the middle does not leave the layers in disagreement."""
    cache = house.process()
    await cache.set(KEY, "old", ttl=60)
    house.shared.open.clear()
    writing = asyncio.create_task(cache.set(KEY, "new", ttl=60))
    await house.clock.advance(0)
    writing.cancel()
    house.shared.open.set()
    await asyncio.wait({writing})
    await cache.aclose()

    entry = await house.shared.inner.get(KEY)
    assert entry is not None
    assert b"new" in entry.value


def test_a_cache_without_layers_is_refused() -> None:
    """At least memory has to be there."""
    with pytest.raises(ValueError, match="at least one layer"):
        LayeredCache([], clock=ManualClock())
