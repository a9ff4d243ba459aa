"""Verdicts in PostgreSQL: one row for each content that was played."""

import contextlib
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AbstractAsyncContextManager

import orjson
from sqlalchemy import text

from chatcrew.app.verdicts import Verdict
from chatcrew.database import Database

# What could not be played is worth another try later; a verdict whose content nobody has run for a
# season is no longer needed by anybody.
_READ = text("""
    select content, tenant, failures from rehearsal
    where content = any(:contents) and (failures is not null or at > now() - interval '10 minutes')
""")
_WRITE = text("""
    insert into rehearsal (content, tenant, failures)
    values (:content, :tenant, cast(:failures as jsonb))
    on conflict (content) do update set failures = excluded.failures, at = now()
    where rehearsal.failures is null
""")
_FORGET = text("delete from rehearsal where at < now() - interval '90 days'")
# Any number that nobody else uses in this database ("play" in ASCII)
_ENTER = text("select pg_try_advisory_lock(1886151033)")
_LEAVE = text("select pg_advisory_unlock(1886151033)")


class PostgresVerdicts:
    """Verdicts that all processes on one database share.

    Args:
        database: migrated.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, contents: Collection[str]) -> Mapping[str, Verdict]:
        """Return what is known.

        Raises:
            StoreError: the database is away.
        """
        async with self._database.alone() as connection:
            rows = (await connection.execute(_READ, {"contents": list(contents)})).all()
        return {
            content: Verdict(content, tenant, None if failures is None else tuple(failures))
            for content, tenant, failures in rows
        }

    async def write(self, verdict: Verdict) -> None:
        """Keep it, unless it was played before.

        Raises:
            StoreError: the database is away.
        """
        failures = None if verdict.failures is None else orjson.dumps(verdict.failures).decode()
        values = {"content": verdict.content, "tenant": verdict.tenant, "failures": failures}
        async with self._database.begin() as connection:
            await connection.execute(_WRITE, values)
            await connection.execute(_FORGET)

    @contextlib.asynccontextmanager
    async def _alone(self) -> AsyncIterator[bool]:
        # A lock of the session: it ends with this process, however that ends
        async with self._database.alone() as connection:
            mine = bool(await connection.scalar(_ENTER))
            try:
                yield mine
            finally:
                if mine:
                    try:
                        await connection.execute(_LEAVE)
                    except BaseException:  # whatever it was, nobody may get this session again
                        await connection.invalidate()
                        raise

    def alone(self) -> AbstractAsyncContextManager[bool]:
        """Give whether no other process, on any machine, is inside such a block.

        Raises:
            StoreError: the database is away.
        """
        return self._alone()
