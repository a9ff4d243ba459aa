"""Puts rows of an archive into a table as they were, ids and all."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.backups._archive import Reader
from chatcrew.backups._hiding import shown
from chatcrew.backups._take_sql import Progress
from chatcrew.privacy import Keyring

_BATCH: Final = 500

_COLUMNS = text("""
    select attname from pg_attribute
    where attrelid = cast(:name as regclass) and attnum > 0 and not attisdropped
      and attgenerated = ''
    order by attnum
""")
_LAST = text("""
    select setval(cast(quote_ident(:name) as regclass), greatest(cast(:last as bigint),
        coalesce(pg_sequence_last_value(cast(quote_ident(:name) as regclass)), 1)))
    where to_regclass(quote_ident(:name)) is not null
""")


async def columns_of(connection: AsyncConnection, table: str) -> list[str]:
    """Return the columns of a table that can be written, quoted."""
    found = await connection.scalars(_COLUMNS, {"name": table})
    return [f'"{name}"' for name in found]


async def fill(
    connection: AsyncConnection,
    archive: Reader,
    table: str,
    *,
    into: str | None = None,
    keys: Keyring,
    told: Callable[[Progress], None],
) -> None:
    """Write the rows of a table.

    Args:
        connection: inside a transaction.
        archive: where they are.
        table: which.
        into: table like it, where they go.
        keys: open what is the house's own.
        told: hears how far it is.
    """
    columns = ", ".join(await columns_of(connection, table))
    # what PostgreSQL wrote as JSON it reads back into every type that we have
    query = text(f"""
        insert into {into or table} ({columns}) overriding system value
        select {columns} from json_populate_recordset(cast(null as {table}), cast(:rows as json))
    """)  # noqa: S608 - our own names
    total, done = archive.manifest.tables[table].rows, 0
    batches = archive.batches(table, size=_BATCH)
    told(Progress(table, 0, total))
    while some := await asyncio.to_thread(next, batches, None):
        rows = f"[{','.join(shown(table, some, keys))}]"
        await connection.execute(query, {"rows": rows})
        done += len(some)
        told(Progress(table, done, total))


async def number_on(connection: AsyncConnection, last: Mapping[str, int]) -> None:
    """See that no number is given twice: go on behind the last that was given then, or here."""
    for name, number in last.items():
        await connection.execute(_LAST, {"name": name, "last": number})
