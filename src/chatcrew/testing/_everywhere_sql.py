"""Plants a row into every table that backups hold, and reads all rows back."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ARRAY, Boolean, Date, DateTime, Double, LargeBinary, Text, func, insert, text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

from chatcrew.backups import LEFT_OUT
from chatcrew.database import Database
from chatcrew.database.schema import metadata

AT = datetime(2026, 11, 1, 9, 0, 0, 123456, tzinfo=UTC)
TABLES = [one for one in metadata.sorted_tables if one.name not in LEFT_OUT]
BYTES = bytes(range(256))
TEXT = "ção \\x41 \\n \t\n\"quote\" 'x' \u2028 {} 😀 null"


async def rows(database: Database) -> dict[str, list[str]]:
    """Return every row of every table as text, sorted."""
    found = {}
    async with database.begin() as connection:
        for table in metadata.sorted_tables:
            got = await connection.scalars(text(f"select t::text from {table.name} t"))  # noqa: S608 - our own names
            found[table.name] = sorted(got)
    return found


async def plant_everywhere(database: Database, number: int, tenant: str, **given: Any) -> None:
    """Write a row into every table that backups hold; ``number`` tells it from others."""
    async with database.begin() as connection:
        for table in TABLES:
            row = {
                column.name: given.get(column.name, _value(column, number, tenant))
                for column in table.columns
                if column.identity is None
            }
            row |= _SPECIAL.get(table.name, {})
            if table.name == "audit_head":
                await connection.execute(text("delete from audit_head"))
            await connection.execute(insert(table).values(**row))


_SPECIAL: Mapping[str, Mapping[str, Any]] = {
    "audit_head": {"one": 1},
    "outbox_part": {"state": "sent"},
    "tool_call": {"state": "done"},
}


def _value(column: Any, number: int, tenant: str) -> Any:  # noqa: PLR0911 - a value for each type
    kind, name = column.type, column.name
    own = {
        "tenant": tenant,
        "bot": f"bot {tenant}",
        "number": number,
        "account": f"account {tenant}",
        "state": "finished",
        "salt": "ab",
        "turn_id": f"turn-{number}",
    }
    if name in own:
        return own[name]
    if name in {"due_at", "lease_until", "waiting_since", "retry_at", "ended_at"}:
        return AT if name == "ended_at" or not column.nullable else None
    if isinstance(kind, DateTime):
        return AT
    if isinstance(kind, Date):
        return date(2026, 11, number % 28 + 1)
    if isinstance(kind, Boolean):
        return number % 2 == 1
    if isinstance(kind, JSONB):
        return {"said": TEXT, "big": 12345678901234567890, "of": [tenant, number, None]}
    if isinstance(kind, LargeBinary):
        return BYTES
    if isinstance(kind, ARRAY):
        return [tenant, TEXT]
    if isinstance(kind, TSVECTOR):
        return func.to_tsvector("portuguese", "comprar 'flores' azuis")
    if isinstance(kind, Double):
        return 0.1 + number
    if isinstance(kind, Text):
        return f"{TEXT} {name} {number}"
    return number
