"""A house to keep and bring back: messages, webhooks and replies, and digests of every table."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from benchmarks import _million_sql as million
from chatcrew.database import Database

# Two lines a turn: what the customer wrote and what the bot said, told apart by odd and even ids
_MESSAGES = """
    insert into message (bot, message_id, part, number, episode, private, deleted, line, status)
    select bot, id, 0, number, 1, false, false,
           jsonb_build_object('message_id', id,
               'author', jsonb_build_object('kind', case when side = 0 then 'customer' else 'bot'
                   end, 'id', number, 'name', 'Ana ' || number),
               'text', case when side = 0
                   then 'quanto custa o item ' || id || ', e chega até quinta em Olinda? obrigada'
                   else 'O item ' || id || ' custa R$ 180 e chega em dois dias úteis. Posso ajudar '
                        'em mais alguma coisa?' end,
               'created_at', started_at, 'private', false, 'content_type', 'text',
               'attachments', jsonb_build_array(), 'in_reply_to', null, 'tag', null,
               'unsupported', false, 'deleted', false),
           case when side = 1 then 'read' end
    from (
        select bot, number, started_at, side, 2 * cast(substr(turn.id, 2) as bigint) + side as id
        from turn, generate_series(0, 1) as side
    ) as said
"""
# As long as a webhook of Chatwoot, and as hard to pack as words with ids between them
_EVENTS = """
    insert into event (bot, number, account, kind, name, message_id, delivery_id, digest, body,
                       received_at, turn_id)
    select bot, number, account, 'turn', 'message_created', 2 * cast(substr(id, 2) as bigint),
           'd-' || md5(id), sha256(convert_to(id, 'utf8')),
           convert_to(repeat('{"id": "' || md5(id) || '", "content_type": "text", ', 40), 'utf8'),
           started_at, id
    from turn
"""
_PARTS = """
    insert into outbox_part (turn_id, bot, number, account, position, kind, payload, gated, tag,
                             state, attempts, planned_at, sending_at, sent_at, message_id)
    select id, bot, number, account, 0, 'message',
           jsonb_build_object('content', 'O item ' || id || ' custa R$ 180.'), false, md5(id),
           'sent', 1, decided_at, decided_at, finished_at,
           2 * cast(substr(id, 2) as bigint) + 1
    from turn
"""

# The number of a lease is raised, so that no worker of before writes over what came back
_DIGEST = """
    select count(*), coalesce(sum(hashtextextended(cast(to_jsonb(t) - 'fence' as text), 0)), 0)
    from {table} as t where {where}
"""


async def fill(database: Database, *, conversations: int, until: datetime) -> None:
    """Write so many finished talks of a month, each of ten messages, of ten businesses."""
    turns = conversations * million.BY_CONVERSATION
    await million.fill(database, turns=turns, days=30, until=until)
    for statement in (_MESSAGES, _EVENTS, _PARTS, million.ANALYZE):
        await million.run(database, statement, {})


async def digests(
    database: Database, tables: Sequence[str], *, where: str = "true"
) -> dict[str, tuple[int, int]]:
    """Return rows and a digest of every table's content, in whatever order its rows stand."""
    found = {}
    async with database.alone() as connection:
        for table in tables:
            query = text(_DIGEST.format(table=table, where=where))
            rows, digest = (await connection.execute(query)).one()
            found[table] = (int(rows), int(digest))
    return found


async def size(database: Database) -> int:
    """Return the bytes of the database on disk."""
    async with database.alone() as connection:
        found = await connection.scalar(text("select pg_database_size(current_database())"))
    return int(found or 0)


async def damage(database: Database, tenant: str) -> None:
    """Lose a business's messages and forge its turns, as a wrong statement by hand would."""
    for statement in (
        "delete from message where bot in (select bot from conversation where tenant = :tenant)",
        "update turn set reason = 'damaged' where tenant = :tenant",
    ):
        await million.run(database, statement, {"tenant": tenant})
