"""The trigger that writes down moves of conversations, on or off, for ``benchmarks.moves``."""

from sqlalchemy import text

from chatcrew.database import Database

_TRIGGERS = ("conversation_begun", "conversation_moved")


async def note_moves(database: Database, *, on: bool) -> None:
    """Let it write, or not."""
    change = f"alter table conversation {'enable' if on else 'disable'} trigger"
    async with database.begin() as connection:
        for name in _TRIGGERS:
            await connection.execute(text(f"{change} {name}"))
