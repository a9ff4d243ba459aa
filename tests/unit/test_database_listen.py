"""Notifications: delivered in order, and never missed without a word."""

import asyncio

import pytest
from sqlalchemy import text

from chatcrew.database import Database, Notification
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
