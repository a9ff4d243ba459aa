"""Somebody whose words are sealed is found, shown and erased as anybody else (N8, S1-76)."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from chatcrew.app._rotation_sql import SEALED, rotate
from chatcrew.audit import PostgresAudit
from chatcrew.database import Database, sealing
from chatcrew.database.transactions import transaction
from chatcrew.lgpd import HousePrivacy, Kept, Sought
from chatcrew.memory import PostgresMemory
from chatcrew.privacy import Keyring
from chatcrew.privacy._seal import MARK, MARK_BYTES
from chatcrew.testing import ManualClock
from chatcrew.testing._planted_sql import (
    ANA,
    AT,
    ENCODED,
    RUI,
    TENANT,
    TRACES,
    conversation_of,
    dumped,
    plant,
)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Give a database that seals."""
    keys = Keyring([("2026-a", b"a" * 32)])
    async with await Database.open(database_url, pool_size=5, keys=keys) as opened:
        yield opened


SEALS = {column.table.name for column in SEALED}


def readable(found: dict[str, list[str]], trace: str) -> set[str]:
    """Return the tables in which it can be read without a key."""
    return {table for table, rows in found.items() if any(trace in row for row in rows)}


async def test_what_is_sealed_is_shown_scanned_and_erased(database: Database) -> None:
    """The walk opens what it reads; without it a receipt would say 0 of what it could not read."""
    clock = ManualClock(AT + timedelta(days=20))
    kept = Kept(database, memory=PostgresMemory(database))
    privacy = HousePrivacy(kept, audit=PostgresAudit(database, clock), clock=clock)
    await plant(database, ANA, ENCODED)
    plain = await dumped(database)
    async for _ in rotate(database):
        pass
    sealed = await dumped(database)

    told = await privacy.export(ANA, actor="cli:root")
    receipt = await privacy.erase(ANA, actor="cli:root")

    said = next(row for row in plain["message"] if any(one in row for one in ENCODED))
    words = next(one for one in ENCODED if one in said)
    assert readable(plain, words)
    assert readable(sealed, words) & SEALS == set()
    assert any(trace in str(told) for trace in TRACES)
    assert any(words in str(row) for row in told["data"]["message"]["rows"])
    assert receipt.left == 0
    assert receipt.document["scan"]["searched"]["message"] >= 1


def test_only_what_rotation_seals_is_opened() -> None:
    """Readers and rotation know the same columns (S1-76)."""
    rotated = {(column.table.name, column.column) for column in SEALED}
    assert rotated == {(table, one) for table, known in sealing.SEALED.items() for one in known}


async def test_who_calls_himself_like_a_sealed_value_keeps_nobody_from_being_erased(
    database: Database,
) -> None:
    """A name, or words that look like sealed bytes, are what somebody typed (N8, S1-76)."""
    clock = ManualClock(AT + timedelta(days=20))
    kept = Kept(database, memory=PostgresMemory(database))
    privacy = HousePrivacy(kept, audit=PostgresAudit(database, clock), clock=clock)
    await plant(database, ANA, ENCODED)
    await plant(database, RUI, ["Quero saber do meu pedido", "o frete demora?"])
    async with transaction(database) as connection:
        for table, column, path, typed in (
            ("conversation", "snapshot", ["contact", "name"], f"{MARK}AAAA"),
            ("message", "line", ["text"], f"\\x{MARK_BYTES.hex()}ff"),
        ):
            changed = f"{column} = jsonb_set({column}, cast(:path as text[]), to_jsonb(:typed))"
            query = f"update {table} set {changed.replace(':typed', 'cast(:typed as text)')}"
            await connection.execute(
                text(f"{query} where number = :number"),
                {"path": path, "typed": typed, "number": conversation_of(RUI)},
            )

    found = await privacy.find(TENANT, Sought(contact=ANA.contact))
    receipt = await privacy.erase(ANA, actor="cli:root")

    assert found == [ANA]
    assert receipt.left == 0
