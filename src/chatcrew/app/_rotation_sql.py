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
from chatcrew.database.sealing import about_row, line_with
from chatcrew.database.transactions import statement, transaction
from chatcrew.errors import StoreError
from chatcrew.privacy import Keyring, Unsealable, walked

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

Reseal = Callable[[Keyring, str, Any], Any]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column that holds what customers say.

    Attributes:
        table: which.
        column: name of the column.
        reseal: returns a stored value sealed with the first key.
        about: columns beside the primary key that say whose it is.
    """

    table: Table
    column: str
    reseal: Reseal
    about: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As reports call it."""
        return f"{self.table.name}.{self.column}"


def _text(keys: Keyring, about: str, value: Any) -> str:
    return keys.renewed(value, about)


def _bytes(keys: Keyring, about: str, value: Any) -> bytes:
    return keys.renewed_bytes(bytes(value), about)


def _json(within: Callable[[Any, Callable[[str], str]], Any]) -> Reseal:
    def reseal(keys: Keyring, about: str, value: Any) -> Any:
        return within(value, lambda text: keys.renewed(text, about))

    return reseal


SEALED: Sequence[Sealed] = (
    Sealed(schema.message, "line", _json(line_with)),
    Sealed(schema.event, "body", _bytes, ("bot",)),
    Sealed(schema.quarantine, "body", _bytes, ("bot",)),
    Sealed(schema.outbox_part, "payload", _json(walked), ("bot",)),
    Sealed(schema.rating, "feedback", _text),
    Sealed(schema.contact_fact, "body", _text, ("tenant",)),
    Sealed(schema.episode_memory, "summary", _text),
    Sealed(schema.attachment_content, "text", _text),
    Sealed(schema.suggestion, "text", _text, ("tenant",)),
    Sealed(schema.tool_call, "arguments", _json(walked), ("tenant",)),
    Sealed(schema.tool_call, "result", _text, ("tenant",)),
)
"""Every column that is sealed; a test plants words in all of them."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """How far a column is.

    Attributes:
        name: of the column.
        rows: looked at.
        total: rows there are.
        sealed: rows that were sealed anew.
        changed: rows that somebody changed in the database: they open for nobody, and stay.
    """

    name: str
    rows: int
    total: int
    sealed: int
    changed: int = 0


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
    rows = sealed = changed = 0
    yield Rotated(column.name, 0, total, 0)
    while True:
        found, anew, spoilt = await _batch(database, column, ring, last)
        rows, sealed, changed = rows + len(found), sealed + anew, changed + spoilt
        if found:
            last = [found[-1][key.name] for key in keys]
        yield Rotated(column.name, rows, max(total, rows), sealed, changed)
        if len(found) < BATCH:
            return


async def _batch(
    database: Database,
    column: Sealed,
    ring: Keyring,
    last: Sequence[Any] | None,
) -> tuple[Sequence[RowMapping], int, int]:
    table, value = column.table, column.table.c[column.column]
    keys = list(table.primary_key.columns)
    more = [table.c[name] for name in column.about if name not in table.primary_key.columns]
    query = select(*keys, *more, value.label("stored")).order_by(*keys).limit(BATCH)
    if last is not None:
        query = query.where(tuple_(*keys) > tuple_(*last))
    async with transaction(database) as connection:
        found = (await connection.execute(query)).mappings().all()
        anew = spoilt = 0
        for row in found:
            if row["stored"] is None:
                continue
            about = about_row(table.name, column.column, row)
            try:
                stored = column.reseal(ring, about, row["stored"])
            except Unsealable as error:
                if not error.tampered:
                    raise
                spoilt += 1
                continue
            if stored == row["stored"]:
                continue
            mine = [key == row[key.name] for key in keys]
            done = await connection.execute(
                update(table).where(*mine, value == row["stored"]).values({column.column: stored})
            )
            anew += done.rowcount
    return found, anew, spoilt
