"""Where a business talked last, out of its turns."""

from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.database.transactions import statement
from chatcrew.ids import ConversationId

AMONG = 1000
"""So many turns are looked at: a business that gave all its conversations away is asked for often,
and would otherwise be searched for to its first turn each time."""

# A conversation may be another business's by now, and its people would read this one's affairs
_LAST = text("""
    select account, bot, number
    from (
        select account, bot, number, tenant, finished_at from turn
        where tenant = :tenant and finished_at is not null and not starts_with(bot, 'sim:')
        order by finished_at desc limit :among
    ) as newest
    join conversation using (account, bot, number, tenant)
    order by finished_at desc limit 1
""")


async def last_conversation(
    database: Database, tenant: str, *, among: int = AMONG
) -> ConversationId | None:
    """Return the tenant's own conversation with its bot's last turn, None if it had none.

    Args:
        database: which knows the turns.
        tenant: of the business.
        among: its newest turns that are looked at.

    Raises:
        StoreError: storage is away.
    """
    async with statement(database) as connection:
        row = (await connection.execute(_LAST, {"tenant": tenant, "among": among})).first()
    return None if row is None else ConversationId(row.account, row.bot, row.number)
