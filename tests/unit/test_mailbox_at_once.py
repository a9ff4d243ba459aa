"""A put in one statement writes everything or nothing, whatever others do meanwhile (ADR 0039)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.mailbox import PostgresMailbox, PutResult
from chatcrew.mailbox._look_sql import Look, look
from chatcrew.mailbox._put_sql import write_at_once
from chatcrew.messages import Claim, Delivery, Silence
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import REPLIED, Stores, Talk

TABLES = ("conversation", "event", "message", "seen", "outbox_part", "conversation_move", "rating")


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that the test moves."""
    return ManualClock()


@pytest.fixture
def stores(database: Database, clock: ManualClock) -> Stores:
    """Give the stores on PostgreSQL."""
    return Stores.on_postgres(database, clock)


@pytest.fixture
def talk(clock: ManualClock) -> Talk:
    """Give a conversation."""
    return Talk(clock)


async def looked_at(database: Database, *deliveries: Delivery) -> Look:
    """Look at a group as a put does."""
    async with database.quick_alone() as connection:
        return await look(connection, deliveries)


async def written(
    database: Database, clock: ManualClock, looked: Look, *deliveries: Delivery
) -> Sequence[PutResult] | None:
    """Write a group as a put does first; None: it was refused."""
    async with database.quick_alone() as connection:
        done = await write_at_once(connection, deliveries, looked, clock.now(), keys=database.keys)
    return done[0] if done is not None else None


async def everything(database: Database) -> dict[str, list[str]]:
    """Return all rows with the transaction that wrote them."""
    found = {}
    async with database.connect() as connection:
        for table in TABLES:
            rows = await connection.execute(
                text(f"select xmin || ' ' || t::text from {table} t order by 1")
            )
            found[table] = list(rows.scalars())
    return found


async def waiting_for_a_lock(database: Database) -> None:
    """Return when a backend of this database waits for a lock."""
    query = text(
        "select count(*) from pg_stat_activity "
        "where datname = current_database() and wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(10):
        while True:
            async with database.connect() as connection:
                if await connection.scalar(query):
                    return
            await asyncio.sleep(0.01)


async def test_one_statement_writes_row_keys_history_and_input(database, stores, talk, clock):
    """All of it in one transaction of its own, with nothing locked before."""
    await stores.mailbox.put(talk.says("Oi"))
    delivery = talk.says("E sábado?")

    looked = await looked_at(database, delivery)
    assert await written(database, clock, looked, delivery) == [PutResult.STORED]

    found = await everything(database)
    (row,) = found["conversation"]
    mine = row.split()[0]
    count = {table: sum(one.split()[0] == mine for one in found[table]) for table in TABLES}
    assert count == dict.fromkeys(TABLES, 0) | {
        "conversation": 1,
        "event": 1,
        "message": 1,
        "seen": len(delivery.keys()),
    }


async def test_a_new_conversation_is_made_by_the_same_statement(database, talk, clock):
    """Its row, and that it was opened, which the figures count."""
    delivery = talk.says("Oi")
    looked = await looked_at(database, delivery)
    assert await written(database, clock, looked, delivery) == [PutResult.STORED]
    found = await everything(database)
    assert [len(found[table]) for table in TABLES[:3]] == [1, 1, 1]
    assert len(found["conversation_move"]) == 1
    assert len({row.split()[0] for table in TABLES for row in found[table]}) == 1


CHANGES: dict[str, Callable[[Stores, Talk, Claim], Awaitable[Any]]] = {
    "settle": lambda stores, _, claim: stores.mailbox.settle(claim.key, None, arrivals=0),
    "renew": lambda stores, _, claim: stores.mailbox.renew(claim),
    "release": lambda stores, _, claim: stores.mailbox.release(claim, retry_in=1.0),
    "put": lambda stores, talk, _: stores.mailbox.put(talk.says("De outro processo")),
    "silence": lambda stores, _, claim: stores.mailbox.set_silence(claim.key, Silence.COMMAND),
    "wake": lambda stores, talk, _: stores.mailbox.wake(talk.id, key="k", payload={}),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_whoever_changes_the_row_first_makes_it_write_nothing(
    database, stores, talk, clock, change
):
    """Not a key, not a line: the put then does it again with the row locked."""
    await stores.mailbox.put(talk.says("Oi"))
    await clock.advance(6)
    (claim,) = await stores.mailbox.claim("w1", limit=1)
    delivery = talk.says("E sábado?")
    looked = await looked_at(database, delivery)

    await CHANGES[change](stores, talk, claim)

    before = await everything(database)
    assert await written(database, clock, looked, delivery) is None
    assert await everything(database) == before
    arrivals = (await stores.mailbox.state(talk.id)).arrivals
    assert await stores.mailbox.put(delivery) is PutResult.STORED
    assert (await stores.mailbox.state(talk.id)).arrivals == arrivals + 1


async def test_a_claim_in_between_makes_it_write_nothing(database, stores, talk, clock):
    """Else it would take the lease away again, and two workers would answer."""
    await stores.mailbox.put(talk.says("Oi"))
    await clock.advance(6)
    delivery = talk.says("E sábado?")
    looked = await looked_at(database, delivery)
    (claim,) = await stores.mailbox.claim("w1", limit=1)
    assert await written(database, clock, looked, delivery) is None
    assert await stores.mailbox.put(delivery) is PutResult.STORED
    assert await stores.mailbox.claim("w2", limit=1) == []
    assert await stores.mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals) is True


@pytest.mark.parametrize("changed", [True, False], ids=["changed", "only locked"])
@pytest.mark.parametrize("several", [True, False], ids=["several", "one"])
async def test_who_waits_for_a_row_looks_at_what_it_became(
    database, stores, clock, changed, several
):
    """PostgreSQL compares the version again after the wait (READ COMMITTED)."""
    talks = [Talk(clock, number=number) for number in range(1, 4 if several else 2)]
    for one in talks:
        await stores.mailbox.put(one.says("Oi"))
    deliveries = [one.says("E sábado?") for one in talks]
    looked = await looked_at(database, *deliveries)
    async with database.begin() as connection:
        sql = "select from conversation where number = 1 for update"
        if changed:
            sql = "update conversation set swept_id = 0 where number = 1"
        await connection.execute(text(sql))
        before = await everything(database)
        writing = asyncio.create_task(written(database, clock, looked, *deliveries))
        await waiting_for_a_lock(database)

    results = await writing
    if changed:
        assert results is None
        found = await everything(database)
        assert {**found, "conversation": []} == {**before, "conversation": []}
    else:
        assert results == [PutResult.STORED] * len(talks)


async def test_of_a_group_nothing_is_written_where_one_row_changed(database, stores, clock):
    """The others wait for the second try, too."""
    talks = [Talk(clock, number=number) for number in range(1, 5)]
    for one in talks:
        await stores.mailbox.put(one.says("Oi"))
    deliveries = [one.says("E sábado?") for one in talks]
    looked = await looked_at(database, *deliveries)
    await stores.mailbox.put(talks[2].says("Antes"))
    before = await everything(database)
    assert await written(database, clock, looked, *deliveries) is None
    assert await everything(database) == before
    looked = await looked_at(database, *deliveries)
    assert await written(database, clock, looked, *deliveries) == [PutResult.STORED] * 4


async def test_a_delivery_that_another_process_stored_meanwhile_is_a_duplicate(
    database, stores, talk, clock
):
    """Both for a conversation that is known and for one that both make."""
    for delivery in (talk.says("Oi"), talk.says("E sábado?")):
        looked = await looked_at(database, delivery)
        assert await stores.mailbox.put(delivery) is PutResult.STORED
        before = await everything(database)
        assert await written(database, clock, looked, delivery) is None
        assert await stores.mailbox.put(delivery) is PutResult.DUPLICATE
        assert await everything(database) == before


async def test_a_key_that_another_conversation_noted_makes_it_write_nothing(
    database, stores, talk, clock
):
    """No row changed, and yet it is known: the whole statement is undone."""
    await stores.mailbox.put(talk.says("Oi"))
    delivery = talk.says("E sábado?")
    looked = await looked_at(database, delivery)
    other = Talk(clock, number=7).says("Olá", message_id=delivery.change.line.message_id)
    assert await stores.mailbox.put(other) is PutResult.STORED
    before = await everything(database)
    assert await written(database, clock, looked, delivery) is None
    assert await everything(database) == before
    assert await stores.mailbox.put(delivery) is PutResult.DUPLICATE


async def test_a_known_delivery_is_refused_by_the_look_alone(database, stores, talk, clock):
    """Nothing is written for it, and no transaction begun."""
    delivery = talk.says("Oi")
    await stores.mailbox.put(delivery)
    looked = await looked_at(database, delivery)
    before = await everything(database)
    assert await written(database, clock, looked, delivery) == [PutResult.DUPLICATE]
    assert await everything(database) == before


async def test_what_is_rare_goes_the_long_way(database, stores, talk, clock):
    """Deletions, ratings, and a message with its own receipt need statements of their own."""
    first = talk.says("Oi")
    await stores.mailbox.put(first)
    number = first.change.line.message_id
    reply = talk.echo("Olá!", tag=None)
    together = (reply, talk.receipt(reply.change.line.message_id, "read"))
    for group in ((talk.deletes(number),), (talk.rates(number, 5),), together):
        looked = await looked_at(database, *group)
        assert await written(database, clock, looked, *group) is None


async def test_a_person_who_speaks_first_is_counted(database, stores, talk):
    """The figures count a person's first word when the row changes, so it must be there before."""
    await stores.mailbox.put(talk.person("Bom dia, aqui é a Ana"))
    async with database.connect() as connection:
        kinds = await connection.scalars(text("select kind from conversation_move order by id"))
    assert sorted(kinds) == ["pending", "spoke"]


async def test_processes_and_workers_at_once_lose_nothing_and_never_deadlock(database, clock):
    """Every message is stored once though each comes twice, and each turn takes its own."""
    talks = [Talk(clock, number=number) for number in range(1, 6)]
    processes = [PostgresMailbox(database, clock) for _ in range(3)]
    answered: list[int] = []
    puts = [[one.says(f"{turn}") for one in talks] for turn in range(12)]

    async def work(name: str, ended: asyncio.Event) -> None:
        while not ended.is_set():
            for claim in await processes[2].claim(name, limit=2):
                answered.extend(item.event_id for item in claim.burst)
                await processes[2].settle(claim.key, REPLIED, arrivals=claim.arrivals)
            await asyncio.sleep(0)

    ended = asyncio.Event()
    workers = [asyncio.create_task(work(name, ended)) for name in ("w1", "w2")]
    results: list[PutResult] = []
    for wave in puts:
        await clock.advance(6)
        results += await asyncio.gather(
            *(processes[0].put(one) for one in wave),
            *(processes[1].put(one) for one in reversed(wave)),
        )
    ended.set()
    await asyncio.gather(*workers)
    await clock.advance(6)
    while claims := await processes[2].claim("w3", limit=9):
        for claim in claims:
            answered.extend(item.event_id for item in claim.burst)
            await processes[2].settle(claim.key, REPLIED, arrivals=claim.arrivals)

    assert results.count(PutResult.STORED) == results.count(PutResult.DUPLICATE) == 60
    assert len(answered) == len(set(answered)) == 60
    async with database.connect() as connection:
        deadlocks = await connection.scalar(
            text("select deadlocks from pg_stat_database where datname = current_database()")
        )
        assert deadlocks == 0
        assert await connection.scalar(text("select sum(arrivals) from conversation")) == 60
