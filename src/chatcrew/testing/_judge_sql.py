"""Reads what the database says became of every message of a customer."""

from dataclasses import dataclass

from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.database.transactions import transaction

_HEARD = text("""
    select event.message_id, event.turn_id, turn.state, turn.outcome, turn.reason
    from event left join turn on turn.id = event.turn_id where event.message_id is not null
    order by event.id
""")


@dataclass(frozen=True, slots=True)
class Heard:
    """One stored input and the turn it is in; None where no turn has it yet."""

    message_id: int
    turn_id: str | None = None
    state: str | None = None
    outcome: str | None = None
    reason: str | None = None

    @property
    def how(self) -> str:
        """The end of its turn in words."""
        return f"{self.outcome} ({self.reason})"


async def read_heard(database: Database) -> list[Heard]:
    """Return every input with a message, in the order in which they came."""
    async with transaction(database) as connection:
        return [Heard(*record) for record in await connection.execute(_HEARD)]
