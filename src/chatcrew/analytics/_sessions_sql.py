"""Sessions out of turns, moves, ratings and model calls: made anew, never counted on."""

from chatcrew.analytics._facts_sql import COUNTED, SPENT, SUMS, TURN

_COLUMNS = (
    *("bot", "number", "episode", "account", "tenant", "channel", "contact", "began_at"),
    *("last_at", "closed_at", "reopened_at", "taken_at", "turns", "replied", "handed", "heard"),
    *("said", "answers", "answered_ms", "first_reply_ms", "waits", "reason", "intent", "mood"),
    *("rating", "rated_at", "function", "crew", "config", "variant"),
    *SPENT,
)
_KEY = ("bot", "number", "episode")
_VALUES = tuple(name for name in _COLUMNS if name not in _KEY)

# Moves by the database's clock too: it wrote them, and it may not be the worker's
_CHANGED = f"""
    select bot, number from turn
    where finished_at >= :since and finished_at < :before and {COUNTED}
    union
    select bot, number from conversation_move
    where (noted_at >= :since and noted_at < :before) or noted_at >= now() - interval '5 minutes'
    union
    select bot, number from rating
    where at >= :since and at < :before and not starts_with(bot, 'sim:')
    union
    select turn.bot, turn.number from model_call join turn on turn.id = model_call.turn_id
    where model_call.at >= :since and model_call.at < :before and {COUNTED}
"""  # noqa: S608 - constants of this house


def _last(what: str, *, where: str) -> str:
    return f"(array_agg({what} order by finished_at desc, id desc) filter (where {where}))[1]"


def _first(what: str, *, where: str) -> str:
    return f"(array_agg({what} order by finished_at, id) filter (where {where}))[1]"


RENEW = f"""
    with changed as materialized ({_CHANGED}), turns as materialized (
        {TURN} join changed on changed.bot = turn.bot and changed.number = turn.number
        where turn.finished_at is not null and {COUNTED}
    ), counted as (
        select bot, number, episode, min(account) as account,
               {_last("tenant", where="true")} as tenant,
               min(started_at) as began_at, max(finished_at) as last_at, count(*) as turns,
               count(*) filter (where outcome = 'replied') as replied,
               count(*) filter (where handed) as handed,
               sum(heard) as heard, sum(said) as said,
               count(waited) filter (where spoke) as answers,
               coalesce(sum(waited) filter (where spoke), 0) as answered_ms,
               {_first("waited", where="spoke and waited is not null")} as first_reply_ms,
               coalesce({_last("starts_with(reason, 'slot:')", where="spoke")}, false) as waits,
               coalesce({_first("why", where="handed")}, '') as reason,
               coalesce({_last("intent", where="intent <> ''")}, '') as intent,
               {_last("mood", where="mood is not null")} as mood,
               coalesce({_last("function", where="spoke")}, '') as function,
               coalesce({_last("crew", where="spoke")}, '') as crew,
               coalesce({_last("config", where="spoke")}, '') as config,
               coalesce({_last("variant", where="spoke")}, '') as variant
        from turns group by bot, number, episode
    ), spent as (
        select turns.bot, turns.number, turns.episode, {SUMS}
        from turns join (
            select model_call.turn_id, cast(not from_cache as integer) as calls,
                   cast(not from_cache and error is not null as integer) as failed,
                   cast(from_cache as integer) as from_cache,
                   case when from_cache then 0 else prompt_tokens end as prompt_tokens,
                   case when from_cache then 0 else completion_tokens end as completion_tokens,
                   case when from_cache then 0 else cached_tokens end as cached_tokens,
                   case when from_cache or cost is null then 0
                        else cast(round(cast(cost as numeric) * 1000000000) as bigint)
                   end as nanos,
                   cast(not from_cache and cost is null as integer) as unpriced,
                   cast(not from_cache and estimated as integer) as estimated
            from model_call where turn_id in (select id from turns)
        ) as call on call.turn_id = turns.id
        group by turns.bot, turns.number, turns.episode
    ), moves as (
        select move.*, row_number() over (
            partition by move.bot, move.number, move.episode, move.kind = 'spoke'
            order by move.id desc
        ) as newest
        from conversation_move move
        join changed on changed.bot = move.bot and changed.number = move.number
    ), closings as (
        select bot, number, episode, id, at from moves where newest = 1 and kind = 'resolved'
    ), rated as (
        select distinct on (bot, number, episode) bot, number, episode, rating, at
        from (
            select rating.bot, rating.number, rating.rating, rating.at, rating.message_id,
                   coalesce(message.episode, (
                       select max(counted.episode) from counted
                       where counted.bot = rating.bot and counted.number = rating.number
                         and counted.began_at <= rating.at
                   )) as episode
            from rating
            join changed on changed.bot = rating.bot and changed.number = rating.number
            left join message on message.bot = rating.bot
                and message.message_id = rating.message_id and message.part = 0
        ) as found
        order by bot, number, episode, at desc, message_id desc
    )
    insert into session_fact ({", ".join(_COLUMNS)})
    select counted.bot, counted.number, counted.episode, counted.account, counted.tenant,
           coalesce(conversation.channel, ''),
           case when jsonb_typeof(conversation.snapshot #> '{{contact,id}}') = 'number'
                     and (conversation.erased_at is null or began_at > conversation.erased_at)
                then cast(conversation.snapshot #>> '{{contact,id}}' as bigint) end,
           began_at, last_at, closings.at,
           (
               select moves.at from moves
               where moves.bot = counted.bot and moves.number = counted.number
                 and moves.id > closings.id and moves.episode > counted.episode
                 and moves.kind not in ('spoke', 'resolved')
               order by moves.id limit 1
           ),
           (
               select min(moves.at) from moves
               where moves.bot = counted.bot and moves.number = counted.number
                 and moves.episode = counted.episode and moves.kind = 'spoke'
           ),
           turns, replied, handed, heard, said, answers, answered_ms, first_reply_ms, waits,
           reason, intent, mood, rated.rating, rated.at, counted.function, crew, config, variant,
           {", ".join(f"coalesce(spent.{name}, 0)" for name in SPENT)}
    from counted
    left join conversation using (bot, number)
    left join spent on (spent.bot, spent.number, spent.episode)
        = (counted.bot, counted.number, counted.episode)
    left join closings on (closings.bot, closings.number, closings.episode)
        = (counted.bot, counted.number, counted.episode)
    left join rated on (rated.bot, rated.number, rated.episode)
        = (counted.bot, counted.number, counted.episode)
    order by counted.bot, counted.number, counted.episode
    on conflict ({", ".join(_KEY)}) do update set
        {", ".join(f"{name} = excluded.{name}" for name in _VALUES)}
    where ({", ".join(f"session_fact.{name}" for name in _VALUES)})
        is distinct from ({", ".join(f"excluded.{name}" for name in _VALUES)})
"""  # noqa: S608 - constants of this house
"""Make every session anew whose conversation changed between ``:since`` and ``:before``.

One that is as it was is not written: its third would have to be made anew (``_cells_sql``).
"""
