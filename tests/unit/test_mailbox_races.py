"""What two connections at once may do to the mailbox, and what a bad row may not."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chatcrew.database import Database
from chatcrew.errors import StoreError
from chatcrew.mailbox import PostgresMailbox, PutResult
from chatcrew.messages import ActKind, Delivery, PlannedPart
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import REPLIED, Stores, Talk


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that the test moves."""
    return ManualClock()


@pytest.fixture
def stores(database: Database, clock: ManualClock) -> Stores:
    """Give the stores on PostgreSQL."""
    return Stores.on_postgres(database, clock)


async def waiting_for_a_lock(database: Database, *, backends: int) -> None:
    """Return when so many backends of this database wait for a lock."""
    query = text(
        "select count(*) from pg_stat_activity "
        "where datname = current_database() and wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(10):
        while True:
            async with database.connect() as connection:
                if await connection.scalar(query) >= backends:
                    return
            await asyncio.sleep(0.01)


async def test_a_put_between_the_claim_and_the_settle_keeps_its_wake_up(database, stores, clock):
    """The settle waits for the put's row lock, then sees its arrival (design §3).

    A settle that asked the events by a subselect would read the snapshot from before the put.
    """
    talk = Talk(clock)
    await stores.mailbox.put(talk.says("Oi"))
    await clock.advance(1)
    (claim,) = await stores.mailbox.claim("w1", limit=1)

    async with database.begin() as connection:
        # the put, halfway: its row is written and not committed yet
        await connection.execute(text("update conversation set arrivals = arrivals + 1"))
        settling = asyncio.create_task(
            stores.mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)
        )
        await waiting_for_a_lock(database, backends=1)
        assert not settling.done()

    assert await settling is True
    assert (await stores.mailbox.state(talk.id)).due_at is not None


async def test_a_subselect_on_the_events_would_lose_that_wake_up(database, stores, clock):
    """Why settle compares ``arrivals``: the other way was tried, and this is what it does."""
    talk = Talk(clock)
    await stores.mailbox.put(talk.says("Oi"))
    await clock.advance(1)
    await stores.mailbox.claim("w1", limit=1)
    by_subselect = text("""
        update conversation set due_at = null
        where not exists (select from event where event.bot = conversation.bot
                          and event.number = conversation.number and turn_id is null)
    """)

    async def settle() -> int:
        async with database.begin() as connection:
            return (await connection.execute(by_subselect)).rowcount

    async with database.begin() as connection:
        await connection.execute(text("update conversation set arrivals = arrivals + 1"))
        await connection.execute(
            text(
                "insert into event (bot, number, account, kind, name, received_at) "
                "select bot, number, account, 'message', 'x', now() from conversation"
            )
        )
        settling = asyncio.create_task(settle())
        await waiting_for_a_lock(database, backends=1)

    assert await settling == 1
    assert (await stores.mailbox.state(talk.id)).due_at is None


async def test_writers_that_meet_the_same_conversations_never_deadlock(database, clock):
    """Keys are sorted before they are written, so the order of arrival does not matter."""
    talks = [Talk(clock, number=number) for number in range(1, 9)]
    for talk in talks:
        await PostgresMailbox(database, clock).put(talk.says("Oi"))
    writers = [PostgresMailbox(database, clock) for _ in range(3)]

    for _ in range(15):
        forward = [talk.says("a") for talk in talks]
        backward = [talk.says("b") for talk in reversed(talks)]
        mixed = [talk.says("c") for talk in talks[::2] + talks[1::2]]
        results = await asyncio.gather(
            *(
                writer.put(delivery)
                for writer, deliveries in zip(writers, (forward, backward, mixed), strict=True)
                for delivery in deliveries
            )
        )
        assert set(results) == {PutResult.STORED}

    async with database.connect() as connection:
        deadlocks = await connection.scalar(
            text("select deadlocks from pg_stat_database where datname = current_database()")
        )
    assert deadlocks == 0


@pytest.mark.parametrize("ordered", [True, False], ids=["sorted", "unsorted"])
async def test_upserts_deadlock_exactly_when_they_are_not_sorted(database, ordered):
    """Two writers, two keys: the case that the sorting is for."""
    upsert = text(
        "insert into seen (bot, key, at) values ('b', :key, now()) on conflict do nothing"
    )
    met = asyncio.Barrier(2)

    async def write(keys: list[str]) -> None:
        async with database.begin() as connection:
            await connection.execute(upsert, {"key": keys[0]})
            if not ordered:
                await met.wait()
            await connection.execute(upsert, {"key": keys[1]})

    results = await asyncio.gather(
        write(["1", "2"]), write(["1", "2"] if ordered else ["2", "1"]), return_exceptions=True
    )

    failures = [item for item in results if isinstance(item, DBAPIError)]
    assert [failure.orig.sqlstate for failure in failures] == ([] if ordered else ["40P01"])


async def test_a_bad_delivery_fails_alone(stores, clock):
    """The others of its group are stored (design §3: retried one by one)."""
    talks = [Talk(clock, number=number) for number in range(1, 21)]
    deliveries: list[Delivery] = [talk.says("Oi") for talk in talks]
    line = replace(deliveries[7].change.line, message_id=2**70)
    change = replace(deliveries[7].change, line=line)
    deliveries[7] = replace(deliveries[7], change=change)

    results = await asyncio.gather(
        *(stores.mailbox.put(item) for item in deliveries), return_exceptions=True
    )

    assert isinstance(results[7], StoreError)
    assert set(results[:7] + results[8:]) == {PutResult.STORED}
    await clock.advance(1)
    assert len(await stores.mailbox.claim("w1", limit=50)) == 19


async def test_puts_that_wait_are_written_together(database, clock):
    """64 callers cost a few transactions, not 64 (design §3: group commit)."""
    mailbox = PostgresMailbox(database, clock)
    # 64 connections at most, and each transaction of the put leaves its id on its rows
    await asyncio.gather(*(mailbox.put(Talk(clock, number=n).says("Oi")) for n in range(1, 65)))
    async with database.connect() as connection:
        groups = await connection.scalar(text("select count(distinct xmin::text) from event"))
    assert groups <= 3


async def test_a_put_that_waited_for_the_row_builds_on_what_it_became(database, stores, clock):
    """Keys and row are asked for at once; the row is the one that the lock gave."""
    talk = Talk(clock)
    await stores.mailbox.put(talk.says("Oi"))
    async with database.begin() as connection:
        await connection.execute(text("update conversation set arrivals = arrivals + 5"))
        putting = asyncio.create_task(stores.mailbox.put(talk.says("E sábado?")))
        await waiting_for_a_lock(database, backends=1)
    assert await putting is PutResult.STORED
    assert (await stores.mailbox.state(talk.id)).arrivals == 7


async def test_duplicates_in_one_group_are_stored_once(stores, clock):
    """Chatwoot sends the same message by two webhooks within a millisecond (contract §1.6)."""
    delivery = Talk(clock).says("Oi")
    results = await asyncio.gather(*(stores.mailbox.put(delivery) for _ in range(10)))
    assert sorted(results) == [PutResult.DUPLICATE] * 9 + [PutResult.STORED]


async def test_the_same_delivery_at_two_processes_is_stored_once(database, clock):
    """The second waits for the first's commit and finds the key."""
    delivery = Talk(clock).says("Oi")
    writers = [PostgresMailbox(database, clock) for _ in range(4)]
    results = await asyncio.gather(*(writer.put(delivery) for writer in writers))
    assert sorted(results) == [PutResult.DUPLICATE] * 3 + [PutResult.STORED]


async def test_two_workers_never_get_the_same_conversation(database, clock):
    """``skip locked``: each takes others, and none waits."""
    mailboxes = [PostgresMailbox(database, clock) for _ in range(4)]
    for number in range(1, 41):
        await mailboxes[0].put(Talk(clock, number=number).says("Oi"))
    await clock.advance(1)

    taken = await asyncio.gather(*(mailbox.claim("w", limit=10) for mailbox in mailboxes))
    while more := await mailboxes[0].claim("w", limit=10):
        taken.append(more)

    numbers = [claim.key.conversation.number for claims in taken for claim in claims]
    assert sorted(numbers) == list(range(1, 41))


async def test_two_decisions_at_once_make_one(stores, clock):
    """A caller that repeats a decide whose answer was slow does not double the parts."""
    talk = Talk(clock)
    await stores.mailbox.put(talk.says("Oi"))
    await clock.advance(1)
    (claim,) = await stores.mailbox.claim("w1", limit=1)
    plan = [PlannedPart(ActKind.MESSAGE, {"content": "Olá!"})]
    decisions = await asyncio.gather(
        *(stores.outbox.decide(claim.key, plan, REPLIED) for _ in range(4))
    )
    assert [decision == decisions[0] for decision in decisions] == [True] * 4
    assert len(decisions[0]) == 1


async def test_without_a_database_a_put_fails_and_nothing_hangs(database_url, clock):
    """The webhook answers 500 and Chatwoot tries again."""
    database = await Database.open(database_url, pool_size=1, overflow=0, pool_timeout=0.2)
    mailbox = PostgresMailbox(database, clock)
    await mailbox.put(Talk(clock).says("Oi"))
    async with database.begin():  # the only connection is taken
        results = await asyncio.gather(
            *(mailbox.put(Talk(clock, number=n).says("Oi")) for n in range(5)),
            return_exceptions=True,
        )
    assert all(isinstance(item, StoreError) for item in results)
    assert await mailbox.put(Talk(clock, number=9).says("Oi")) is PutResult.STORED
    await mailbox.close()
    await database.close()
