"""Seals what is stored with the first key: after a key was added, changed, or all were taken away.

It may be stopped and begun again at any time: rows that are as they should be are left alone, and
a row that changed meanwhile is left to whoever changed it, who has the new key.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, Table, func, select, tuple_, update

from chatcrew.database import Database, schema
from chatcrew.database.keys_in_use import retire_keys
from chatcrew.database.sealing import line_with
from chatcrew.database.transactions import statement, transaction
from chatcrew.errors import StoreError
from chatcrew.privacy import Keyring, walked

BATCH = 500
"""Rows looked at in one transaction, so that nobody waits long for one of them."""

LOOKS = 2
"""Times everything is looked at again for what was written meanwhile."""


class StillSealing(StoreError):
    """A running process seals with another key than the first: it was not restarted."""

    def __init__(self) -> None:
        super().__init__("a running process still seals with another key; restart it first")

    def render(self, language: str) -> str:
        """Return it in ``pt-BR`` or ``en``."""
        return _STILL[language]


_STILL = {
    "pt-BR": "um processo em execução ainda cifra com outra chave: reinicie todos e rode de novo; "
    "as chaves antigas continuam necessárias",
    "en": "a running process still seals with another key: restart all of them and run this again; "
    "the old keys are still needed",
}

Reseal = Callable[[Keyring, RowMapping, Any], Any]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column that holds what customers say.

    Attributes:
        table: which.
        column: name of the column.
        reseal: returns a stored value sealed with the first key.
        about: other columns that it needs.
    """

    table: Table
    column: str
    reseal: Reseal
    about: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As reports call it."""
        return f"{self.table.name}.{self.column}"


def _text(form: str) -> Reseal:
    """Return what seals a text that is about, say, ``fact {tenant}``."""

    def reseal(keys: Keyring, row: RowMapping, value: Any) -> str:
        return keys.renewed(value, form.format(**row))

    return reseal


def _bytes(form: str) -> Reseal:
    def reseal(keys: Keyring, row: RowMapping, value: Any) -> bytes:
        return keys.renewed_bytes(bytes(value), form.format(**row))

    return reseal


def _json(form: str, within: Callable[[Any, Callable[[str], str]], Any]) -> Reseal:
    def reseal(keys: Keyring, row: RowMapping, value: Any) -> Any:
        about = form.format(**row)
        return within(value, lambda text: keys.renewed(text, about))

    return reseal


SEALED: Sequence[Sealed] = (
    Sealed(schema.message, "line", _json("line {bot}", line_with)),
    Sealed(schema.event, "body", _bytes("body {bot}"), ("bot",)),
    Sealed(schema.quarantine, "body", _bytes("body {bot}"), ("bot",)),
    Sealed(schema.outbox_part, "payload", _json("part {bot}", walked), ("bot",)),
    Sealed(schema.rating, "feedback", _text("rating {bot}")),
    Sealed(schema.contact_fact, "body", _text("fact {tenant}"), ("tenant",)),
    Sealed(schema.episode_memory, "summary", _text("summary {bot}")),
    Sealed(schema.attachment_content, "text", _text("file {tenant}")),
    Sealed(schema.suggestion, "text", _text("draft {tenant}"), ("tenant",)),
    Sealed(schema.tool_call, "arguments", _json("call {tenant}", walked), ("tenant",)),
    Sealed(schema.tool_call, "result", _text("call")),
)
"""Every column that is sealed; a test plants words in all of them."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """How far a column is: rows looked at, and how many of them were sealed anew."""

    name: str
    rows: int
    total: int
    sealed: int


async def rotate(database: Database, *, plain: bool = False) -> AsyncIterator[Rotated]:
    """Seal every column with the first key, or open it; tell how far it is.

    It ends with a look at everything in which nothing had to be changed. Only then the other keys
    are noted as used no more, so that they may be taken away: what a process that still has another
    key in front wrote meanwhile would else be lost with its key.

    Args:
        database: with all keys that something may be sealed with.
        plain: leave nothing sealed; no process may run that still seals.

    Raises:
        StillSealing: somebody goes on sealing with another key.
        Unsealable: a value is sealed with a key that is not among ours; what was done stays.
        StoreError: the database is away; what was done stays.
    """
    keys = database.keys.opening() if plain else database.keys
    for column in SEALED:
        async for told in _column(database, column, keys):
            yield told
    for _ in range(LOOKS):
        late = 0
        for column in SEALED:
            async for told in _column(database, column, keys):
                last = told
            late += last.sealed
        if not late:
            await retire_keys(database, keep=() if plain else keys.names[:1])
            return
    raise StillSealing


async def _column(database: Database, column: Sealed, ring: Keyring) -> AsyncIterator[Rotated]:
    async with statement(database) as connection:
        total = await connection.scalar(select(func.count()).select_from(column.table)) or 0
    keys = list(column.table.primary_key.columns)
    last: Sequence[Any] | None = None
    rows = sealed = 0
    yield Rotated(column.name, 0, total, 0)
    while True:
        found, changed = await _batch(database, column, ring, last)
        rows, sealed = rows + len(found), sealed + changed
        if found:
            last = [found[-1][key.name] for key in keys]
        yield Rotated(column.name, rows, max(total, rows), sealed)
        if len(found) < BATCH:
            return


async def _batch(
    database: Database,
    column: Sealed,
    ring: Keyring,
    last: Sequence[Any] | None,
) -> tuple[Sequence[RowMapping], int]:
    table, value = column.table, column.table.c[column.column]
    keys = list(table.primary_key.columns)
    more = [table.c[name] for name in column.about if name not in table.primary_key.columns]
    query = select(*keys, *more, value.label("stored")).order_by(*keys).limit(BATCH)
    if last is not None:
        query = query.where(tuple_(*keys) > tuple_(*last))
    async with transaction(database) as connection:
        found = (await connection.execute(query)).mappings().all()
        changed = 0
        for row in found:
            if row["stored"] is None:
                continue
            stored = column.reseal(ring, row, row["stored"])
            if stored == row["stored"]:
                continue
            mine = [key == row[key.name] for key in keys]
            done = await connection.execute(
                update(table).where(*mine, value == row["stored"]).values({column.column: stored})
            )
            changed += done.rowcount
    return found, changed
