"""Kept configuration versions: one suite over PostgreSQL and memory."""

import pytest

from chatcrew.testing import ManualClock
from chatcrew.why import MemoryVersions, PostgresVersions, Versions
from chatcrew.why._versions import NEWEST


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock of the test's own."""
    return ManualClock()


@pytest.fixture(params=["memory", "postgres"])
def versions(request: pytest.FixtureRequest, clock: ManualClock) -> Versions:
    """Give an empty store of each kind."""
    if request.param == "memory":
        return MemoryVersions(clock)
    return PostgresVersions(request.getfixturevalue("database"), clock)


async def test_files_come_back_as_they_were_kept(versions: Versions) -> None:
    """By their version, whatever others there are (N9)."""
    await versions.keep("v1", b"one \x00 \xff" * 100)
    await versions.keep("v2", b"")
    assert await versions.files("v1") == b"one \x00 \xff" * 100
    assert await versions.files("v2") == b""
    assert await versions.files("v3") is None


async def test_what_was_used_longest_ago_is_forgotten_first(
    versions: Versions, clock: ManualClock
) -> None:
    """A version that comes into force again counts as new; the others make room."""
    for number in range(NEWEST):
        await versions.keep(f"v{number}", b"x")
        await clock.advance(60)
    await versions.keep("v0", b"x")
    await clock.advance(60)
    await versions.keep("new", b"x")
    assert await versions.files("v1") is None
    assert await versions.files("v0") == b"x"
    assert await versions.files("new") == b"x"
