"""Figures of a talk since people last had it, on PostgreSQL."""

from collections.abc import Awaitable, Callable

from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.database.transactions import statement
from chatcrew.messages import Claim, Talk

# By message ids and by our own turns: Chatwoot's clock is not ours.
_SO_FAR = text("""
    with handed as (
        select id, decided_at from turn
        where bot = :bot and number = :number and outcome = 'handed_off'
    ), lines as (
        select message_id, private, line -> 'author' ->> 'kind' as author,
               cast(line ->> 'created_at' as timestamptz) as at
        from message
        where bot = :bot and number = :number and episode = :episode and not deleted
    ), since as (
        select greatest(
            coalesce((
                select max(p.message_id) from outbox_part p join handed on handed.id = p.turn_id
            ), 0),
            coalesce((
                select max(message_id) from lines
                where not private and author in ('person', 'phone')
            ), 0)
        ) as message,
        greatest(
            coalesce((select min(at) from lines), :started),
            (select max(decided_at) from handed)
        ) as moment
    )
    select (
        select count(*) from lines, since
        where not private and author in ('customer', 'bot') and message_id > since.message
    ) as messages, (
        select coalesce(sum(c.cost), 0)::double precision
        from turn t join model_call c on c.turn_id = t.id, since
        where t.bot = :bot and t.number = :number and t.started_at > since.moment
          and not c.from_cache
    ) as cost, (
        select since.message >= coalesce((select min(message_id) from lines), 0)
            and since.message > 0
        from since
    ) as handed
""")


class PostgresTalks:
    """Satisfies ``hub.talks_port.Talks``.

    Args:
        database: migrated.
        booked: waits until the model calls of a turn are on the books; None: nothing does.
    """

    def __init__(
        self, database: Database, *, booked: Callable[[str], Awaitable[None]] | None = None
    ) -> None:
        self._database = database
        self._booked = booked

    async def so_far(self, claim: Claim) -> Talk:
        """See ``Talks.so_far``."""
        if self._booked is not None:
            # What this turn asked for before, such as what a picture shows, is of its cost
            await self._booked(claim.key.turn_id)
        values = {
            "bot": claim.state.id.bot,
            "number": claim.state.id.number,
            "episode": claim.state.episode,
            "started": claim.started_at,
        }
        async with statement(self._database) as connection:
            found = (await connection.execute(_SO_FAR, values)).one()
        return Talk(messages=found.messages, cost=found.cost, handed=found.handed)
