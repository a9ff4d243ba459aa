"""Forgetting a part of the cache, in every layer and every process; counting what it holds."""

import asyncio

import pytest

from chatcrew.cache import Held, Kind, LocalInvalidations, MemoryStore, Scope, key
from chatcrew.cache._keys import scope_of
from chatcrew.errors import StoreError
from chatcrew.testing._cache import CacheHouse, CountedSource, FlakyStore

MINE = key(Kind.CONFIGS, "health/acme", "file.yaml")
THEIRS = key(Kind.CONFIGS, "health/other", "file.yaml")
ACME = Scope("health/acme")


@pytest.fixture
def house() -> CacheHouse:
    """Give a fresh set of processes."""
    return CacheHouse()


async def test_forgetting_a_tenant_reaches_the_memory_of_the_other_processes(
    house: CacheHouse,
) -> None:
    """No process serves what was forgotten, and all keep what was not (S4-11)."""
    async with house.process() as first, house.process() as second:
        for place in (MINE, THEIRS):
            await first.set(place, "old", ttl=60)
            assert await second.get(place) == "old"

        assert await first.forget(ACME) == ()
        await house.clock.advance(0)

        for process in (first, second):
            assert await process.get(MINE) is None
            assert await process.get(THEIRS) == "old"


async def test_a_load_that_forgetting_overtakes_leaves_nothing(house: CacheHouse) -> None:
    """What was read before is returned to who asked for it, and is not kept anywhere."""
    async with house.process() as first, house.process() as second:
        source = CountedSource()
        source.open.clear()
        call = asyncio.create_task(first.get_or_load(MINE, source, ttl=60))
        await source.began.wait()

        await second.forget(Scope(kind=Kind.CONFIGS))
        after = asyncio.create_task(first.get_or_load(MINE, source, ttl=60))
        await house.clock.advance(0)
        source.open.set()

        assert await call == {"load": 1}
        assert await after == {"load": 2}
        assert await second.get(MINE) == {"load": 2}


async def test_a_layer_that_could_not_forget_is_named_and_never_believed(
    house: CacheHouse,
) -> None:
    """It is away while all is forgotten: the caller hears of it, and its old value never comes."""
    cache = house.process()
    await cache.set(MINE, "old", ttl=60)
    house.shared.away = True

    assert await cache.forget(Scope(kind=Kind.CONFIGS)) == ("redis",)

    house.shared.away = False
    assert await cache.get(MINE) is None
    assert house.shared.calls["clear"] == 1


async def test_processes_that_were_not_told_are_reported(house: CacheHouse) -> None:
    """The way to the others is broken: our own layers forget, and the caller hears of the rest."""

    class Deaf(LocalInvalidations):
        async def publish(self, message: str) -> None:
            raise StoreError("away")

    house.port = Deaf()
    cache = house.process()
    await cache.set(MINE, "old", ttl=60)

    assert await cache.forget(Scope(kind=Kind.CONFIGS)) == ("invalidations",)
    assert await cache.get(MINE) is None


async def test_a_write_under_way_does_not_survive_the_forgetting(house: CacheHouse) -> None:
    """A slow layer takes a value late; it is forgotten after that, not before."""
    cache = house.process()
    house.shared.open.clear()
    writing = asyncio.create_task(cache.set(MINE, "old", ttl=60))
    await house.clock.advance(0)
    forgetting = asyncio.create_task(cache.forget(ACME))
    await house.clock.advance(0)
    house.shared.open.set()
    await asyncio.gather(writing, forgetting)

    assert await house.shared.inner.get(MINE) is None
    assert await cache.get(MINE) is None


async def test_holdings_name_every_layer_and_those_that_are_away(house: CacheHouse) -> None:
    """Each layer counts for itself; one that is away is None, not an error."""
    file = FlakyStore(house.clock, "file")
    cache = house.process(file)
    await cache.set(MINE, "value", ttl=60)
    file.away = True

    found = await cache.holdings()

    assert list(found) == ["memory", "redis", "file"]
    assert found["file"] is None
    assert found["redis"] is not None
    assert found["redis"].total.entries == 1


async def test_memory_counts_towards_its_bound(house: CacheHouse) -> None:
    """What holdings say never exceeds the bound, however much was written (size bounds)."""
    store = MemoryStore(house.clock, max_bytes=10_000)
    for number in range(100):
        await store.set(key(Kind.ANSWERS, "t", number), b"x" * 500, ttl=60)

    found = await store.holdings()

    assert found.bound == 10_000
    assert found.total.entries == 9
    assert found.total == Held(9, 9 * (500 + 512))


@pytest.mark.parametrize(
    "scope", [Scope(), ACME, Scope(kind=Kind.SEARCH), Scope("health/acme", Kind.SEARCH)]
)
def test_a_scope_survives_the_way_to_another_process(scope: Scope) -> None:
    """What is sent is read as the same scope, and a plain key is never taken for one."""
    assert scope_of(str(scope)) == scope
    assert scope_of(MINE) is None


def test_a_kind_of_a_newer_version_is_forgotten_whole() -> None:
    """An older process does not know the kind: it forgets too much rather than too little."""
    assert scope_of("v1:health/acme:poems:*") == ACME


@pytest.mark.parametrize("tenant", ["", "*", "a:b", "a b", "a\n"])
def test_a_tenant_that_no_key_can_hold_is_refused(tenant: str) -> None:
    """A typing mistake must not become another scope (S4-48)."""
    with pytest.raises(ValueError, match="cannot be part of a cache key"):
        Scope(tenant)
    with pytest.raises(ValueError, match="cannot be part of a cache key"):
        key(Kind.ANSWERS, tenant)
