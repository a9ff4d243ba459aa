"""Every cache layer, and the layers together, keep the same promises."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from chatcrew.cache import (
    Entry,
    FileStore,
    Held,
    Holdings,
    Kind,
    LayeredCache,
    MemoryStore,
    Scope,
    Store,
)
from chatcrew.cache import key as key_of
from chatcrew.cache._redis import RedisStore
from chatcrew.clock import SystemClock
from chatcrew.testing import ManualClock


@dataclass
class Subject:
    """A store and how time passes for it."""

    store: Store
    sibling: Callable[[str], Store]
    pass_time: Callable[[float], Awaitable[None]]


class LayersAsStore:
    """The layered cache seen as a store of bytes, so that the suite runs over it too."""

    name = "layers"

    def __init__(self, cache: LayeredCache) -> None:
        self._cache = cache

    async def get(self, key: str) -> Entry | None:
        value = await self._cache.get(key)
        found = await self._cache._stack.first(key)
        if value is None or found is None:
            return None
        return Entry(bytes.fromhex(value), found.fresh(self._cache._clock.monotonic()))

    async def set(self, key: str, value: bytes, *, ttl: float) -> None:
        await self._cache.set(key, value.hex(), ttl=ttl)

    async def delete(self, key: str) -> None:
        await self._cache.invalidate(key)

    async def clear(self) -> None:
        self._cache._heard(None)

    async def forget(self, scope: Scope) -> None:
        assert await self._cache.forget(scope) == ()

    async def values(self, scope: Scope) -> list[tuple[str, bytes]]:
        kept = (await self._cache.values(scope))["file"]
        assert kept is not None
        return [(key, bytes.fromhex(packed.split(b'"')[1].decode())) for key, packed in kept]

    async def holdings(self) -> Holdings:
        found = (await self._cache.holdings())["file"]
        assert found is not None
        return found

    async def aclose(self) -> None:
        await self._cache.aclose()


@pytest.fixture(params=["memory", "file", "layers", pytest.param("redis", marks=pytest.mark.redis)])
def kind(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Name each kind of store in turn, with the address of Redis where it needs one."""
    name: str = request.param
    url = request.getfixturevalue("redis_server").url if name == "redis" else ""
    return name, url


@pytest.fixture
async def subject(kind: tuple[str, str], tmp_path: Path) -> AsyncIterator[Subject]:
    """Give each kind of store in turn."""
    name, url = kind
    manual = ManualClock()
    opened: list[Store] = []

    def make(namespace: str) -> Store:
        store: Store
        if name == "memory":
            store = MemoryStore(manual)
        elif name == "file":
            store = FileStore(tmp_path / "cache.sqlite3", clock=manual, namespace=namespace)
        elif name == "redis":
            # as patient as it can be: how fast Redis answers is not what is asked here
            store = RedisStore(
                url, clock=SystemClock(), namespace=namespace, timeout=1.0, max_connections=8
            )
        else:
            layers = [
                MemoryStore(manual),
                FileStore(tmp_path / "l.sqlite3", clock=manual, namespace=namespace),
            ]
            store = LayersAsStore(LayeredCache(layers, clock=manual))
        opened.append(store)
        return store

    passing = asyncio.sleep if name == "redis" else manual.advance
    yield Subject(make("one"), make, passing)
    for store in opened:
        await store.aclose()


async def test_a_value_comes_back_as_it_was_written(subject: Subject) -> None:
    """Bytes of any kind, the empty value too, survive the round trip."""
    values = {"empty": b"", "text": "olá 👋".encode(), "binary": bytes(range(256)) * 300}
    for key, value in values.items():
        await subject.store.set(key, value, ttl=60)

    for key, value in values.items():
        found = await subject.store.get(key)

        assert found is not None
        assert found.value == value


async def test_an_unknown_key_is_a_miss(subject: Subject) -> None:
    """What was never written is None, not an error."""
    assert await subject.store.get("nothing") is None


async def test_the_last_write_wins_value_and_life(subject: Subject) -> None:
    """Writing again replaces both the value and the time to live."""
    await subject.store.set("key", b"old", ttl=600)
    await subject.store.set("key", b"new", ttl=30)

    found = await subject.store.get("key")

    assert found is not None
    assert found.value == b"new"
    assert 29 < found.remaining <= 30


async def test_a_value_is_gone_after_its_time(subject: Subject) -> None:
    """Once the time to live is over the key is a miss, also for a reader that came before."""
    await subject.store.set("key", b"value", ttl=0.05)
    assert await subject.store.get("key") is not None

    await subject.pass_time(0.06)

    assert await subject.store.get("key") is None


async def test_the_remaining_life_only_shrinks(subject: Subject) -> None:
    """The life that is left never grows between two reads."""
    await subject.store.set("key", b"value", ttl=60)
    before = await subject.store.get("key")
    await subject.pass_time(0.02)

    after = await subject.store.get("key")

    assert before is not None
    assert after is not None
    assert 0 < after.remaining <= before.remaining - 0.015


@pytest.mark.parametrize("ttl", [0, -1.0])
async def test_no_time_to_live_deletes(subject: Subject, ttl: float) -> None:
    """A write that would be dead at birth leaves nothing, not even the older value."""
    await subject.store.set("key", b"old", ttl=60)

    await subject.store.set("key", b"new", ttl=ttl)

    assert await subject.store.get("key") is None


async def test_delete_forgets_one_key(subject: Subject) -> None:
    """Deleting a key, twice or unknown, is no error and touches no other key."""
    await subject.store.set("key", b"value", ttl=60)
    await subject.store.set("other", b"stays", ttl=60)

    await subject.store.delete("key")
    await subject.store.delete("key")

    assert await subject.store.get("key") is None
    assert await subject.store.get("other") is not None


async def test_clear_forgets_everything_and_the_store_goes_on(subject: Subject) -> None:
    """After clear every key is a miss, and new writes are found."""
    for number in range(20):
        await subject.store.set(f"key {number}", b"value", ttl=60)

    await subject.store.clear()

    assert [await subject.store.get(f"key {number}") for number in range(20)] == [None] * 20
    await subject.store.set("key 1", b"new", ttl=60)
    found = await subject.store.get("key 1")
    assert found is not None
    assert found.value == b"new"


TENANTS = ("health/acme", "health/acme-2", "health/a[c]me*")


@pytest.mark.parametrize("tenant", [*TENANTS, None])
@pytest.mark.parametrize("kind_of_entry", [Kind.ANSWERS, None])
async def test_forget_takes_its_scope_and_nothing_else(
    subject: Subject, tenant: str | None, kind_of_entry: Kind | None
) -> None:
    """A tenant's or a kind's entries go; those of a tenant of a like name stay (S4-48)."""
    kinds = (Kind.ANSWERS, Kind.COMPLETIONS)
    places = [(name, one, key_of(one, name, "a")) for name in TENANTS for one in kinds]
    for _, _, place in places:
        await subject.store.set(place, b"value", ttl=60)

    await subject.store.forget(Scope(tenant, kind_of_entry))

    left = {place for _, _, place in places if await subject.store.get(place) is not None}
    assert left == {
        place
        for name, one, place in places
        if tenant not in {name, None} or kind_of_entry not in {one, None}
    }


async def test_holdings_count_what_is_live_by_kind(subject: Subject) -> None:
    """Dead, forgotten and foreign entries are not counted; keys of no kind are ``other``."""
    other = subject.sibling("another")
    if not isinstance(subject.store, MemoryStore):
        await other.set(key_of(Kind.ANSWERS, "t", "theirs"), b"x", ttl=60)
    await subject.store.set(key_of(Kind.ANSWERS, "t", "of before"), b"x", ttl=60)
    await subject.store.forget(Scope())
    for number in range(3):
        await subject.store.set(key_of(Kind.ANSWERS, "t", number), b"x" * 1000, ttl=60)
    await subject.store.set(key_of(Kind.SEARCH, "t/u", 1), b"x", ttl=60)
    await subject.store.set(key_of(Kind.SEARCH, "t/u", 2), b"x", ttl=0.05)
    await subject.store.set("no kind at all", b"x", ttl=60)
    await subject.pass_time(0.06)

    found = await subject.store.holdings()

    assert {kind: held.entries for kind, held in found.kinds.items()} == {
        "answers": 3,
        "search": 1,
        "other": 1,
    }
    assert found.kinds["answers"].size >= 3000
    assert found.total == Held(5, sum(held.size for held in found.kinds.values()))


async def test_values_of_a_scope_can_be_read_to_prove_an_erasure(subject: Subject) -> None:
    """What is kept of one tenant comes back as it was written, and nothing once it is forgotten."""
    own = key_of(Kind.ANSWERS, "t", 1)
    await subject.store.set(own, b"of t", ttl=60)
    await subject.store.set(key_of(Kind.ANSWERS, "t2", 1), b"of another", ttl=60)

    ((place, value),) = await subject.store.values(Scope("t"))
    assert (place, value[-4:]) == (own, b"of t")
    await subject.store.forget(Scope("t", Kind.ANSWERS))
    assert await subject.store.values(Scope("t")) == []
    assert len(await subject.store.values(Scope("t2"))) == 1


async def test_namespaces_do_not_see_each_other(subject: Subject) -> None:
    """Neither reading, deleting nor clearing reaches into another namespace."""
    other = subject.sibling("one|more")
    await subject.store.set("key", b"one", ttl=60)
    await other.set("key", b"two", ttl=60)

    await other.delete("key")
    await other.clear()

    found = await subject.store.get("key")
    assert found is not None
    assert found.value == b"one"
    assert await other.get("key") is None


async def test_many_at_once(subject: Subject) -> None:
    """40 writers and readers get their own values, more than Redis is given connections."""

    async def one(number: int) -> bytes | None:
        await subject.store.set(f"key {number}", b"%d" % number, ttl=60)
        found = await subject.store.get(f"key {number}")
        return found.value if found else None

    assert await asyncio.gather(*(one(n) for n in range(40))) == [b"%d" % n for n in range(40)]


async def test_closing_twice_is_no_error(subject: Subject) -> None:
    """A store may be closed again by whoever cleans up."""
    await subject.store.set("key", b"value", ttl=60)

    await subject.store.aclose()
    await subject.store.aclose()
