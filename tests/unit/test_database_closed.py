"""Whoever hangs up is a database that went away, whichever event loop says so in its own words."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import uvloop

from chatcrew.database._addresses import was_closed
from chatcrew.database._failures import while_connected
from chatcrew.database._pool import Pool
from chatcrew.errors import StoreError


def hang_up() -> RuntimeError:
    """Return what uvloop says to somebody who writes to a connection that has just been closed."""

    async def talk() -> RuntimeError:
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "s")
            server = await asyncio.start_unix_server(lambda _, writer: writer.close(), path)
            async with server:
                _, writer = await asyncio.open_unix_connection(path)
                writer.transport.abort()
                await asyncio.sleep(0)
                try:
                    while True:
                        writer.transport.write(b"?")
                        await asyncio.sleep(0)
                except RuntimeError as error:
                    return error

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(talk())


def test_a_closed_connection_is_a_database_that_went_away() -> None:
    """The driver passes the loop's error on; nobody above knows loops."""
    said = hang_up()
    assert was_closed(said)
    with pytest.raises(StoreError, match="went away"), while_connected():
        raise said


@pytest.mark.parametrize(
    "said", [asyncpg.InternalClientError, asyncpg.InterfaceError, ConnectionResetError]
)
def test_what_the_driver_says_of_a_killed_server_is_one_that_went_away(
    said: type[Exception],
) -> None:
    """An answer that broke off was taken for the failure of the tool that was being noted (N3)."""
    with pytest.raises(StoreError, match="went away"), while_connected():
        raise said("got result for unknown protocol state 3")


class _Broken:
    """A driver whose server was killed in the middle of an answer, and SQLAlchemy's cover of it."""

    driver_connection: "_Broken"

    def __init__(self) -> None:
        self.driver_connection = self
        self.terminated = False

    async def get_raw_connection(self) -> "_Broken":
        """Return itself: one object is both."""
        return self

    async def close(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the driver's
        """Say what the driver says, where it is asked as the driver."""
        if timeout is not None:
            raise asyncpg.InternalClientError("got result for unknown protocol state 3")

    def terminate(self) -> None:
        """Close without a word."""
        self.terminated = True


async def test_a_connection_that_cannot_even_be_closed_costs_no_place() -> None:
    """Its user was cancelled; the next one gets another in its place (N3)."""
    opened: list[_Broken] = []

    async def open_one() -> Any:
        opened.append(_Broken())
        return opened[-1]

    pool = Pool(open_one, size=1, most=1, timeout=0.5)
    with pytest.raises(asyncio.CancelledError):
        async with pool.take():
            raise asyncio.CancelledError
    with pytest.raises(asyncio.CancelledError):
        async with pool.take():
            raise asyncio.CancelledError
    await pool.close()

    assert [one.terminated for one in opened] == [True, True]


def test_any_other_error_of_a_running_program_stays_what_it_is() -> None:
    """A mistake of ours is not hidden as an outage."""
    with pytest.raises(RuntimeError, match="dictionary changed"), while_connected():
        raise RuntimeError("dictionary changed size during iteration")
