"""The history on PostgreSQL."""

from collections.abc import Mapping, Sequence

import orjson
from sqlalchemy import text

from chatcrew.conversations._port import Earlier, Rated
from chatcrew.database import Database
from chatcrew.database.sealing import opened_line
from chatcrew.database.transactions import statement
from chatcrew.ids import ConversationId
from chatcrew.messages import Line, Rating, Receipt, line_from_json

_WINDOW = text("""
    select line::text as line from message
    where bot = :bot and number = :number and not deleted
      and (not private or :private)
      and episode = coalesce(cast(:episode as integer), episode)
      and episode >= (
          select tenant_episode from conversation where bot = :bot and number = :number
      )
    order by message_id desc, part desc limit :limit
""")

_WINDOWS = text("""
    select asked.place, said.line
    from unnest(cast(:bots as text[]), cast(:numbers as bigint[]), cast(:episodes as integer[]))
        with ordinality as asked (bot, number, episode, place)
    cross join lateral (
        select line::text as line, message_id, part from message
        where bot = asked.bot and number = asked.number and not deleted and not private
          and episode = asked.episode
          and episode >= (
              select tenant_episode from conversation
              where bot = asked.bot and number = asked.number
          )
        order by message_id desc, part desc limit :limit
    ) as said
    order by asked.place, said.message_id, said.part
""")

_EARLIER = text("""
    select c.account, c.bot, c.number, m.line::text as line
    from conversation c join message m on m.bot = c.bot and m.number = c.number
    where c.account = :account and c.tenant = :tenant
      and cast(c.snapshot -> 'contact' ->> 'id' as bigint) = :contact
      and not (c.bot = :bot and c.number = :number)
      and not m.private and not m.deleted and m.episode >= c.tenant_episode
    order by m.message_id desc, m.part desc limit :limit
""")

_RATINGS = text("""
    select r.message_id, r.rating, r.feedback, r.at
    from rating r join conversation c using (bot, number)
    where bot = :bot and number = :number and (r.tenant is null or r.tenant = c.tenant)
    order by r.message_id
""")

_RECEIPTS = text("""
    select message_id, status, status_error from message
    where bot = :bot and number = :number and status is not null
""")


class PostgresHistory:
    """``History`` on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def window(
        self,
        conversation: ConversationId,
        *,
        limit: int,
        episode: int | None = None,
        private: bool = False,
    ) -> tuple[Line, ...]:
        """See ``History.window``."""
        values = _place(conversation) | {"limit": limit, "episode": episode, "private": private}
        async with statement(self._database) as connection:
            found = (await connection.execute(_WINDOW, values)).all()
        return tuple(self._line(conversation.bot, record.line) for record in reversed(found))

    async def windows(
        self, episodes: Sequence[tuple[ConversationId, int]], *, limit: int
    ) -> Sequence[tuple[Line, ...]]:
        """See ``History.windows``."""
        values = {
            "bots": [conversation.bot for conversation, _ in episodes],
            "numbers": [conversation.number for conversation, _ in episodes],
            "episodes": [episode for _, episode in episodes],
            "limit": limit,
        }
        said: list[list[Line]] = [[] for _ in episodes]
        async with statement(self._database) as connection:
            for record in (await connection.execute(_WINDOWS, values)).all():
                place = record.place - 1
                said[place].append(self._line(episodes[place][0].bot, record.line))
        return [tuple(lines) for lines in said]

    async def earlier(
        self, conversation: ConversationId, *, tenant: str, contact_id: int, limit: int
    ) -> tuple[Earlier, ...]:
        """See ``History.earlier``."""
        values = _place(conversation) | {"account": conversation.account, "tenant": tenant}
        values |= {"contact": contact_id, "limit": limit}
        async with statement(self._database) as connection:
            found = (await connection.execute(_EARLIER, values)).all()
        return tuple(
            Earlier(
                ConversationId(item.account, item.bot, item.number),
                self._line(item.bot, item.line),
            )
            for item in found
        )

    async def ratings(self, conversation: ConversationId) -> tuple[Rated, ...]:
        """See ``History.ratings``."""
        async with statement(self._database) as connection:
            found = (await connection.execute(_RATINGS, _place(conversation))).all()
        return tuple(
            Rated(
                conversation,
                self._rating(conversation.bot, item.message_id, item.rating, item.feedback),
                item.at,
            )
            for item in found
        )

    async def receipts(self, conversation: ConversationId) -> Mapping[int, Receipt]:
        """See ``History.receipts``."""
        async with statement(self._database) as connection:
            found = (await connection.execute(_RECEIPTS, _place(conversation))).all()
        return {
            item.message_id: Receipt(item.message_id, item.status, item.status_error)
            for item in found
        }

    def _line(self, bot: str, stored: str) -> Line:
        return line_from_json(opened_line(self._database.keys, bot, orjson.loads(stored)))

    def _rating(self, bot: str, message_id: int, rating: int, feedback: str) -> Rating:
        words = self._database.keys.open(feedback, f"rating {bot}")
        return Rating(message_id, rating, words)


def _place(conversation: ConversationId) -> dict[str, object]:
    return {"bot": conversation.bot, "number": conversation.number}
