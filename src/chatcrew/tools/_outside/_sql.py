"""A tool that reads a business's own database: one parametrised query, read-only, bounded."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

import asyncpg

from chatcrew.messages import ToolResult
from chatcrew.tenancy.model import NamedDatabase, ToolEntry
from chatcrew.tools._outside._connect_sql import connect
from chatcrew.tools._outside._reach import Outside, Remembered, spec_of
from chatcrew.tools._outside._shown import fenced, shortened, shown
from chatcrew.tools._outside._templates import facts
from chatcrew.tools._tool import ToolContext, ToolSettings
from chatcrew.tools._trouble import ToolTrouble

_PARAMETER = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")
_OURS = "select exists(select from pg_class where relname = 'outbox_part' and relkind = 'r')"
"""Chatcrew's own database, by whatever address and search path somebody reached it."""
_MOST_CELL = 1000


class SqlTool:
    """One query of the admin's; the model gives values, never a word of SQL.

    Args:
        entry: the tool as its YAML says it.
        database: where it reads.
        outside: ways out.
    """

    side_effects = False

    def __init__(self, entry: ToolEntry, database: NamedDatabase, outside: Outside) -> None:
        self.spec = spec_of(entry)
        self.settings = ToolSettings(timeout=entry.timeout + 1, limit=entry.limit, parallel=4)
        self._entry = entry
        self._database = database
        self._outside = outside
        self._remembered = Remembered(outside.kept, entry)
        self._statement, self._names = positional(entry.sql.strip().rstrip(";"))

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Return the rows.

        Raises:
            ToolTrouble: the database is away, refuses, or is chatcrew's own.
        """
        known = facts(context.contact, context.proven).items()
        values = {**arguments, **{name.replace(".", "__"): one for name, one in known}}
        wanted = [values.get(name) for name in self._names]
        return await self._remembered.answer(
            context.tenant.key, {"values": wanted}, lambda: self._ask(wanted)
        )

    async def _ask(self, values: list[Any]) -> ToolResult:
        dsn = await self._outside.secret_text(self._database.dsn)
        try:
            rows = await self._rows(dsn, values)
        except (asyncpg.QueryCanceledError, TimeoutError):
            raise ToolTrouble("timeout") from None
        except (asyncpg.DataError, asyncpg.exceptions.AmbiguousParameterError):
            # A value that the column cannot be compared with; the error's words would quote it
            return ToolResult(ok=False, text=_BAD_VALUE)
        except asyncpg.InvalidAuthorizationSpecificationError:
            raise ToolTrouble("login") from None
        except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError):
            raise ToolTrouble("status") from None
        except OSError:
            raise ToolTrouble("unreached") from None
        text = shown(rows, pick=self._entry.pick, result=self._entry.result)
        short = shortened(text, self._entry.max_chars)
        return ToolResult(ok=True, text=fenced(self._entry.name, short))

    async def _rows(self, dsn: str, values: list[Any]) -> list[dict[str, Any]]:
        """Run the query in a transaction that cannot write, ended by the server in time."""
        connection = await connect(dsn, timeout=self._entry.timeout)
        try:
            async with connection.transaction(readonly=True):
                if not self._database.own and await connection.fetchval(_OURS):
                    raise ToolTrouble("refused")
                cursor = await connection.cursor(self._statement, *values)
                found = await cursor.fetch(self._entry.rows)
        finally:
            await connection.close(timeout=1.0)
        columns = self._entry.columns
        return [
            {key: _plain(one) for key, one in row.items() if not columns or key in columns}
            for row in found
        ]


_BAD_VALUE = (
    "Um dos valores não serve para esta consulta; confira com o cliente. "
    "(One of the values does not fit this query: check with the customer.)"
)


def positional(sql: str) -> tuple[str, list[str]]:
    """Return the statement with ``$1`` in the place of ``:name``, and the names in their order.

    What stands in quotes or comments is left alone.
    """
    names: list[str] = []

    def put(match: re.Match[str]) -> str:
        if match[1] not in names:
            names.append(match[1])
        return f"${names.index(match[1]) + 1}"

    parts = re.split(r"('(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/)", sql, flags=re.DOTALL)
    return "".join(
        part if number % 2 else _PARAMETER.sub(put, part) for number, part in enumerate(parts)
    ), names


def _plain(value: Any) -> Any:
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    text = str(value)
    return text if len(text) <= _MOST_CELL else text[:_MOST_CELL] + "…"
