"""What happens between a claim's look and its lock, on PostgreSQL: there they are two moments."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.mailbox import Claims
from chatcrew.messages import ActKind, PlannedPart, Timing, TurnState
from chatcrew.testing.stores import REPLIED, Stores, Talk, claimed, texts

CLAIMER = "claimer"
GATE = 4711
REPLY = (PlannedPart(ActKind.MESSAGE, {"content": "Olá!"}),)

# Whoever is called so stops at each row that it looks at, as long as the gate is shut
_HANG_GATE: Sequence[str] = (
    f"""
    create function gate() returns boolean language plpgsql as $body$
    begin
        if current_setting('application_name') = '{CLAIMER}' then
            perform pg_advisory_lock_shared({GATE}), pg_advisory_unlock_shared({GATE});
        end if;
        return true;
    end
    $body$
    """,
    "create policy gate on conversation using (gate())",
    "alter table conversation enable row level security, force row level security",
)
_REMOVE_GATE: Sequence[str] = (
    "alter table conversation no force row level security, disable row level security",
    "drop policy gate on conversation",
    "drop function gate()",
)
_AT_THE_GATE = text("""
    select exists(select from pg_locks where locktype = 'advisory' and not granted
                  and database = (select oid from pg_database where datname = current_database()))
""")


@pytest.fixture
def talk(clock) -> Talk:
    """Give a conversation that is due as soon as somebody writes."""
    return Talk(clock, timing=Timing(quiet=0.0))


@pytest.fixture
def stores(database, clock) -> Stores:
    """Give the stores on PostgreSQL."""
    return Stores.on_postgres(database, clock)


@asynccontextmanager
async def claiming(database: Database, clock) -> AsyncIterator["asyncio.Task[Claims]"]:
    """Give a claim that has looked and not yet locked; it goes on at the end of the block."""
    async with await Database.open(database.address, name=CLAIMER, pool_size=1) as other:
        mailbox = Stores.on_postgres(other, clock).mailbox
        async with database.begin() as connection:
            for step in _HANG_GATE:
                await connection.execute(text(step))
        try:
            async with database.alone() as keeper:
                await keeper.execute(text(f"select pg_advisory_lock({GATE})"))
                task = asyncio.create_task(mailbox.claim("w2", limit=5))
                while not await keeper.scalar(_AT_THE_GATE):
                    assert not task.done()
                    await asyncio.sleep(0.005)
                yield task
                await keeper.execute(text(f"select pg_advisory_unlock({GATE})"))
            await task
        finally:
            async with database.begin() as connection:
                for step in _REMOVE_GATE:
                    await connection.execute(text(step))


async def test_input_between_look_and_lock_is_left_whole_to_the_next_claim(
    database, stores, mailbox, talk, clock
):
    """Counted as taken without being in the burst, it would be answered by nobody (S1-74)."""
    await mailbox.put(talk.says("Oi"))
    async with claiming(database, clock) as claim:
        await mailbox.put(talk.says("e quanto custa?"))
    assert claim.result() == []
    assert claim.result().next_due == clock.now()

    (again,) = await mailbox.claim("w2", limit=5)
    assert texts(again) == ["Oi", "e quanto custa?"]
    assert (again.attempts, again.arrivals) == (1, 2)
    assert await mailbox.settle(again.key, REPLIED, arrivals=again.arrivals) is False


async def test_input_of_one_conversation_keeps_no_other_from_being_claimed(
    database, stores, mailbox, talk, clock
):
    """Only the one that changed waits for the next claim."""
    other = Talk(clock, number=2, timing=talk.timing)
    await mailbox.put(talk.says("Oi"))
    await mailbox.put(other.says("Bom dia"))
    async with claiming(database, clock) as claim:
        await mailbox.put(talk.says("e quanto custa?"))
    assert [texts(one) for one in claim.result()] == [["Bom dia"]]
    assert claim.result().next_due == clock.now()
    assert [texts(one) for one in await mailbox.claim("w2", limit=5)] == [["Oi", "e quanto custa?"]]


async def test_a_turn_decided_between_look_and_lock_is_only_delivered(
    database, stores, mailbox, talk, clock
):
    """Its worker was slow, not dead; what came meanwhile is the next turn's (S4-45)."""
    await mailbox.put(talk.says("Oi"))
    slow = await claimed(stores, clock)
    await clock.advance(31)
    await mailbox.put(talk.says("Alô?"))
    async with claiming(database, clock) as claim:
        await stores.outbox.decide(slow.key, REPLY, REPLIED)

    (again,) = claim.result() or await mailbox.claim("w2", limit=5)
    assert (again.key.turn_id, again.turn_state) == (slow.key.turn_id, TurnState.DECIDED)
    assert texts(again) == ["Oi"]
    assert await mailbox.settle(again.key, None, arrivals=again.arrivals) is True
    assert texts(await claimed(stores, clock)) == ["Alô?"]
