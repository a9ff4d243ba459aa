"""Unanswered questions on PostgreSQL; table ``knowledge_gap``."""

from sqlalchemy import text

from chatcrew.clock import Clock, SystemClock
from chatcrew.database import Database
from chatcrew.database.transactions import transaction
from chatcrew.knowledge._gaps import MOST, Gap, plainly

_NOTE = text("""
    insert into knowledge_gap (tenant, question, first_at, last_at)
    values (:tenant, :question, :now, :now)
    on conflict (tenant, question) do update
    set count = knowledge_gap.count + 1, last_at = excluded.last_at
    returning count
""")
_BOUND = text("""
    delete from knowledge_gap where tenant = :tenant and question in (
        select question from knowledge_gap where tenant = :tenant
        order by last_at desc, question desc offset :most
    )
""")
_GAPS = text("""
    select question, count, first_at, last_at from knowledge_gap where tenant = :tenant
    order by count desc, last_at desc, question collate "C" limit :limit
""")


class PostgresGaps:
    """Satisfies ``Gaps``.

    Args:
        database: migrated.
        clock: says when a question was asked.
    """

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()

    async def note(self, tenant: str, question: str) -> None:
        """Count a question that could not be answered.

        Raises:
            StoreError: the database is away.
        """
        plain = plainly(question)
        if not plain:
            return
        row = {"tenant": tenant, "question": plain, "now": self._clock.now()}
        async with transaction(self._database) as connection:
            if await connection.scalar(_NOTE, row) == 1:
                await connection.execute(_BOUND, {"tenant": tenant, "most": MOST})

    async def gaps(self, tenant: str, *, limit: int = 50) -> list[Gap]:
        """Return what was asked in vain, the most frequent first.

        Raises:
            StoreError: the database is away.
        """
        async with transaction(self._database) as connection:
            found = await connection.execute(_GAPS, {"tenant": tenant, "limit": limit})
            return [Gap(**row) for row in found.mappings()]
