"""What others do to memory's rows on PostgreSQL meanwhile, and what somebody did who may not."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.ids import ConversationId
from chatcrew.memory import PostgresMemory
from chatcrew.messages import Noted, Person
from chatcrew.privacy._seal import MARK

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
TALK = ConversationId("acme", "acme-bot", 7)
ANA = Person("health/varizemed", "acme", 501)


async def noted(store: PostgresMemory, *, talk: ConversationId = TALK) -> None:
    """Note a turn of hers."""
    await store.note(Noted(talk, 1, ANA, up_to=11, remember=True), now=NOW, keep_days=365)


async def test_a_summary_that_does_not_open_keeps_no_other_work_back(database: Database) -> None:
    """It comes back with its lease's end; what was claimed with it is done meanwhile (S1-76)."""
    store = PostgresMemory(database)
    other = ConversationId("acme", "acme-bot", 8)
    await noted(store)
    await noted(store, talk=other)
    spoil = text("update episode_memory set summary = :other where number = :number")
    async with database.begin() as connection:
        await connection.execute(spoil, {"other": f"{MARK}AAAA", "number": TALK.number})

    (work,) = await store.claim(now=NOW, limit=9)
    assert work.conversation == other
    assert await store.finish(work, now=NOW)
    assert not await store.claim(now=NOW, limit=9)


async def test_what_is_kept_at_the_very_moment_of_an_erasure_is_erased_too(
    database: Database,
) -> None:
    """Work that holds its row when the erasure comes is waited for, and forgotten with it (N8)."""
    store = PostgresMemory(database)
    await noted(store)
    at_a_lock = text(
        "select exists(select from pg_stat_activity "
        "where datname = current_database() and wait_event_type = 'Lock')"
    )
    async with database.alone() as watching, asyncio.timeout(10):
        async with database.begin() as working:
            # a work that ends: its row is written, and then what it found, not committed yet
            await working.execute(text("update episode_memory set lease_until = null"))
            await working.execute(
                text("""
                    insert into contact_fact (tenant, account, contact, kind, body, conversation,
                                              message_id, confidence, created_at, expires_at)
                    values (:tenant, :account, :contact, 'fact', 'Gosta de chá.', :talk,
                            11, 1, :now, :expires)
                """),
                {
                    "tenant": ANA.tenant,
                    "account": ANA.account,
                    "contact": ANA.contact,
                    "talk": str(TALK),
                    "now": NOW,
                    "expires": NOW + timedelta(days=1),
                },
            )
            erasing = asyncio.create_task(store.erase(ANA))
            while not await watching.scalar(at_a_lock):
                await asyncio.sleep(0.01)
        assert (await erasing).facts == 1
    assert await store.facts(ANA, now=NOW) == ()
