"""Plants a person in every table of the register and in every layer, in many encodings."""

import base64
import gzip
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Double,
    Integer,
    LargeBinary,
    SmallInteger,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from chatcrew.database import Database
from chatcrew.database.schema import metadata
from chatcrew.lgpd import REGISTER, Link
from chatcrew.messages import (
    Author,
    AuthorKind,
    Contact,
    Line,
    Person,
    Snapshot,
    line_to_json,
    snapshot_to_json,
)

AT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
TENANT = "shop/acme"
ANA = Person(TENANT, "acme", 7)
RUI = Person(TENANT, "acme", 8)
PHONE, MAIL, CPF = "+5581987654321", "ana.lopes@exemplo.com.br", "11144477735"
NAME = "Ana Beatriz Lopes"
STORY = "Comprei o kit hidratante azul para o casamento da minha prima em Olinda"

ENCODED = [
    f"{STORY}, sou a {NAME}",
    "meu zap é (81) 98765-4321 e o cpf 111.444.777-35",
    "cpf １１１ ４４４ ７７７ ３５",
    f"mail ANA.LOPES@Exemplo.com.BR {quote(MAIL)}",
    "ana.lopes arroba exemplo ponto com ponto br",
    base64.b64encode(f"fone {PHONE}".encode()).decode(),
    json.dumps({"nome": NAME, "tel": "81 8765-4321"}),
    f"cpf em hexa {CPF.encode().hex()}",
    "Tel.: +55 81 9 8765 4321 &#47; ana.lopes&#64;exemplo.com.br",
    "an\\u0061.lopes\\u0040exemplo.com.br",
]
"""What stands for Ana, as programs and people write it."""

TRACES = ["lopes", "98765", "8765-4321", "111444777", "111.444", "hidratante", "１１１", "bG9wZXM"]
"""Pieces of it as they would lie in a table, looked for without any cleverness."""


def conversation_of(person: Person) -> int:
    """Return the number of a person's conversation."""
    return 40 + person.contact


async def plant(database: Database, person: Person, words: list[str]) -> None:
    """Write a row into every table that may hold something of a person, with ``words`` in it."""
    async with database.begin() as connection:
        for place, holding in enumerate(REGISTER.values()):
            if holding.link is Link.NOBODY or holding.table not in metadata.tables:
                continue
            table = metadata.tables[holding.table]
            row: dict[str, Any] = {}
            for count, column in enumerate(table.columns):
                said = words[(place + count) % len(words)]
                if column.name in holding.personal:
                    row[column.name] = _personal(holding.table, column, said, person)
                elif column.identity is None and (not column.nullable or column.name in _KNOWN):
                    row[column.name] = _plain(column, person)
            row |= _SPECIAL.get(holding.table, {})
            await connection.execute(table.insert().values(**row))


_KNOWN = {"tenant", "account", "contact", "turn_id", "made_at", "ended_at", "finished_at"}
_SPECIAL: Mapping[str, Mapping[str, Any]] = {
    "event": {"turn_id": None},
    "conversation": {"customer_at": AT, "due_at": AT, "fence": 5},
    "turn": {"state": "open", "finished_at": None, "details": {"burst": 1}},
    "outbox_part": {"state": "planned"},
    "tool_call": {"state": "waiting"},
    "contact_fact": {"kind": "fact"},
    "attachment_content": {"read_at": AT},
}


def _personal(table: str, column: Any, said: str, person: Person) -> Any:
    if table == "conversation" and column.name == "snapshot":
        who = Contact(
            person.contact,
            NAME if person == ANA else "Rui",
            PHONE if person == ANA else None,
            MAIL if person == ANA else None,
            {"cpf": "111.444.777-35" if person == ANA else "", "note": said},
        )
        return snapshot_to_json(Snapshot(version=1.0, status="pending", inbox_id=31, contact=who))
    if table == "message" and column.name == "line":
        author = Author(AuthorKind.CUSTOMER, person.contact, NAME if person == ANA else "Rui")
        return line_to_json(Line(person.contact * 1000, author, said, AT))
    if isinstance(column.type, JSONB):
        return {"said": said, "list": [said]}
    if isinstance(column.type, LargeBinary):
        return gzip.compress(said.encode()) if person.contact % 2 else said.encode()
    return said


def _plain(column: Any, person: Person) -> Any:  # noqa: PLR0911 - a value for each type
    own = {
        "tenant": person.tenant,
        "account": person.account,
        "contact": person.contact,
        "bot": "acme-bot",
        "number": conversation_of(person),
        "turn_id": f"turn-{person.contact}",
        "digest": f"digest-{person.contact}",
    }
    if column.name in own and not isinstance(column.type, LargeBinary):
        return own[column.name]
    kind = column.type
    if isinstance(kind, DateTime):
        return AT
    if isinstance(kind, Date):
        return AT.date()
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, JSONB):
        return {}
    if isinstance(kind, LargeBinary):
        return b""
    if isinstance(kind, ARRAY):
        return []
    if isinstance(kind, BigInteger | Integer | SmallInteger | Double):
        return person.contact * 1000 if column.name.endswith("_id") else 1
    return f"{column.name}-{person.contact}"


async def dumped(database: Database) -> dict[str, list[str]]:
    """Return every row of every table as PostgreSQL itself writes it; packed bytes unpacked."""
    found: dict[str, list[str]] = {}
    async with database.begin() as connection:
        tables = await connection.scalars(
            text("select tablename from pg_tables where schemaname = current_schema() order by 1")
        )
        for table in tables.all():
            rows = await connection.scalars(
                text(f'select cast(t as text) from "{table}" t order by 1')  # noqa: S608 - names of the database itself
            )
            found[table] = [_unpacked(row) for row in rows]
    return found


def _unpacked(row: str) -> str:
    def said(match: re.Match[str]) -> str:
        raw = bytes.fromhex(match[1])
        return (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8", "replace")

    return re.sub(r"\\+x((?:[0-9a-f]{2})+)", said, row)
