"""Negative entries: that there is nothing is remembered too, for a short time of its own."""

from typing import Any

import pytest

from chatcrew.cache import Kind, LayeredCache, key
from chatcrew.errors import UpstreamError
from chatcrew.testing._cache import CacheHouse

KEY = key(Kind.CONFIGS, "health/acme", "contact 7")


class Shelf:
    """A source that may hold nothing, counts how often it is asked, and can fail."""

    def __init__(self) -> None:
        self.asked = 0
        self.has: Any = None
        self.error: Exception | None = None

    async def __call__(self) -> Any:
        self.asked += 1
        if self.error is not None:
            raise self.error
        return self.has


@pytest.fixture
def house() -> CacheHouse:
    """Give a fresh set of processes."""
    return CacheHouse()


async def ask(cache: LayeredCache, shelf: Shelf, **options: Any) -> Any:
    """Ask as a caller would who knows that there may be nothing."""
    options.setdefault("stale_if_error", 300)
    return await cache.get_or_load(KEY, shelf, ttl=100, negative_ttl=5, **options)


async def test_nothing_is_remembered_by_all_processes_for_its_own_time(house: CacheHouse) -> None:
    """Asked ten times in two processes the source is asked once; after 5 s, not 100, again."""
    first, second, shelf = house.process(), house.process(), Shelf()

    for _ in range(5):
        assert await ask(first, shelf) is None
        assert await ask(second, shelf) is None
    assert shelf.asked == 1

    await house.clock.advance(6)
    shelf.has = {"name": "Ana"}
    assert await ask(first, shelf) == {"name": "Ana"}
    assert shelf.asked == 2


async def test_what_was_found_lives_its_full_time(house: CacheHouse) -> None:
    """The short time is for nothing alone."""
    cache, shelf = house.process(), Shelf()
    shelf.has = {"name": "Ana"}
    await ask(cache, shelf)
    await house.clock.advance(50)

    await ask(cache, shelf)

    assert shelf.asked == 1


async def test_nothing_is_never_served_stale(house: CacheHouse) -> None:
    """The source fails after the short time: its error comes out, not an old "there is none"."""
    cache, shelf = house.process(), Shelf()
    await ask(cache, shelf)
    await house.clock.advance(6)
    shelf.error = UpstreamError("away")

    with pytest.raises(UpstreamError):
        await ask(cache, shelf)


async def test_keep_is_not_asked_about_nothing(house: CacheHouse) -> None:
    """A rule that looks into the value needs not know that there may be none."""
    cache, shelf = house.process(), Shelf()

    for _ in range(2):
        assert await ask(cache, shelf, keep=lambda value: bool(value["name"])) is None

    assert shelf.asked == 1


async def test_an_invalidation_ends_it_at_once(house: CacheHouse) -> None:
    """Whoever makes the thing says so, and it is found by every process."""
    async with house.process() as first, house.process() as second:
        shelf = Shelf()
        assert await ask(first, shelf) is None
        assert await ask(second, shelf) is None
        shelf.has = {"name": "Ana"}

        await second.invalidate(KEY)
        await house.clock.advance(0)

        assert await ask(first, shelf) == {"name": "Ana"}


async def test_without_a_time_of_its_own_none_is_a_value(house: CacheHouse) -> None:
    """A loader for which None means something keeps its ``ttl``."""
    cache, shelf = house.process(), Shelf()
    await cache.get_or_load(KEY, shelf, ttl=100)
    await house.clock.advance(50)

    await cache.get_or_load(KEY, shelf, ttl=100)

    assert shelf.asked == 1
