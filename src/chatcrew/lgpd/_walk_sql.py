"""Walks every table there is, known or not, and says where somebody is still found."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.database import Database
from chatcrew.database.transactions import transaction
from chatcrew.lgpd._needles import Searcher
from chatcrew.lgpd._opening import Reveal, Unreadable, row_key
from chatcrew.lgpd._people_sql import leaves
from chatcrew.lgpd._port import Hit

_AT_ONCE: Final = 500

_COLUMNS = text("""
    select table_name, column_name, data_type from information_schema.columns
    where table_schema = current_schema()
      and table_name in (select table_name from information_schema.tables
                         where table_schema = current_schema() and table_type = 'BASE TABLE')
    order by table_name, ordinal_position
""")
_WORDY: Final = frozenset({"text", "character varying", "json", "jsonb", "bytea", "ARRAY"})
_KEPT_AWAY: Final = frozenset({"house_key", "person_key"})
"""Random bytes."""


async def walk(
    database: Database, searcher: Searcher, *, tenant: str, reveal: Reveal
) -> tuple[dict[str, int], list[Hit], list[Unreadable]]:
    """Return rows read by table, where anything of ``searcher`` stands, and what did not open.

    Rows of other tenants are left out; rows that belong to no tenant are read.

    Args:
        database: migrated.
        searcher: what is looked for.
        tenant: whose rows.
        reveal: opens what is sealed in a row.

    Raises:
        StoreError: the database is away.
    """
    searched: dict[str, int] = {}
    hits: list[Hit] = []
    unreadable: list[Unreadable] = []
    async with transaction(database) as connection:
        tables: dict[str, dict[str, str]] = {}
        for table, column, kind in await connection.execute(_COLUMNS):
            tables.setdefault(table, {})[column] = kind
        for table, columns in tables.items():
            if table not in _KEPT_AWAY and any(one in _WORDY for one in columns.values()):
                rows = _Rows(table, columns, searcher, reveal)
                searched[table] = await rows.search(connection, tenant, hits)
                unreadable += rows.unreadable
    return searched, hits, unreadable


class _Rows:
    """The rows of one table."""

    def __init__(
        self, table: str, columns: Mapping[str, str], searcher: Searcher, reveal: Reveal
    ) -> None:
        self._table = table
        self._columns = columns
        self._wordy = [name for name, kind in columns.items() if kind in _WORDY]
        self._searcher = searcher
        self._reveal = reveal
        self.unreadable: list[Unreadable] = []

    async def search(self, connection: AsyncConnection, tenant: str, hits: list[Hit]) -> int:
        """Add what is found to ``hits``; return how many rows were read."""
        where = "true"
        if "tenant" in self._columns:
            where = "t.tenant = :tenant or t.tenant is null"
        elif {"bot", "number"} <= {*self._columns}:
            where = """not exists (select from conversation c
                where c.bot = t.bot and c.number = t.number and c.tenant <> :tenant)"""
        kept = [
            name
            for name, kind in self._columns.items()
            if kind in _WORDY or kind in ("bigint", "integer")
        ]
        query = f"""
            select cast(to_jsonb(r) as text) from (
                select {", ".join(f't."{name}"' for name in kept)} from "{self._table}" t
                where {where}
            ) r
        """  # noqa: S608 - names of the database itself, no values
        rows = await connection.stream(text(query), {"tenant": tenant})
        count = 0
        async for some in rows.scalars().partitions(_AT_ONCE):
            count += len(some)
            hits += await asyncio.to_thread(self._found, some)
        return count

    def _found(self, some: Any) -> list[Hit]:
        found = []
        for written in some:
            row, closed = self._reveal(self._table, orjson.loads(written))
            self.unreadable += closed
            said = {name: "\n".join(leaves(row.get(name))) for name in self._wordy}
            if not self._searcher.kinds("\n".join(said.values())):
                continue
            for name, words in said.items():
                for kind in sorted(self._searcher.kinds(words)):
                    found.append(Hit(f"{self._table}.{name}", row_key(row), kind))
        return found
