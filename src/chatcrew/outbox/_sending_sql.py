"""The statements before and after a part is sent: one trip to the database each."""

from sqlalchemy import text

from chatcrew.outbox._rows_sql import COLUMNS

_HOLDING = """
    select turn.state%s from conversation
    join turn on turn.id = :turn and turn.bot = conversation.bot
        and turn.number = conversation.number and turn.state <> 'finished'
    where conversation.bot = :bot and conversation.number = :number
      and conversation.fence = :fence and conversation.lease_owner is not null
    for update of conversation
"""
HOLDING = _HOLDING % ""
_STANDING = ", conversation.snapshot::text as snapshot, conversation.silence, conversation.spoke_id"
# One statement, and so one trip: the lock comes first because the update asks for what it held.
# What the lock showed of the conversation is the last look before the write to Chatwoot.
BEGIN = text(f"""
    with held as materialized ({_HOLDING % _STANDING}),
    begun as (
        update outbox_part set state = 'sending', attempts = attempts + 1,
            sending_at = cast(:now as timestamptz), error = null
        where id = :id and turn_id = :turn and outbox_part.state = 'planned'
          and exists (select from held)
        returning {COLUMNS}
    )
    select held.snapshot, held.silence, held.spoke_id, begun.*
    from held left join begun on true
""")  # noqa: S608 - constant

SENT = text(f"""
    update outbox_part set state = 'sent', sent_at = :now, message_id = :message_id, error = null
    where id = :id and state in ('planned', 'sending', 'unknown')
    returning {COLUMNS}
""")  # noqa: S608 - constant

_SPOKE = """
    update conversation set
        last_message_id = greatest(last_message_id, :message_id),
        last_public_author = case when :public and :message_id > last_public_id then 'bot'
                                  else last_public_author end,
        last_public_id = case when :public then greatest(last_public_id, :message_id)
                              else last_public_id end,
        last_answer_id = case when :public then greatest(last_answer_id, :message_id)
                              else last_answer_id end,
        own_id = case when :public then greatest(own_id, :message_id) else own_id end
    where bot = :bot and number = :number
    returning episode, spoke_id
"""

# One trip: the part is marked only after the conversation's row, which is locked first everywhere.
# An echo that was quicker has marked it already; where that happens at this very moment, the part
# is not among what this statement sees.
SAID = text(f"""
    with spoke as ({_SPOKE}),
    kept as (
        insert into message (bot, message_id, part, number, episode, private, deleted,
                             provisional, line)
        select :bot, :message_id, 0, :number, spoke.episode, not :public, false, true,
               cast(cast(:line as text) as jsonb)
        from spoke
        on conflict do nothing
    ),
    marked as (
        update outbox_part set state = 'sent', sent_at = :now, message_id = :message_id,
            error = null
        where id = :id and state in ('planned', 'sending', 'unknown')
          and (select count(*) from spoke) >= 0
        returning {COLUMNS}
    ),
    known as (
        select * from marked
        union all
        select {COLUMNS} from outbox_part
        where id = :id and state not in ('planned', 'sending', 'unknown')
    )
    select (select spoke_id from spoke) as spoke_id, known.*
    from (select) as always left join known on true
""")  # noqa: S608 - constant
