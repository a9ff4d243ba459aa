"""Adds up days by thirds of months, so that a year is read in a few rows."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.analytics._facts_sql import SPENT
from chatcrew.analytics._saving_facts_sql import SAVED, SAVED_BY
from chatcrew.analytics._windows import third_of

MARK = "thirds"
"""Names the mark: midnight UTC of the first day that is in no third; none: no third holds."""

_WEST = timedelta(hours=12)
"""How far behind UTC a calendar can be."""

_TABLES = (
    ("fact", ("measure", "tenant", "bot", "part", "step"), ("n", "total")),
    ("spend", ("tenant", "bot", "role", "model"), SPENT),
    ("saving", SAVED_BY, SAVED),
)
_ADD = tuple(
    text(f"""
        insert into third_{name} (third, {", ".join(by)}, {", ".join(sums)})
        select third_of(day) as third, {", ".join(by)}, {", ".join(f"sum({one})" for one in sums)}
        from day_{name}
        where (cast(:since as date) is null or day >= cast(:since as date))
          and day < cast(:before as date)
          and (cast(:tenant as text) is null or tenant = :tenant)
        group by third, {", ".join(by)}
    """)  # noqa: S608 - constants of this house
    for name, by, sums in _TABLES
)
_FORGET = tuple(
    text(f"""
        delete from third_{name} where cast(:tenant as text) is null or tenant = :tenant
    """)  # noqa: S608 - constants of this house
    for name, _, _ in _TABLES
)
_AT = text("select at from fact_mark where name = :name for update")
_SET = text("""
    insert into fact_mark (name, at) values (:name, :at)
    on conflict (name) do update set at = excluded.at
""")


async def gather(connection: AsyncConnection, *, added: datetime) -> None:
    """Add up the thirds that are over; the mark of days is held.

    Args:
        connection: in the transaction that holds it.
        added: up to where days are added up.
    """
    mark = await gathered(connection)
    reached = third_of((added.astimezone(UTC) - _WEST).date())
    if mark is not None and mark >= reached:
        return
    if mark is None:
        await forget(connection, tenant=None)
    span = {"since": mark, "before": reached, "tenant": None}
    for add in _ADD:
        await connection.execute(add, span)
    at = datetime.combine(reached, datetime.min.time(), UTC)
    await connection.execute(_SET, {"name": MARK, "at": at})


async def gather_tenant(connection: AsyncConnection, tenant: str) -> None:
    """Add up one tenant's thirds anew; the mark of days is held, and its days have changed."""
    await forget(connection, tenant=tenant)
    mark = await gathered(connection)
    if mark is not None:
        for add in _ADD:
            await connection.execute(add, {"since": None, "before": mark, "tenant": tenant})


async def forget(connection: AsyncConnection, *, tenant: str | None) -> None:
    """Delete the thirds of one tenant, or of all."""
    for one in _FORGET:
        await connection.execute(one, {"tenant": tenant})


async def gathered(connection: AsyncConnection) -> date | None:
    """Return the first day that is in no third; None: no third holds."""
    at: datetime | None = await connection.scalar(_AT, {"name": MARK})
    return None if at is None else at.astimezone(UTC).date()
