"""What somebody changed in the database keeps nobody from being shown and erased (N8, S1-76)."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import LargeBinary, text

from chatcrew.app._rotation_sql import rotate
from chatcrew.audit import PostgresAudit
from chatcrew.database import Database
from chatcrew.database.schema import metadata
from chatcrew.database.sealing import SEALED
from chatcrew.database.transactions import transaction
from chatcrew.lgpd import HousePrivacy, Kept, Sought
from chatcrew.memory import PostgresMemory
from chatcrew.privacy import Keyring
from chatcrew.privacy._seal import MARK
from chatcrew.testing import ManualClock
from chatcrew.testing._planted_sql import (
    ANA,
    AT,
    CPF,
    ENCODED,
    RUI,
    TENANT,
    TRACES,
    conversation_of,
    dumped,
    plant,
)

COLUMNS = {f"{table}.{column}" for table, known in SEALED.items() for column in known}
RUIS = ["Quero saber do meu pedido 4471, por favor", "o frete de Recife demora?"]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Give a database that seals, with two people in every table."""
    keys = Keyring([("2026-a", b"a" * 32)])
    async with await Database.open(database_url, pool_size=5, keys=keys) as opened:
        await plant(opened, ANA, ENCODED)
        await plant(opened, RUI, RUIS)
        async for _ in rotate(opened):
            pass
        yield opened


@pytest.fixture
def privacy(database: Database) -> HousePrivacy:
    """Give privacy over that database."""
    clock = ManualClock(AT + timedelta(days=20))
    kept = Kept(database, memory=PostgresMemory(database))
    return HousePrivacy(kept, audit=PostgresAudit(database, clock), clock=clock)


async def spoil(database: Database, table: str, column: str, *, where: str = "true") -> None:
    """Change a sealed column as nobody may: a byte more, or another last one."""
    kind = metadata.tables[table].c[column].type
    value = f"replace({column}::text, '{MARK}', '{MARK}AAAA')::{kind.compile()}"
    if isinstance(kind, LargeBinary):
        last = f"octet_length({column}) - 1"
        value = f"set_byte({column}, {last}, get_byte({column}, {last}) # 1)"
    async with transaction(database) as connection:
        await connection.execute(text(f"update {table} set {column} = {value} where {where}"))


def theirs(table: str) -> str:
    """Return the SQL that finds Ana's rows of a table."""
    columns = metadata.tables[table].c
    if "number" in columns:
        return f"number = {conversation_of(ANA)}"
    return f"contact = {ANA.contact}" if "contact" in columns else "true"


async def test_spoilt_rows_stop_neither_export_nor_erasure(
    database: Database, privacy: HousePrivacy
) -> None:
    """Each sealed column: empty and named in the export, erased and named in the receipt."""
    for table, known in SEALED.items():
        for column in known:
            await spoil(database, table, column, where=theirs(table))

    found = await privacy.find(TENANT, Sought(document=CPF))
    told = await privacy.export(ANA, actor="cli:root")
    receipt = await privacy.erase(ANA, actor="cli:root")

    lost = receipt.document["unreadable"]
    assert found == [ANA]
    assert {one["place"] for one in told["unreadable"]} == COLUMNS - {"quarantine.body"}
    assert {one["place"] for one in lost} == COLUMNS
    assert all(one["erased"] for one in lost)
    assert (receipt.unreadable, receipt.left) == (0, 0)
    rows = await dumped(database)
    assert not any(trace in row for some in rows.values() for row in some for trace in TRACES)
    assert not any(MARK in row for row in rows["quarantine"] + rows["attachment_content"])


async def test_what_is_spoilt_of_somebody_else_stays_and_is_named(
    database: Database, privacy: HousePrivacy
) -> None:
    """Nobody knows whom such a value names, so the receipt says where it is."""
    columns = COLUMNS - {"quarantine.body", "attachment_content.text"}
    for table, name in (one.split(".") for one in columns):
        await spoil(database, table, name, where=f"not ({theirs(table)})")

    receipt = await privacy.erase(ANA, actor="cli:root")

    lost = receipt.document["unreadable"]
    assert {(one["place"], one["erased"]) for one in lost} == {(one, False) for one in columns}
    assert {one["key"] for one in lost} <= {f"acme-bot/{conversation_of(RUI)}", "2", "1", ""}
    assert (receipt.unreadable, receipt.left) == (len(columns), 0)


async def test_keys_change_around_what_is_spoilt(database: Database) -> None:
    """It stays as it is, and is counted; a value that was moved is not sealed as another's."""
    other = database.keys.seal("de outra loja", "draft shop/other")
    async with transaction(database) as connection:
        await connection.execute(text("update suggestion set text = :other"), {"other": other})
    await spoil(database, "rating", "feedback")
    both = Keyring([("2026-b", b"b" * 32), ("2026-a", b"a" * 32)])
    async with await Database.open(database.address, pool_size=2, keys=both) as renewed:
        ended = {told.name: told async for told in rotate(renewed)}

    changed = {name: told.changed for name, told in ended.items() if told.changed}
    assert changed == {"suggestion.text": 2, "rating.feedback": 2}
    assert all(other in row for row in (await dumped(database))["suggestion"])
