"""What the index on PostgreSQL holds of documents: for people who look after it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.database.transactions import transaction
from chatcrew.knowledge._passages import name_of
from chatcrew.tenancy.model import Document

_STATE = text("""
    select d.digest, d.passages, d.fault,
        coalesce(max(substring(p.mark from 2)::int) filter (where p.mark ~ '^p[0-9]+$'), 0) as pages
    from knowledge_document as d
        left join knowledge_passage as p on p.tenant = d.tenant and p.digest = d.digest
    where d.tenant = :tenant and d.digest = any(:digests) and d.passages is not null
    group by d.tenant, d.digest, d.passages, d.fault
""")


@dataclass(frozen=True, slots=True)
class Indexed:
    """A document as it is in the index.

    Attributes:
        passages: so many.
        pages: of a PDF the last one with text on it, else 0.
        fault: why there are no passages: the kind of a ``DocumentError``, or None.
    """

    passages: int
    pages: int
    fault: str | None = None


async def indexed(
    database: Database, tenant: str, documents: Sequence[Document]
) -> dict[str, Indexed]:
    """Return those documents that are in the index, by path.

    Raises:
        StoreError: the database is away.
    """
    names = {one.path: name_of(one) for one in documents}
    which = {"tenant": tenant, "digests": list({*names.values()})}
    async with transaction(database) as connection:
        rows = {row.digest: row for row in await connection.execute(_STATE, which)}
    return {
        path: Indexed(rows[name].passages, rows[name].pages, rows[name].fault)
        for path, name in names.items()
        if name in rows
    }
