"""Sessions of simulated customers on PostgreSQL, and what became of their messages."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.database.transactions import statement, transaction
from chatcrew.ids import SIMULATED

_CONTACT = text("""
    insert into simulated_contact (tenant, name) values (:tenant, :name)
    on conflict (tenant, name) do update set name = excluded.name
    returning id
""")

_SESSION = text("""
    insert into simulated_session (tenant, session, contact, begun_at)
    values (:tenant, :session, :contact, :at)
    on conflict (tenant, session) do update set session = excluded.session
    returning number, contact
""")

_NEXT = text("select nextval('simulated_message')")

_TURN = text("""
    select turn.id, turn.state = 'finished' as finished
    from event join turn on turn.id = event.turn_id
    where event.bot = :bot and event.message_id = :message
    order by event.id limit 1
""")


@dataclass(frozen=True, slots=True)
class Session:
    """One simulated conversation: its number and its contact's, both of its tenant's own bot."""

    tenant: str
    number: int
    contact: int


class PostgresSimulations:
    """Numbers of sessions, contacts and messages; satisfies ``Numbers``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def session(self, tenant: str, session: str, *, contact: str, at: datetime) -> Session:
        """Return a session of a tenant, begun now if there is none; its contact stays who it was.

        Raises:
            StoreError: storage is away.
        """
        async with transaction(self._database) as connection:
            asked = {"tenant": tenant, "name": contact}
            found = (await connection.execute(_CONTACT, asked)).scalar_one()
            values = {"tenant": tenant, "session": session, "contact": found, "at": at}
            row = (await connection.execute(_SESSION, values)).one()
        return Session(tenant, row.number, row.contact)

    async def next_message(self) -> int:
        """See ``Numbers.next_message``."""
        async with statement(self._database) as connection:
            number: int = (await connection.execute(_NEXT)).scalar_one()
        return number

    async def turn_of(self, tenant: str, message: int) -> tuple[str, bool] | None:
        """Return the turn that took a customer's message and whether it has ended, or None.

        Raises:
            StoreError: storage is away.
        """
        asked = {"bot": f"{SIMULATED}{tenant}", "message": message}
        async with statement(self._database) as connection:
            row = (await connection.execute(_TURN, asked)).one_or_none()
        return None if row is None else (row.id, row.finished)
