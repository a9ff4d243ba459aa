"""Single flight: many who want the same thing at once cause one load."""

import asyncio

import pytest

from chatcrew.cache import Kind, key
from chatcrew.errors import StoreError, UpstreamError
from chatcrew.testing._cache import CacheHouse, CountedSource

KEY = key(Kind.CONFIGS, "health/acme", "file.yaml")


@pytest.fixture
def house() -> CacheHouse:
    """Give a fresh set of processes."""
    return CacheHouse()


async def test_many_callers_cause_one_load(house: CacheHouse) -> None:
    """Five hundred callers on a cold key ask the source once."""
    cache, source = house.process(), CountedSource()

    values = await asyncio.gather(*(cache.get_or_load(KEY, source, ttl=60) for _ in range(500)))

    assert source.loads == 1
    assert all(value == {"load": 1} for value in values)
    assert house.tally.counts["load", "joined"] == 499


async def test_a_cancelled_caller_leaves_the_load_to_the_others(house: CacheHouse) -> None:
    """Whoever began the load may go; the others get its value."""
    cache, source = house.process(), CountedSource()
    source.open.clear()
    calls = [asyncio.create_task(cache.get_or_load(KEY, source, ttl=60)) for _ in range(3)]
    await source.began.wait()
    calls[0].cancel()
    calls[1].cancel()
    await asyncio.wait(calls[:2])
    source.open.set()

    assert await calls[2] == {"load": 1}
    assert [call.cancelled() for call in calls] == [True, True, False]
    assert (source.loads, source.cancelled) == (1, 0)


async def test_the_last_caller_takes_the_load_along(house: CacheHouse) -> None:
    """A load nobody waits for is cancelled, and the next caller begins a new one."""
    cache, source = house.process(), CountedSource()
    source.open.clear()
    calls = [asyncio.create_task(cache.get_or_load(KEY, source, ttl=60)) for _ in range(2)]
    await source.began.wait()
    for call in calls:
        call.cancel()
    await asyncio.wait(calls)
    await asyncio.sleep(0)
    assert source.cancelled == 1
    source.open.set()

    assert await cache.get_or_load(KEY, source, ttl=60) == {"load": 2}


class Reluctant:
    """A source that ends only when it is let go, although it was cancelled."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self.told = asyncio.Event()
        self.may_end = asyncio.Event()
        self.ended = asyncio.Event()

    async def __call__(self) -> int:
        """Hang, and take leave slowly."""
        self.began.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.told.set()
            await self.may_end.wait()
            self.ended.set()
        return 0


async def test_a_cancelled_caller_is_gone_when_its_load_is(house: CacheHouse) -> None:
    """So that what the load held, such as a model's slot and its row, is settled by then."""
    cache, source = house.process(), Reluctant()
    call = asyncio.create_task(cache.get_or_load(KEY, source, ttl=60))
    await source.began.wait()
    call.cancel()
    await source.told.wait()
    assert not call.done()
    source.may_end.set()
    await asyncio.wait({call})

    assert call.cancelled()
    assert source.ended.is_set()


@pytest.mark.parametrize("again", [False, True], ids=["patient", "cancelled again"])
async def test_a_load_that_will_not_end_holds_its_caller_for_a_moment_only(
    house: CacheHouse, again: bool
) -> None:
    """At most a second, or until it is cancelled once more; the load goes on ending by itself."""
    cache, source = house.process(), Reluctant()
    call = asyncio.create_task(cache.get_or_load(KEY, source, ttl=60))
    await source.began.wait()
    call.cancel()
    await source.told.wait()
    if again:
        call.cancel()
    done, _ = await asyncio.wait({call}, timeout=0.5 if again else 3)

    assert done == {call}
    assert call.cancelled()
    assert not source.ended.is_set()
    source.may_end.set()
    async with asyncio.timeout(2):
        await source.ended.wait()


async def test_who_comes_as_the_load_is_cancelled_begins_anew(house: CacheHouse) -> None:
    """A caller that arrives in the very moment of the cancellation is not cancelled with it."""
    cache, source = house.process(), CountedSource()
    source.open.clear()
    first = asyncio.create_task(cache.get_or_load(KEY, source, ttl=60))
    await source.began.wait()
    first.cancel()
    second = asyncio.create_task(cache.get_or_load(KEY, source, ttl=60))
    source.open.set()

    assert (await second)["load"] in {1, 2}
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_a_load_that_cancels_itself_does_not_cancel_its_callers(house: CacheHouse) -> None:
    """CancelledError out of the source is its own affair: the caller asks again."""
    cache = house.process()
    tries = 0

    async def load() -> int:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise asyncio.CancelledError
        return tries

    assert await cache.get_or_load(KEY, load, ttl=60) == 2


async def test_an_error_goes_to_every_waiter_and_is_not_kept(house: CacheHouse) -> None:
    """All who wait learn of the failure; the next caller asks again."""
    cache, source = house.process(), CountedSource()
    source.error = UpstreamError("away")
    results = await asyncio.gather(
        *(cache.get_or_load(KEY, source, ttl=60) for _ in range(5)), return_exceptions=True
    )
    assert all(isinstance(result, UpstreamError) for result in results)
    source.error = None

    assert await cache.get_or_load(KEY, source, ttl=60) == {"load": 2}


async def test_closing_ends_loads_and_closes_the_layers(house: CacheHouse) -> None:
    """Whoever waits is told; nothing is left running."""
    cache, source = house.process(), CountedSource()
    source.open.clear()
    waiting = asyncio.create_task(cache.get_or_load(KEY, source, ttl=60))
    await source.began.wait()

    await cache.aclose()

    with pytest.raises(StoreError):
        await waiting
    assert source.cancelled == 1
    assert house.shared.calls["aclose"] == 1
