"""Statements straight to the driver, with the part of SQLAlchemy's interface that our SQL uses.

SQLAlchemy's own way costs 0.3 ms of CPU more per statement (greenlets, contexts, result sets), and
a turn has some forty of them. What it is needed for (``insert(table)``, many rows in one call,
streams) still goes through it, on the same connection and in the same transaction.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import asyncpg
from sqlalchemy import Executable, TextClause
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.exc import MultipleResultsFound, NoResultFound
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncResult

from chatcrew.database._pool import Held


class Row(asyncpg.Record):  # type: ignore[misc]  # the driver is untyped
    """A row by position and by name, as SQLAlchemy's rows and mappings in one."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def _mapping(self) -> "Row":
        return self


class Rows(Sequence[Any]):
    """What a statement returned, all of it; named as SQLAlchemy's ``CursorResult``.

    Args:
        found: the rows.
        status: PostgreSQL's word of what was done, such as ``UPDATE 3``.
    """

    def __init__(self, found: Sequence[Any], status: str = "") -> None:
        self._found = found
        self._status = status

    def __iter__(self) -> Iterator[Any]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __getitem__(self, at: Any) -> Any:
        return self._found[at]

    @property
    def rowcount(self) -> int:
        """How many rows were found, written or deleted."""
        count = self._status.rpartition(" ")[2]
        return int(count) if count.isdigit() else -1

    def mappings(self) -> "Rows":
        """Return the same rows: they are mappings too."""
        return self

    def scalars(self) -> "Rows":
        """Return the first value of each row."""
        return Rows([row[0] for row in self._found], self._status)

    def all(self) -> Sequence[Any]:
        """Return every row."""
        return self._found

    def first(self) -> Any:
        """Return the first row, None if there is none."""
        return self._found[0] if self._found else None

    def one(self) -> Any:
        """Return the only row.

        Raises:
            NoResultFound: there is none.
            MultipleResultsFound: there are several.
        """
        if not self._found:
            raise NoResultFound("a row was required")
        return self.one_or_none()

    def one_or_none(self) -> Any:
        """Return the only row, None if there is none.

        Raises:
            MultipleResultsFound: there are several.
        """
        if len(self._found) > 1:
            raise MultipleResultsFound("one row at most was required")
        return self.first()

    def scalar(self) -> Any:
        """Return the first value of the first row, None if there is none."""
        return self._found[0][0] if self._found else None

    def scalar_one(self) -> Any:
        """Return the only value.

        Raises:
            NoResultFound, MultipleResultsFound: as ``one``.
        """
        return self.one()[0]

    def scalar_one_or_none(self) -> Any:
        """Return the only value, None if there is no row.

        Raises:
            MultipleResultsFound: there are several rows.
        """
        found = self.one_or_none()
        return None if found is None else found[0]


class QuickConnection:
    """A connection that a ``Pool`` gave.

    Args:
        held: the connection.
    """

    def __init__(self, held: Held) -> None:
        self._alchemy: AsyncConnection = held.alchemy
        self._driver: Any = held.driver

    async def execute(
        self,
        statement: Executable,
        values: Mapping[str, object] | Sequence[Mapping[str, object]] | None = None,
    ) -> Any:
        """Return what the statement returned (``Rows``, or SQLAlchemy's own result).

        Args:
            statement: text with ``:named`` values goes straight to the driver.
            values: by name; they go to the driver as they are.

        Raises:
            asyncpg.PostgresError: the database refused it.
            sqlalchemy.exc.DBAPIError: it refused what SQLAlchemy had to see to.
        """
        if not isinstance(statement, TextClause) or isinstance(values, Sequence):
            return await self._alchemy.execute(statement, values)
        sql, names = _compiled(statement)
        if names is None:
            return await self._alchemy.execute(statement, values)
        given = [values[name] for name in names] if values else []
        # fetch() keeps what PostgreSQL says to itself, and prepare() would keep no statement
        found, status, _ = await self._driver._execute(
            sql, given, 0, None, return_status=True, record_class=Row
        )
        return Rows(found, status.decode())

    async def scalar(
        self, statement: Executable, values: Mapping[str, object] | None = None
    ) -> Any:
        """Return the first value of the first row, None if there is none.

        Raises:
            asyncpg.PostgresError, sqlalchemy.exc.DBAPIError: as ``execute``.
        """
        return (await self.execute(statement, values)).scalar()

    async def scalars(
        self, statement: Executable, values: Mapping[str, object] | None = None
    ) -> Any:
        """Return the first value of each row.

        Raises:
            asyncpg.PostgresError, sqlalchemy.exc.DBAPIError: as ``execute``.
        """
        return (await self.execute(statement, values)).scalars()

    async def exec_driver_sql(self, sql: str) -> Any:
        """Run SQL as it stands.

        Raises:
            sqlalchemy.exc.DBAPIError: the database refused it.
        """
        return await self._alchemy.exec_driver_sql(sql)

    async def run_sync(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Call ``work`` with SQLAlchemy's connection, inside this transaction; return its answer.

        Raises:
            Exception: whatever it raises.
        """
        return await self._alchemy.run_sync(work, *arguments)

    async def stream(
        self, statement: Executable, values: Mapping[str, object] | None = None, **more: Any
    ) -> AsyncResult[Any]:
        """Return rows as they come, through SQLAlchemy.

        Raises:
            sqlalchemy.exc.DBAPIError: the database refused it.
        """
        return await self._alchemy.stream(statement, values, **more)


@lru_cache(maxsize=1024)
def _compiled(statement: TextClause) -> tuple[str, tuple[str, ...] | None]:
    """Return the statement with ``$1`` … and the names in that order.

    None for the names where SQLAlchemy itself has to make something of the values.
    """
    asyncpgs = dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves its dialects untyped
    compiled = statement.compile(dialect=asyncpgs)
    if compiled.literal_execute_params or compiled.post_compile_params or compiled._bind_processors:
        return "", None
    return str(compiled), tuple(compiled.positiontup or ())
