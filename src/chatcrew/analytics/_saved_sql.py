"""What was not spent, out of the turns and calls of a time."""

from sqlalchemy import TextClause, text

from chatcrew.analytics._facts_sql import COUNTED, REAL_CALL, whole
from chatcrew.analytics._reading_sql import Reading, narrowed
from chatcrew.analytics._saved import Savings, Told, savings
from chatcrew.analytics._scope import Scope

_NANOS = whole("cast({} as numeric) * 1000000000")


async def saved(look: Reading) -> Savings:
    """Return what was saved in the time; each turn is read, for days do not add this up."""
    values = look.narrow()
    turns = (await look.connection.execute(_turns(look.scope), values)).all()
    calls = (await look.connection.execute(_calls(look.scope), values)).all()
    told = [Told(row.tenant, row.part, row.kind, row.n, row.nanos, row.unknown) for row in turns]
    kept = [
        Told(row.tenant, row.part, "kept", row.kept_n, row.kept, row.kept_unknown)
        for row in turns
        if row.kept_n
    ]
    bursts = [
        Told(row.tenant, row.part, "bursts", row.more) for row in turns if row.kind == "asked"
    ]
    asked = [Told(row.tenant, row.part, row.kind, row.n, row.nanos, row.unknown) for row in calls]
    return savings([*told, *kept, *bursts], asked)


def _turns(scope: Scope) -> TextClause:
    wanted = scope.tenants is not None, scope.bot is not None
    return text(f"""
        with one as materialized (
            select coalesce(turn.tenant, '') as tenant, coalesce(turn.function, '') as part,
                   turn.engine, turn.details -> 'kept' as kept,
                   greatest(coalesce(cast(turn.details ->> 'heard' as integer), 0) - 1, 0) as more,
                   used.calls, coalesce(used.nanos, 0) as nanos,
                   coalesce(used.unpriced, 0) as unpriced
            from turn left join lateral (
                select count(*) as calls,
                       sum(case when call.cost is null then 0
                                else {_NANOS.format("call.cost")} end) as nanos,
                       count(*) filter (where call.cost is null) as unpriced
                from model_call call where call.turn_id = turn.id and not call.from_cache
            ) as used on true
            where {COUNTED} and turn.outcome in ('replied', 'handed_off')
              and turn.finished_at >= :since and turn.finished_at < :until
              {narrowed(wanted, table="turn")}
        )
        select tenant, part,
               case when kept is not null then 'own'
                    when engine = 'intent' then 'shortcut'
                    when engine = 'faq' and calls = 0 then 'knowledge'
                    when calls > 0 then 'asked' else 'own' end as kind,
               count(*) filter (where kept is not null) as kept_n, count(*) as n,
               cast(sum(nanos) as bigint) as nanos,
               count(*) filter (where unpriced > 0) as unknown, cast(sum(more) as bigint) as more,
               cast(coalesce(sum({_NANOS.format("kept ->> 'saved_usd'")}), 0) as bigint) as kept,
               count(*) filter (where kept ->> 'saved_usd' is null and kept is not null)
                   as kept_unknown
        from one group by 1, 2, 3
    """)  # noqa: S608 - constants of this house


def _calls(scope: Scope) -> TextClause:
    wanted = scope.tenants is not None, False
    bot = " and turn.bot = :bot" if scope.bot is not None else ""
    return text(f"""
        select coalesce(call.tenant, '') as tenant, call.role || ' ' || call.model as part,
               case when call.from_cache then 'completions' else 'asked' end as kind,
               count(*) as n,
               cast(sum({_NANOS.format("coalesce(cost_of.it, 0)")}) as bigint) as nanos,
               count(*) filter (where cost_of.it is null) as unknown
        from model_call call left join turn on turn.id = call.turn_id,
             lateral (
                 select case when call.from_cache then call.spared else call.cost end as it
             ) as cost_of
        where {REAL_CALL} and call.error is null and call.at >= :since and call.at < :until
              {narrowed(wanted, table="call")}{bot}
        group by 1, 2, 3
    """)  # noqa: S608 - constants of this house
