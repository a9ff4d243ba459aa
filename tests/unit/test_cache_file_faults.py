"""The file tier on disks that refuse, fill up, break or are held by others (S4-09)."""

import asyncio
import resource
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from chatcrew.cache import FileStore
from chatcrew.clock import SystemClock
from chatcrew.errors import StoreError


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


@pytest.mark.parametrize(
    "rubbish", [b"this is no database" * 500, b"SQLite format 3\0" + b"\xff" * 9000]
)
async def test_a_corrupt_file_is_set_aside(
    open_file: Callable[..., FileStore], tmp_path: Path, rubbish: bytes
) -> None:
    """One failed call, then a new file; the broken one is kept beside it for whoever asks why."""
    path = tmp_path / "cache.sqlite3"
    path.write_bytes(rubbish)
    store = open_file(path)

    with pytest.raises(StoreError):
        await store.get("key")
    await store.set("key", b"value", ttl=100)

    assert await store.get("key") is not None
    assert path.with_name("cache.sqlite3.corrupt").read_bytes() == rubbish


async def test_a_file_that_breaks_while_it_is_open_is_set_aside_by_one_process_only(
    open_file: Callable[..., FileStore], tmp_path: Path
) -> None:
    """Two processes meet the same broken file: the second does not throw the new one away."""
    path = tmp_path / "cache.sqlite3"
    one, two = open_file(path), open_file(path)
    for number in range(200):
        await one.set(f"key {number}", b"x" * 3000, ttl=100)
    await two.get("key 1")
    await one.aclose()
    one = open_file(path)
    await one.get("key 1")
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    path.with_name("cache.sqlite3-wal").write_bytes(b"")

    async def heal(store: FileStore) -> None:
        for attempt in range(5):
            try:
                await store.set(f"healed {attempt}", b"yes", ttl=100)
                await store.get("key 150")
            except StoreError:
                continue
            return
        raise AssertionError("it never healed")

    await heal(one)
    await one.set("after", b"kept", ttl=100)
    await heal(two)

    assert await one.get("after") is not None
    assert await two.get("after") is not None


@pytest.mark.parametrize("place", ["file/cache.sqlite3", "folder", "/proc/chatcrew/cache.sqlite3"])
async def test_a_disk_that_refuses_is_a_store_error(
    open_file: Callable[..., FileStore], tmp_path: Path, place: str
) -> None:
    """A folder that is a file, a file that is a folder, a file system that takes nothing."""
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    store = open_file(tmp_path / place)

    for _ in range(3):
        with pytest.raises(StoreError):
            await store.set("key", b"value", ttl=100)
        with pytest.raises(StoreError):
            await store.get("key")


def test_a_full_disk_is_a_store_error_and_reading_goes_on(tmp_path: Path) -> None:
    """Writes beyond what the disk takes fail as misses do; nothing else breaks.

    The limit is the kernel's own (RLIMIT_FSIZE), hence a process of its own.
    """
    script = textwrap.dedent(
        """
        import asyncio, resource, sys
        from pathlib import Path
        from chatcrew.cache import FileStore
        from chatcrew.clock import SystemClock
        from chatcrew.errors import StoreError

        async def main():
            store = FileStore(Path(sys.argv[1]), clock=SystemClock())
            await store.set("early", b"value", ttl=100)
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
            failed = 0
            for number in range(40):
                try:
                    await store.set(f"key {number}", b"x" * 20_000, ttl=100)
                except StoreError:
                    failed += 1
            resource.setrlimit(
                resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            )
            print(failed)
            await store.aclose()

        asyncio.run(main())
        """
    )
    assert resource.RLIMIT_FSIZE is not None
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "cache.sqlite3")],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert int(done.stdout) > 20
    with sqlite3.connect(tmp_path / "cache.sqlite3") as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
        (value,) = db.execute("select value from entries where key = 'chatcrew|early'").fetchone()
    db.close()
    assert value == b"value"


async def test_a_locked_file_is_a_store_error_within_the_timeout(
    open_file: Callable[..., FileStore], tmp_path: Path
) -> None:
    """Another process holds the write lock: the call gives up soon, and works again after."""
    path = tmp_path / "cache.sqlite3"
    store = open_file(path, timeout=2.0)
    await store.set("key", b"value", ttl=100)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin immediate")
    loop = asyncio.get_running_loop()
    began = loop.time()

    with pytest.raises(StoreError):
        await store.set("key", b"new", ttl=100)
    took = loop.time() - began
    reading = await store.get("key")
    other.execute("rollback")
    other.close()
    await store.set("key", b"new", ttl=100)

    assert took < 1.5
    assert reading is not None
