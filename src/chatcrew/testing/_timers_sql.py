"""Moves timers in a database, for tests that cannot wait for them."""

from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.database.transactions import transaction

_DUE = text("update timer set due_at = now() - interval '1 second' where ended_at is null")
_OVER = text("update conversation set silence_until = now() where silence_until is not null")
_EXPIRED = text("update tool_call set expires_at = now() where state = 'waiting'")


async def make_due(database: Database) -> None:
    """Let every timer that waits be due, every pause be over, every request have expired."""
    async with transaction(database) as connection:
        await connection.execute(_DUE)
        await connection.execute(_OVER)
        await connection.execute(_EXPIRED)
