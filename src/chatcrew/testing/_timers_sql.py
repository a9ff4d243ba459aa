"""Moves timers and messages in a database, for tests that cannot wait for them."""

from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.database.transactions import transaction

_DUE = text("update timer set due_at = now() - interval '1 second' where ended_at is null")
_OVER = text("update conversation set silence_until = now() where silence_until is not null")
_OLD = text("""
    update message set line = jsonb_set(line, '{created_at}', to_jsonb(to_char(
        (cast(line ->> 'created_at' as timestamptz) - make_interval(secs => :seconds))
        at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')))
""")
_EXPIRED = text("update tool_call set expires_at = now() where state = 'waiting'")


async def make_due(database: Database) -> None:
    """Let every timer that waits be due, every pause be over, every request have expired."""
    async with transaction(database) as connection:
        await connection.execute(_DUE)
        await connection.execute(_OVER)
        await connection.execute(_EXPIRED)


async def make_old(database: Database, *, hours: float) -> None:
    """Let every message have been written so many hours earlier, as our records have it."""
    async with transaction(database) as connection:
        await connection.execute(_OLD, {"seconds": hours * 3600})
