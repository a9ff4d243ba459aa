"""Webhooks during an erasure are taken; after it they name to nobody who was erased (N8)."""

import asyncio
from datetime import timedelta

from sqlalchemy import text
from tests.contract.analytics_rows import NOW, Records

from chatcrew.analytics import PostgresFacts
from chatcrew.audit import PostgresAudit
from chatcrew.database import Database
from chatcrew.lgpd import HousePrivacy, Kept, Searcher, given, sentences
from chatcrew.lgpd._opening import Row, Unreadable, opened_with
from chatcrew.lgpd._words_sql import erase_words
from chatcrew.memory import PostgresMemory
from chatcrew.messages import Contact, Person, Snapshot
from chatcrew.testing import ManualClock
from chatcrew.testing._planted_sql import ANA as PLANTED
from chatcrew.testing._planted_sql import CPF, ENCODED, MAIL, dumped, plant
from chatcrew.testing.stores import Stores, Talk

TENANT = "health/varizemed"
ANA = Person(TENANT, "acme", 501)


async def sessions(database: Database) -> list[tuple[int, int | None]]:
    """Return episodes and whose they are."""
    async with database.begin() as connection:
        rows = await connection.execute(
            text("select episode, contact from session_fact order by episode")
        )
        return [(row.episode, row.contact) for row in rows]


async def test_a_webhook_after_the_erasure_makes_nobodys_sessions_his_again(
    database: Database,
) -> None:
    """Status and owner are taken, the card is not, until he writes: then he is somebody new."""
    clock = ManualClock(NOW)
    stores, facts = Stores.on_postgres(database, clock), PostgresFacts(database, clock)
    privacy = HousePrivacy(
        Kept(database, memory=PostgresMemory(database)),
        audit=PostgresAudit(database, clock),
        clock=clock,
    )
    records = Records(database)
    card = Contact(501, "Ana Lopes", "+5581987654321")
    talk = Talk(clock)
    talk.snapshot = Snapshot(1000.0, "pending", owner_known=True, inbox_id=31, contact=card)
    await stores.mailbox.put(talk.says("Oi"))
    before = {"at": NOW - timedelta(hours=2), "tenant": TENANT}
    await records.talk(talk.number, **before, turns=["replied"])
    async with database.begin() as connection:
        await connection.execute(
            text("update conversation set snapshot = jsonb_set(snapshot, '{version}', '1000')")
        )
    await facts.run({})
    assert await sessions(database) == [(1, 501)]

    await privacy.erase(ANA, actor="cli:root")
    await clock.advance(60)
    await stores.mailbox.put(talk.becomes("resolved", labels=("ana-lopes",)))
    await stores.mailbox.observe(talk.id, talk.snapshot)
    await facts.run({})

    state = await stores.mailbox.state(talk.id)
    assert (state.snapshot.status, state.snapshot.contact) == ("resolved", Contact())
    assert state.snapshot.labels == ()
    assert await sessions(database) == [(1, None)]

    await clock.advance(60)
    talk.snapshot = talk.becomes("pending").change.snapshot
    await stores.mailbox.put(talk.says("Oi de novo"))
    after = {"at": clock.now() + timedelta(seconds=1), "tenant": TENANT}
    await records.talk(talk.number, **after, turns=["replied"], episode=2)
    await clock.advance(600)
    await facts.run({})

    assert (await stores.mailbox.state(talk.id)).snapshot.contact == card
    assert await sessions(database) == [(1, None), (2, 501)]


async def test_webhooks_are_taken_while_words_are_looked_for(database: Database) -> None:
    """No row is locked and the loop is free; a row written again meanwhile goes as well (N8)."""
    await plant(database, PLANTED, ENCODED)
    loop, reveal = asyncio.get_running_loop(), opened_with(database.keys)
    written: list[str] = []

    async def asked_again(table: str) -> None:
        async with database.begin() as connection:
            await connection.execute(text("set local lock_timeout = '2s'"))
            await connection.execute(text(f"update {table} set tenant = tenant"))
        written.append(table)

    def meanwhile(table: str, row: Row) -> tuple[Row, tuple[Unreadable, ...]]:
        if table in ("knowledge_gap", "attachment_content") and table not in written:
            asyncio.run_coroutine_threadsafe(asked_again(table), loop).result(10)
        return reveal(table, row)

    wanted = Searcher(given("email", MAIL) | given("cpf", CPF) | sentences(ENCODED))
    gone, _ = await erase_words(database, PLANTED.tenant, wanted, reveal=meanwhile)

    assert written == ["knowledge_gap", "attachment_content"]
    assert gone["knowledge_gap"] == gone["attachment_content"] == gone["quarantine"] == 1
    found = await dumped(database)
    assert found["knowledge_gap"] == found["attachment_content"] == found["quarantine"] == []
