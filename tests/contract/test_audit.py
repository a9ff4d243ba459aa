"""The audit log: one suite over PostgreSQL and memory (S2-30)."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from chatcrew.audit import AuditLog, Deed, MemoryAudit, PostgresAudit
from chatcrew.database import Database
from chatcrew.messages import Person
from chatcrew.testing import ManualClock

ANA = Person("shop/acme", "acme", 7)
RUI = Person("shop/acme", "acme", 8)


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that stands."""
    return ManualClock(datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC))


@pytest.fixture(params=["memory", "postgres"])
def log(request: pytest.FixtureRequest, clock: ManualClock) -> AuditLog:
    """Give the log over each backend."""
    if request.param == "memory":
        return MemoryAudit(clock)
    return PostgresAudit(request.getfixturevalue("database"), clock)


def viewed(number: int, *, by: str = "console:ana", of: Person | None = ANA, **how: str) -> Deed:
    """Return a look at a conversation."""
    tenant = how.pop("tenant", "shop/acme")
    return Deed(by, "conversation.viewed", tenant, f"acme-bot/{number}", of, **how)


async def test_deeds_come_back_newest_first_in_an_unbroken_chain(log: AuditLog) -> None:
    """Who, what, whose and when; each link holds the one before it (S2-30)."""
    await log.note(viewed(41))
    await log.note(Deed("chatcrew", "audit.trimmed", detail="12"))

    new, old = await log.entries()
    assert (new.seq, new.actor, new.tenant, new.detail) == (2, "chatcrew", None, "12")
    assert (old.seq, old.action, old.target) == (1, "conversation.viewed", "acme-bot/41")
    assert old.at == datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
    verdict = await log.verify()
    assert verdict.whole
    assert (verdict.entries, verdict.seq, verdict.hash) == (2, 2, new.hash)


async def test_nobody_stands_in_the_log_by_name(log: AuditLog) -> None:
    """A person is an HMAC under his own key, and words that identify are masked (S2-30)."""
    await log.note(viewed(41, detail="CPF 111.444.777-35"))
    await log.note(viewed(42, of=RUI))

    rui, ana = await log.entries()
    assert ana.person is not None
    assert len(ana.person) == 64
    assert ana.person != rui.person
    assert ana.detail == "CPF [CPF_1]"


async def test_erasing_the_key_makes_the_entries_nobodys_and_the_chain_stays_whole(
    log: AuditLog,
) -> None:
    """The deeds stay, whom they concerned is gone, also when he comes back (N8)."""
    for number in (41, 42):
        await log.note(viewed(number))
    assert [one.target for one in await log.entries(person=ANA)] == ["acme-bot/42", "acme-bot/41"]

    assert await log.forget(ANA)
    assert not await log.forget(ANA)
    assert await log.entries(person=ANA) == ()
    await log.note(viewed(43))
    assert [one.target for one in await log.entries(person=ANA)] == ["acme-bot/43"]
    assert len(await log.entries()) == 3
    assert (await log.verify()).whole


async def test_a_conversation_stands_in_an_entry_as_long_as_its_persons_key(
    log: AuditLog,
) -> None:
    """Shown as before, and no more than the HMAC in what is kept; an erasure's id lasts (N8)."""
    await log.note(viewed(41))
    await log.note(viewed(42, of=RUI))
    await log.note(viewed(43, of=None))
    await log.note(Deed("cli:root", "person.erased", "shop/acme", "0193", ANA, lasting=True))
    said = ["0193", "acme-bot/43", "acme-bot/42", "acme-bot/41"]
    assert [one.target for one in await log.entries()] == said
    assert [one.target for one in await log.entries(person=RUI)] == ["acme-bot/42"]

    await log.forget(ANA)

    assert [one.target for one in await log.entries()] == [*said[:3], ""]
    assert (await log.verify()).whole


async def test_what_is_stored_of_an_entry_leads_to_no_conversation(
    database: Database, clock: ManualClock
) -> None:
    """The row itself holds neither number; one from before is read, and verified, as it is (N8)."""
    log = PostgresAudit(database, clock)
    await log.note(viewed(41, of=None))
    await log.note(viewed(4711))
    async with database.begin() as connection:
        rows = await connection.scalars(text("select target from audit_entry order by seq"))
        old, fresh = rows.all()
        assert old == "acme-bot/41"
        assert "acme" not in fresh
        assert "4711" not in fresh
    assert [one.target for one in await log.entries()] == ["acme-bot/4711", "acme-bot/41"]


async def test_entries_are_asked_for_by_tenant_deed_and_page(log: AuditLog) -> None:
    """Who may see one business sees nothing of another, nor of the house."""
    for number in range(5):
        await log.note(viewed(number))
    await log.note(viewed(9, tenant="shop/other"))
    await log.note(Deed("chatcrew", "audit.trimmed"))

    own = await log.entries(tenants=frozenset({"shop/acme"}), limit=2)
    assert [one.seq for one in own] == [5, 4]
    more = await log.entries(tenants=frozenset({"shop/acme"}), before=4)
    assert [one.seq for one in more] == [3, 2, 1]
    assert [one.seq for one in await log.entries(action="audit.trimmed")] == [7]
    assert await log.entries(tenants=frozenset()) == ()


async def test_deeds_done_at_once_stand_one_after_the_other(log: AuditLog) -> None:
    """Appending is fenced: no two entries follow the same one (S2-30)."""
    await asyncio.gather(*(log.note(viewed(number)) for number in range(20)))

    assert sorted(one.seq for one in await log.entries()) == list(range(1, 21))
    assert (await log.verify()).whole


async def test_what_is_old_is_cut_off_and_the_rest_verifies_as_before(
    log: AuditLog, clock: ManualClock
) -> None:
    """Retention deletes the oldest; the chain begins with the hash of the last one deleted."""
    for number in range(3):
        await log.note(viewed(number))
    await clock.advance(timedelta(days=2).total_seconds())
    await log.note(viewed(9))
    day_ago = clock.now() - timedelta(days=1)

    assert await log.trim(day_ago, dry_run=True) == 3
    assert len(await log.entries()) == 4
    assert await log.trim(day_ago) == 3
    assert await log.trim(day_ago) == 0
    verdict = await log.verify()
    assert (verdict.whole, verdict.first, verdict.entries) == (True, 4, 1)
    await log.note(viewed(10))
    assert (await log.verify()).seq == 5
    assert await log.trim(clock.now() + timedelta(days=1)) == 2
    await log.note(viewed(11))
    verdict = await log.verify()
    assert (verdict.whole, verdict.first, verdict.entries) == (True, 6, 1)


TAMPERING = {
    "changed": "update audit_entry set actor = 'console:eva' where seq = 2",
    "taken out": "delete from audit_entry where seq = 2",
    "newest taken out": "delete from audit_entry where seq = 3",
    "newest taken out and the head set back": """
        with gone as (delete from audit_entry where seq = 3)
        update audit_head set seq = 2
    """,
    "put in": """
        insert into audit_entry (seq, at, actor, action, target, detail, hash)
        select 4, at, actor, action, target, detail, hash from audit_entry where seq = 3
    """,
}


@pytest.mark.parametrize("how", TAMPERING)
async def test_whatever_is_changed_behind_its_back_is_noticed(
    database: Database, clock: ManualClock, how: str
) -> None:
    """Changed, taken out, put in: the walk names the first entry that is not what it was."""
    log = PostgresAudit(database, clock)
    for number in range(3):
        await log.note(viewed(number))
    async with database.begin() as connection:
        await connection.execute(text(TAMPERING[how]))

    verdict = await log.verify()
    assert not verdict.whole
    assert verdict.broken == {"changed": 2, "taken out": 2, "put in": 4}.get(how, 3)
