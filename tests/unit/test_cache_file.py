"""The file layer on a real disk: private, bounded, and never an error of its own making."""

import stat
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from chatcrew.cache import MEMORY_SECONDS, FileStore, Holdings, MemoryStore, open_cache
from chatcrew.clock import SystemClock
from chatcrew.errors import StoreError
from chatcrew.testing import ManualClock


@pytest.fixture
async def open_file(tmp_path: Path) -> AsyncIterator[Callable[..., FileStore]]:
    """Give a function that opens a store; all are closed at the end."""
    opened: list[FileStore] = []

    def make(path: Path | None = None, **options: object) -> FileStore:
        options.setdefault("clock", SystemClock())
        store = FileStore(path or tmp_path / "data" / "cache.sqlite3", **options)  # type: ignore[arg-type]  # test values
        opened.append(store)
        return store

    yield make
    for store in opened:
        await store.aclose()


async def test_values_survive_a_restart(open_file: Callable[..., FileStore]) -> None:
    """Closing and opening again finds what was written, with the life that is left."""
    clock = ManualClock()
    first = open_file(clock=clock)
    await first.set("key", b"value", ttl=100)
    await first.aclose()
    await clock.advance(40)

    found = await open_file(clock=clock).get("key")

    assert found is not None
    assert found.value == b"value"
    assert found.remaining == pytest.approx(60, abs=0.01)


async def test_nobody_else_may_read_it(open_file: Callable[..., FileStore], tmp_path: Path) -> None:
    """Folder 0700, the file and its journals 0600: they hold customers' words."""
    store = open_file()
    await store.set("key", b"value", ttl=100)
    folder = tmp_path / "data"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert "cache.sqlite3-wal" in modes
    assert set(modes.values()) == {0o600}


async def test_an_open_file_is_made_private(
    open_file: Callable[..., FileStore], tmp_path: Path
) -> None:
    """A file that somebody left readable is closed to others when it is opened."""
    path = tmp_path / "cache.sqlite3"
    path.touch()
    path.chmod(0o644)
    await open_file(path).set("key", b"value", ttl=100)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_it_stays_within_its_bound(
    open_file: Callable[..., FileStore], tmp_path: Path
) -> None:
    """Ten times the bound is written: the file stays below it, the newest values are there."""
    bound = 2 * 1024 * 1024
    store = open_file(max_bytes=bound)
    for number in range(1000):
        await store.set(f"key {number}", bytes([number % 256]) * 20_000, ttl=3600)
    size = (tmp_path / "data" / "cache.sqlite3").stat().st_size

    assert size <= bound
    for number in range(990, 1000):
        found = await store.get(f"key {number}")
        assert found is not None
        assert found.value == bytes([number % 256]) * 20_000


async def test_a_value_that_would_fill_the_file_is_not_kept(
    open_file: Callable[..., FileStore],
) -> None:
    """Neither the huge value nor the older one under its key is there; the others stay."""
    store = open_file(max_bytes=1024 * 1024)
    await store.set("other", b"stays", ttl=100)
    await store.set("key", b"old", ttl=100)

    await store.set("key", b"x" * 600_000, ttl=100)

    assert await store.get("key") is None
    assert await store.get("other") is not None


async def test_expired_values_leave_the_disk(
    open_file: Callable[..., FileStore], tmp_path: Path
) -> None:
    """What has expired is overwritten on disk soon after, not only hidden (LGPD)."""
    clock = ManualClock()
    store = open_file(clock=clock)
    await store.set("key", b"segredo da cliente" * 50, ttl=10)
    await clock.advance(11)
    for number in range(130):
        await store.set(f"key {number}", b"x", ttl=100)
    await store.aclose()

    left = b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())
    assert b"segredo da cliente" not in left


async def test_a_wall_clock_set_back_gives_no_more_life(
    open_file: Callable[..., FileStore],
) -> None:
    """An entry never lives longer than it was written to, whatever NTP does."""

    class Corrected(ManualClock):
        def set_back(self, hours: float) -> None:
            self._start -= timedelta(hours=hours)

    clock = Corrected()
    store = open_file(clock=clock)
    await store.set("key", b"value", ttl=60)
    clock.set_back(5)

    found = await store.get("key")

    assert found is not None
    assert found.remaining <= 60.001


async def test_after_closing_calls_fail_as_misses_do(open_file: Callable[..., FileStore]) -> None:
    """A late call during shutdown is a store error, no crash of the thread pool."""
    store = open_file()
    await store.aclose()

    with pytest.raises(StoreError):
        await store.get("key")


async def test_memory_is_bounded_by_bytes_and_by_entries() -> None:
    """The least recently used entries go; a value larger than all of it is not kept."""
    clock = ManualClock()
    by_count = MemoryStore(clock, max_entries=3)
    for name in ("a", "b", "c"):
        await by_count.set(name, b"x", ttl=100)
    await by_count.get("a")
    await by_count.set("d", b"x", ttl=100)
    by_bytes = MemoryStore(clock, max_bytes=20_000)
    for number in range(100):
        await by_bytes.set(str(number), b"x" * 5000, ttl=100)
    await by_bytes.set("99", b"x" * 50_000, ttl=100)

    assert [name for name in "abcd" if await by_count.get(name)] == ["a", "c", "d"]
    kept = [number for number in range(100) if await by_bytes.get(str(number))]
    assert kept == [97, 98]


async def test_memory_lets_go_after_its_time_what_lives_longer_elsewhere() -> None:
    """Its life is told as it is, and what nobody asks for again is not held for hours (S4-36)."""
    clock = ManualClock()
    store = MemoryStore(clock, longest=300)
    await store.set("long", b"x", ttl=3600)
    await store.set("short", b"x", ttl=100)
    entry = await store.get("long")
    await clock.advance(299)
    there = [name for name in ("long", "short") if await store.get(name)]
    await clock.advance(2)

    assert entry is not None
    assert entry.remaining == 3600
    assert there == ["long"]
    assert await store.get("long") is None
    assert (await store.holdings()).kinds == {}


async def test_what_memory_let_go_comes_back_from_the_file_without_a_load(tmp_path: Path) -> None:
    """It lives as long as before: only the fast copy is gone (S4-36)."""
    clock, loads = ManualClock(), 0

    async def load() -> str:
        nonlocal loads
        loads += 1
        return "kept"

    async with open_cache(clock, file=tmp_path / "cache.sqlite") as cache:
        await cache.get_or_load("k", load, ttl=3600)
        await clock.advance(MEMORY_SECONDS + 1)
        held = await cache.holdings()
        found = await cache.get_or_load("k", load, ttl=3600)
        again = await cache.holdings()

    assert (found, loads) == ("kept", 1)
    assert (_count(held, "memory"), _count(held, "file")) == (0, 1)
    assert _count(again, "memory") == 1


def _count(found: dict[str, Holdings | None], layer: str) -> int:
    held = found[layer]
    assert held is not None
    return sum(one.entries for one in held.kinds.values())
