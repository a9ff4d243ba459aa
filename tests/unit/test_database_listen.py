"""Notifications: delivered in order, and never missed without a word."""

import asyncio

import asyncpg
import pytest
from sqlalchemy import text

from chatcrew.database import Database, Notification
from chatcrew.database._listen import Listener
from chatcrew.errors import StoreError

MISSED = Notification("", "", missed=True)


async def notify(database: Database, channel: str, payload: str) -> None:
    """Send one notification."""
    async with database.begin() as connection:
        await connection.execute(
            text("select pg_notify(:channel, :payload)"), {"channel": channel, "payload": payload}
        )


async def test_the_first_item_says_look_once_and_then_notes_arrive(database: Database) -> None:
    """From the first item on nothing is missed, so looking at the tables then closes the gap."""
    async with database.listen("one", "two") as notes:
        assert await notes.next(within=10) == MISSED
        await notify(database, "one", "a")
        await notify(database, "two", "b")
        await notify(database, "three", "not ours")
        await notify(database, "one", "c")
        assert [await notes.next(within=10) for _ in range(3)] == [
            Notification("one", "a"),
            Notification("two", "b"),
            Notification("one", "c"),
        ]


async def test_it_is_an_iterator(database: Database) -> None:
    """A loop over the subscription gets the same items."""
    seen = []
    async with database.listen("one") as notes:
        async for note in notes:
            seen.append(note)
            if not note.missed:
                break
            await notify(database, "one", "a")
    assert seen == [MISSED, Notification("one", "a")]


async def test_waiting_can_time_out_and_loses_nothing(database: Database) -> None:
    """A caller that also wakes by time keeps its subscription."""
    async with database.listen("one") as notes:
        await notes.next(within=10)
        with pytest.raises(TimeoutError):
            await notes.next(within=0.01)
        await notify(database, "one", "a")
        assert await notes.next(within=10) == Notification("one", "a")


async def test_a_lost_connection_is_made_again_and_told(database: Database) -> None:
    """After a reconnect the caller is told to look, and then gets notes as before."""
    async with database.listen("one") as notes:
        await notes.next(within=10)
        async with database.begin() as connection:
            await connection.execute(
                text(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database() and application_name like '%-listen'"
                )
            )
        assert await notes.next(within=10) == MISSED
        await notify(database, "one", "a")
        assert await notes.next(within=10) == Notification("one", "a")


async def test_who_cannot_keep_up_is_told_to_look(database: Database) -> None:
    """Memory is bounded: beyond ten thousand waiting notes they become one 'look'."""
    async with database.listen("one") as notes:
        await notes.next(within=10)
        async with database.begin() as connection:
            await connection.execute(
                text("select pg_notify('one', n::text) from generate_series(1, 10001) n")
            )
        await notify(database, "one", "last")
        async with asyncio.timeout(20):
            while True:  # until it has arrived, behind all of those, which nobody reads
                if notes._waiting and notes._waiting[-1].payload == "last":
                    break
                await asyncio.sleep(0.01)
        assert await notes.next() == MISSED
        assert await notes.next() == Notification("one", "last")


async def test_leaving_ends_the_connection(database: Database) -> None:
    """A closed subscription leaves no connection behind on the server, and says it is closed."""
    async with database.listen("one") as notes:
        await notes.next(within=10)
    with pytest.raises(StoreError, match="nothing listens"):
        await notes.next()
    count = text(
        "select count(*) from pg_stat_activity"
        " where datname = current_database() and application_name like '%-listen'"
    )
    async with asyncio.timeout(5):
        while True:
            async with database.begin() as connection:
                if await connection.scalar(count) == 0:
                    return
            await asyncio.sleep(0.01)


class Exposed(Listener):
    """Shows its connection, so that a test can lose it."""

    connection: asyncpg.Connection

    async def _until_lost(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        await super()._until_lost(connection)


@pytest.mark.parametrize("steps", range(8))
async def test_it_ends_though_its_connection_is_lost_in_that_very_moment(
    database: Database, steps: int
) -> None:
    """A killed supervisor takes the database along and stops the worker: both at once."""

    async def lose_and_leave() -> None:
        async with Exposed(database.address, ["one"], name="test") as notes:
            await notes.next()
            await asyncio.sleep(0)
            notes.connection.terminate()
            for _ in range(steps):
                await asyncio.sleep(0)

    ended, _ = await asyncio.wait({asyncio.create_task(lose_and_leave())}, timeout=5)
    assert ended
