"""Each kind of data dies in its time, by business, after the end of its turn (S2-28, §3.13)."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from chatcrew.audit import Deed, PostgresAudit
from chatcrew.database import Database
from chatcrew.lgpd import (
    Expired,
    HousePrivacy,
    Kept,
    PrivateFile,
    Records,
    Sought,
    forget_old,
)
from chatcrew.memory import PostgresMemory
from chatcrew.tenancy.model import Retention
from chatcrew.testing import ManualClock
from chatcrew.testing._planted_sql import ANA, AT, ENCODED, TENANT, TRACES, dumped, plant

DEFAULTS = Retention().days
OWN_WAY = {"contact_consent", "contact_opt_out", "timer", "kept_answer", "simulated_contact"}
"""Consent and opt-out stay with the person; the others go by rounds of their own."""


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that stands twenty days after everything was said."""
    return ManualClock(AT + timedelta(days=20))


@pytest.fixture
async def house(database: Database) -> Database:
    """Give a database with a planted person whose turn has ended."""
    await plant(database, ANA, ENCODED)
    async with database.begin() as connection:
        await connection.execute(
            text("update turn set state = 'finished', finished_at = :at"), {"at": AT}
        )
        await connection.execute(text("update event set turn_id = (select id from turn)"))
        await connection.execute(
            text("update conversation set due_at = null, lease_owner = null, parked_at = null")
        )
        await connection.execute(text("update outbox_part set state = 'sent'"))
        await connection.execute(text("update tool_call set state = 'done'"))
        await connection.execute(text("update episode_memory set due_at = null"))
        await connection.execute(text("delete from attachment_seen where false"))
    return database


async def old(
    database: Database,
    clock: ManualClock,
    *,
    days: dict[str, dict[str, int]] | None = None,
    dry_run: bool = False,
) -> list[Expired]:
    """Return what retention deletes, or would delete."""
    return await forget_old(
        database,
        days if days is not None else {TENANT: dict(DEFAULTS)},
        defaults=DEFAULTS,
        audit=PostgresAudit(database, clock),
        clock=clock,
        dry_run=dry_run,
    )


def counts(found: list[Expired]) -> dict[tuple[str, str], int]:
    """Return rows by store and kind."""
    return {(one.store, one.kind): one.rows for one in found}


def names(folder: Path) -> list[str]:
    """Return what lies in a folder."""
    return [path.name for path in folder.iterdir()]


async def test_raw_deliveries_die_seven_days_after_their_turn(house, clock) -> None:
    """The dry run says what the real one does, which leaves the words in the history alone."""
    promised = counts(await old(house, clock, dry_run=True))
    assert promised == {("event", "raw"): 1, ("quarantine", "raw"): 1}
    before = await dumped(house)

    assert counts(await old(house, clock)) == promised
    assert counts(await old(house, clock)) == {}
    after = await dumped(house)
    assert after["message"] == before["message"]
    (deed,) = await PostgresAudit(house, clock).entries()
    assert (deed.action, deed.detail) == ("retention.applied", "2 rows")


async def test_a_delivery_whose_turn_has_not_ended_stays(house, clock) -> None:
    """What waits, or is parked for long, is not old: its time begins when it is settled."""
    async with house.begin() as connection:
        await connection.execute(text("update turn set state = 'open', finished_at = null"))
    assert ("event", "raw") not in counts(await old(house, clock))


async def test_a_business_keeps_by_its_own_rule_and_an_unknown_one_by_the_default(
    house, clock
) -> None:
    """``privacy.retention`` of the tenant counts; one that is configured no more has defaults."""
    longer = {TENANT: {**DEFAULTS, "raw": 30}}
    assert ("event", "raw") not in counts(await old(house, clock, days=longer, dry_run=True))
    shorter = {TENANT: {**DEFAULTS, "tools": 5}}
    assert counts(await old(house, clock, days=shorter, dry_run=True))["tool_call", "tools"] == 1
    assert counts(await old(house, clock, days={}, dry_run=True))["event", "raw"] == 1


async def test_after_a_year_nobodys_words_are_left_and_the_figures_are(house, clock) -> None:
    """Words, names and addresses are gone from every table; turns and ratings still count."""
    await clock.advance(timedelta(days=400).total_seconds())
    async with house.begin() as connection:
        await connection.execute(text("update proposal set ended_at = made_at"))

    await old(house, clock)

    found = await dumped(house)
    left = {
        table
        for table, rows in found.items()
        if any(trace.casefold() in row.casefold() for row in rows for trace in TRACES)
    }
    assert left <= OWN_WAY
    assert all(len(found[table]) == 1 for table in ("turn", "rating", "message", "conversation"))
    assert counts(await old(house, clock)) == {}


async def test_a_contact_to_whom_only_people_wrote_is_forgotten_too(house, clock) -> None:
    """Where the customer never wrote, the newest line of the conversation counts."""
    async with house.begin() as connection:
        await connection.execute(text("update conversation set customer_at = null"))
    assert ("conversation", "messages") not in counts(await old(house, clock, dry_run=True))
    await clock.advance(timedelta(days=400).total_seconds())
    assert counts(await old(house, clock, dry_run=True))["conversation", "messages"] == 1


async def test_after_three_years_the_figures_go_too(house, clock) -> None:
    """Turns, ratings, calls and what was left of deliveries."""
    await clock.advance(timedelta(days=1200).total_seconds())

    await old(house, clock)

    found = await dumped(house)
    assert not any(found[table] for table in ("turn", "rating", "event", "outbox_part"))


async def test_exports_and_the_oldest_deeds_go_in_their_time(house, clock, tmp_path: Path) -> None:
    """A file that was exported is deleted from where it lies; one that was changed is left."""
    audit, records = PostgresAudit(house, clock), Records(house)
    for name in ("mine.json", "theirs.json"):
        path = tmp_path / name
        path.write_bytes(b"{}")
        digest = hashlib.sha256(b"{}").hexdigest()
        await records.note_file(PrivateFile(str(path), "export", digest, AT, tenant=TENANT))
    (tmp_path / "theirs.json").write_bytes(b"something else")
    await audit.note(Deed("console:ana", "conversation.viewed"))
    await clock.advance(timedelta(days=1900).total_seconds())

    found = counts(await old(house, clock))

    assert found["files", "exports"] == 2
    assert found["audit_entry", "audit"] == 1
    assert names(tmp_path) == ["theirs.json"]
    assert (await audit.verify()).whole


async def test_whoever_was_emptied_by_age_is_still_found_and_erased(house, clock) -> None:
    """What tools did and figures outlive the words: by his number they stay his (N8, §3.13)."""
    own_way = {"audit": PostgresAudit(house, clock), "clock": clock}
    privacy = HousePrivacy(Kept(house, memory=PostgresMemory(house)), **own_way)
    kinds = dict.fromkeys(DEFAULTS, 1000) | {"messages": 10, "memory": 10, "attachments": 10}
    await old(house, clock, days={TENANT: kinds})
    await old(house, clock, days={TENANT: kinds})
    async with house.begin() as connection:
        await connection.execute(text("delete from contact_consent"))
        await connection.execute(text("delete from contact_opt_out"))
    assert "lopes" in str((await dumped(house))["tool_call"])

    assert await privacy.find(TENANT, Sought(contact=ANA.contact)) == [ANA]
    assert (await privacy.export(ANA, actor="cli:root"))["data"]["tool_call"]["rows"]
    stone = await privacy.tombstone(ANA, erasure="1", actor="cli:root", at=AT)
    assert await privacy.reapply([stone], actor="cli:root") == 1

    found = await dumped(house)
    assert not any(
        trace.casefold() in row.casefold()
        for table in ("conversation", "message", "tool_call", "outbox_part", "event")
        for row in found[table]
        for trace in TRACES
    )
    assert await scalar(house, "select count(*) from session_fact where contact is not null") == 0
    (receipt,) = await privacy.records.receipts(TENANT)
    said = receipt["receipt"]
    assert (said["looked_for"], said["scan"]["found"]) == ({}, None)


async def test_the_number_goes_when_nothing_is_left_that_is_his_by_it(house, clock) -> None:
    """The contact of a conversation is forgotten after its last session, tool and file (§3.13)."""
    number = "select count(*) from conversation where snapshot -> 'contact' ->> 'id' is not null"
    await clock.advance(timedelta(days=1200).total_seconds())
    async with house.begin() as connection:
        await connection.execute(text("update proposal set ended_at = made_at"))
    assert counts(await old(house, clock))["conversation", "messages"] == 1
    assert await scalar(house, number) == 1
    assert counts(await old(house, clock))["conversation", "facts"] == 1
    assert await scalar(house, number) == 0
    assert counts(await old(house, clock)) == {}


async def test_a_contact_of_whom_no_word_was_ever_seen_is_forgotten_too(house, clock) -> None:
    """A card without a line is as old as Chatwoot's picture, or our note, of the conversation."""
    async with house.begin() as connection:
        await connection.execute(text("update conversation set customer_at = null"))
        await connection.execute(text("delete from message"))
        await connection.execute(text("delete from conversation_move"))
    assert counts(await old(house, clock))["conversation", "messages"] == 1
    assert counts(await old(house, clock)) == {}


async def scalar(database: Database, query: str) -> object:
    """Return one figure."""
    async with database.begin() as connection:
        return await connection.scalar(text(query))
