"""Takes tables back to what an older version of the code expects."""

import asyncio
from typing import Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.database._database import Database
from chatcrew.database._migrate import (
    TAKE_TURNS,
    known_revisions,
    load_migrations,
    revision_of,
)
from chatcrew.errors import StoreError
from chatcrew.telemetry import get_logger

_log = get_logger("database")

_SEALING = "0026"
"""The first revision whose code can read what is sealed."""

_OTHERS = text("""
    select distinct application_name from pg_stat_activity
    where datname = current_database() and starts_with(application_name, 'chatcrew')
      and pid <> pg_backend_pid() and application_name <> :own
    order by 1
""")
_SEALED = text("select name from sealing_key order by name")

Why = Literal["unknown", "not_older", "in_use", "sealed"]


class CannotGoBack(StoreError):
    """The tables stay as they are.

    Args:
        why: ``unknown`` revision, one that is ``not_older``, processes ``in_use``, words
            ``sealed`` that the older code could not read.
        names: the revisions known, processes or keys in question.
    """

    def __init__(self, why: Why, names: list[str]) -> None:
        super().__init__(f"the tables cannot go back ({why}): {', '.join(names)}")
        self.why: Why = why
        self.names = names


async def downgrade(database: Database, *, to: str, name: str) -> None:
    """Undo the migrations after ``to``, newest first, in one transaction; what they held is lost.

    Args:
        database: whose tables; nobody else may be connected.
        to: the revision that the older code knows as its newest.
        name: application name of ``database``'s own connections.

    Raises:
        CannotGoBack: and nothing is changed.
        StoreError: it cannot be reached.
    """
    known = await known_revisions()
    if to not in known:
        raise CannotGoBack("unknown", known)
    migrations = await asyncio.to_thread(load_migrations)
    async with (
        await Database.open(
            database.address, name=name, pool_size=1, command_seconds=None
        ) as patient,
        patient.begin() as connection,
    ):
        await connection.execute(TAKE_TURNS)
        await _see_that_it_may(connection, to, name)
        await connection.run_sync(migrations.downgrade, to)
    _log.info("database.taken_back", to=to)


async def _see_that_it_may(connection: AsyncConnection, to: str, name: str) -> None:
    now = await revision_of(connection)
    if now is None or to >= now:
        raise CannotGoBack("not_older", [now or "-"])
    others = list(await connection.scalars(_OTHERS, {"own": name}))
    if others:
        raise CannotGoBack("in_use", others)
    if to < _SEALING <= now:
        keys = list(await connection.scalars(_SEALED))
        if keys:
            raise CannotGoBack("sealed", keys)
