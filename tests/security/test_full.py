"""How many may be connected at once, and who makes room (S4-41, N3)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs
from tests.security.conftest import TEXT, Wire

from chatcrew.app.ingress import serve_app
from chatcrew.app.sockets import listen
from chatcrew.testing import ManualClock
from chatcrew.testing.door import Door
from chatcrew.web.patience import Patience

MOST = 10
ALIVE = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"


@dataclass(frozen=True)
class House(Wire):
    """A door with room for ten, and what it told of those beyond."""

    full: list[str] = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def connected(self, says: bytes = b"") -> asyncio.StreamReader:
        """Connect, say something and stay."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writers.append(writer)
        writer.write(says)
        if says == ALIVE:
            assert await reader.readuntil(b"}")
        return reader


@contextlib.asynccontextmanager
async def opened(most: int) -> AsyncIterator[House]:
    """Open it for so many; whoever stayed is let go at the end."""
    async with contextlib.AsyncExitStack() as stack:
        door = Door.opened(ManualClock())
        bound = stack.enter_context(listen("127.0.0.1", 0))
        there = House(door, bound.getsockname()[1])
        patience = Patience(most=most)
        await serve_app(door.app, bound, stack, patience=patience, full=there.full.append)
        try:
            yield there
        finally:
            for writer in there.writers:
                writer.close()


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """Open it for ten."""
    async with opened(MOST) as there:
        yield there


async def test_who_says_nothing_makes_room_for_a_delivery(house: House) -> None:
    """A hundred strangers who connect and are silent keep no webhook out, for not a second."""
    with capture_logs() as logs:
        strangers = [await house.connected(b"POST /web") for _ in range(100)]
        said = await house.send(house.request())

    assert (said.status, said.kind) == (200, "stored")
    gone = [await asyncio.wait_for(one.read(), 5) for one in strangers[:90]]
    assert gone == [b""] * 90, "the oldest go first"
    assert not any(one.at_eof() for one in strangers[-5:])
    assert set(house.full) == {"closed"}
    assert [line["event"] for line in logs] == ["connections.full"], "one line, not a hundred"


async def test_where_all_have_spoken_the_next_is_told_to_come_again(house: House) -> None:
    """By the status that Chatwoot tries again; once somebody goes there is room."""
    for _ in range(MOST):
        await house.connected(ALIVE)
    said = await house.send(house.request())

    assert (said.status, said.kind) == (429, "too_many_connections")
    assert "Retry-After: 3" in said.head
    assert "Connection: close" in said.head
    assert house.full == ["refused"]
    assert house.door.mailbox.delivered == []

    house.writers.pop().close()
    await asyncio.sleep(0.05)
    assert (await house.send(house.request(TEXT))).kind == "stored"


async def test_as_many_as_there_may_be_are_left_alone(house: House) -> None:
    """The last one that fits is answered and kept, and nobody hears of a full house."""
    for _ in range(MOST - 1):
        await house.connected(ALIVE)
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    for _ in range(3):
        writer.write(ALIVE)
        assert b"live" in await reader.readuntil(b"}")
    writer.close()

    assert house.full == []


@pytest.mark.parametrize("left", [0, 1])
async def test_of_deliveries_that_come_at_once_none_is_reset(left: int) -> None:
    """Each that finds no place is told to come again: what was reset Chatwoot never repeats."""
    async with opened(4 * MOST) as house:
        for _ in range(4 * MOST - left):
            await house.connected(ALIVE)
        said = await asyncio.gather(*(house.send(house.request()) for _ in range(5)))

        assert sorted(one.status for one in said) == [200] * left + [429] * (5 - left)
        assert house.full == ["refused"] * (5 - left)


async def test_who_waits_to_be_refused_lets_nobody_in_beyond_the_bound(house: House) -> None:
    """A place is taken by who speaks, in whatever order they came."""
    for _ in range(MOST):
        await house.connected(ALIVE)
    for _ in range(3):
        await house.connected()
        said = await house.send(house.request())
        assert (said.status, said.kind) == (429, "too_many_connections")


async def test_who_said_nothing_for_long_takes_no_place_from_who_speaks(house: House) -> None:
    """Strangers fill the house to its door; as many deliveries as there may be are answered."""
    for _ in range(MOST + 1):
        await house.connected()
    for _ in range(MOST):
        await house.connected(ALIVE)

    assert set(house.full) == {"closed"}
