"""Where a business talked last, out of its turns."""

from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.database.transactions import statement
from chatcrew.ids import ConversationId

_LAST = text("""
    select account, bot, number from turn
    where tenant = :tenant and finished_at is not null and not starts_with(bot, 'sim:')
    order by finished_at desc limit 1
""")


async def last_conversation(database: Database, tenant: str) -> ConversationId | None:
    """Return the conversation in which a tenant's bot had its last turn, None if it had none.

    Raises:
        StoreError: storage is away.
    """
    async with statement(database) as connection:
        row = (await connection.execute(_LAST, {"tenant": tenant})).first()
    return None if row is None else ConversationId(row.account, row.bot, row.number)
