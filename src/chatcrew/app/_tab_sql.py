"""Whether anything that the tab shows of a conversation has changed, in one small question."""

from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.database.transactions import statement
from chatcrew.ids import ConversationId

_MARK = text("""
    select md5(concat_ws('|', conversation.tenant, cast(conversation.snapshot as text),
        conversation.silence, conversation.silenced_at, conversation.episode,
        cast(conversation.topic as text),
        (select concat_ws('/', turn.id, turn.state, turn.attempts)
         from turn where turn.bot = conversation.bot and turn.number = conversation.number
         order by turn.started_at desc limit 1),
        (select string_agg(concat_ws('/', outbox_part.id, outbox_part.state), ',')
         from outbox_part where outbox_part.turn_id = (
            select turn.id from turn
            where turn.bot = conversation.bot and turn.number = conversation.number
            order by turn.started_at desc limit 1)),
        (select concat_ws('/', count(*), md5(string_agg(contact_fact.body, '|' order by id)))
         from contact_fact
         where contact_fact.tenant = conversation.tenant
           and contact_fact.account = conversation.account
           and contact_fact.contact
               = cast(conversation.snapshot -> 'contact' ->> 'id' as bigint)),
        (select string_agg(concat_ws('/', turn_id, user_id, good), ',' order by turn_id, user_id)
         from reply_judgement
         where reply_judgement.bot = conversation.bot
           and reply_judgement.number = conversation.number),
        (select string_agg(concat_ws('/', suggestion.turn_id, suggestion.fate), ','
                           order by suggestion.made_at)
         from suggestion
         where suggestion.bot = conversation.bot and suggestion.number = conversation.number),
        (select concat_ws('/', md5(episode_memory.summary), episode_memory.summary_up_to)
         from episode_memory
         where episode_memory.bot = conversation.bot
           and episode_memory.number = conversation.number
           and episode_memory.episode = conversation.episode)
    ))
    from conversation
    where conversation.bot = :bot and conversation.number = :number
""")


class Marks:
    """Tells one state of a conversation's records from another."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def mark(self, conversation: ConversationId) -> str:
        """Return what changes with what is known of a conversation, "" for an unknown one.

        Raises:
            StoreError: storage is away.
        """
        values = {"bot": conversation.bot, "number": conversation.number}
        async with statement(self._database) as connection:
            return str(await connection.scalar(_MARK, values) or "")
