"""Where a business talked last, out of its turns."""

from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.database.transactions import statement
from chatcrew.ids import ConversationId

# A conversation may be another business's by now, and its people would read this one's affairs
_LAST = text("""
    select account, bot, number
    from turn join conversation using (account, bot, number, tenant)
    where tenant = :tenant and finished_at is not null and not starts_with(bot, 'sim:')
    order by finished_at desc limit 1
""")


async def last_conversation(database: Database, tenant: str) -> ConversationId | None:
    """Return the tenant's own conversation with its bot's last turn, None if it had none.

    Raises:
        StoreError: storage is away.
    """
    async with statement(database) as connection:
        row = (await connection.execute(_LAST, {"tenant": tenant})).first()
    return None if row is None else ConversationId(row.account, row.bot, row.number)
