"""Lets debts in a database grow old, for tests that cannot wait for people."""

from datetime import timedelta

from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.database.transactions import transaction

_OLDER = text("""
    update debt set opened_at = opened_at - cast(:by as interval),
        next_at = next_at - cast(:by as interval)
    where ended_at is null
""")
_LONGER = text("""
    update conversation set customer_at = customer_at - cast(:by as interval)
    where customer_at is not null
""")


async def grow_older(database: Database, *, minutes: float) -> None:
    """Let everybody who waits for people wait as much longer."""
    values = {"by": timedelta(minutes=minutes)}
    async with transaction(database) as connection:
        await connection.execute(_OLDER, values)
        await connection.execute(_LONGER, values)
