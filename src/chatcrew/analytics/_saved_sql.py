"""What was not spent, out of the turns and calls of a time."""

from sqlalchemy import TextClause, text

from chatcrew.analytics._facts_sql import COUNTED, REAL_CALL, whole
from chatcrew.analytics._reading_sql import Reading, narrowed
from chatcrew.analytics._saved import Sample, Savings, Told, savings
from chatcrew.analytics._scope import Scope

_NANOS = whole("cast({} as numeric) * 1000000000")


async def saved(look: Reading) -> Savings:
    """Return what was saved in the time; each turn is read, for days do not add this up."""
    values = look.narrow()
    turns = (await look.connection.execute(_turns(look.scope), values)).all()
    calls = (await look.connection.execute(_calls(look.scope), values)).all()
    told = [
        Told(row.tenant, row.part, row.kind, row.n, row.nanos, row.unknown, row.chars)
        for row in turns
    ]
    samples: dict[tuple[str, str], Sample] = {}
    for row in turns:
        one = Sample(
            row.tenant,
            row.part,
            row.s_count,
            row.s_chars,
            row.s_nanos,
            row.s_squares,
            row.s_products,
        )
        place = (row.tenant, row.part)
        samples[place] = _added(samples[place], one) if place in samples else one
    kept = [
        Told(row.tenant, row.part, "kept", row.kept_n, row.kept, row.kept_unknown)
        for row in turns
        if row.kept_n
    ]
    bursts = [Told(row.tenant, row.part, "bursts", row.more, chars=row.more_chars) for row in turns]
    asked = [Told(row.tenant, row.part, row.kind, row.n, row.nanos, row.unknown) for row in calls]
    return savings([*told, *kept, *bursts], asked, samples.values())


def _added(one: Sample, other: Sample) -> Sample:
    return Sample(
        one.tenant,
        one.part,
        one.count + other.count,
        one.chars + other.chars,
        one.nanos + other.nanos,
        one.squares + other.squares,
        one.products + other.products,
    )


def _turns(scope: Scope) -> TextClause:
    wanted = scope.tenants is not None, scope.bot is not None
    return text(f"""
        with one as materialized (
            select coalesce(turn.tenant, '') as tenant, coalesce(turn.function, '') as part,
                   turn.engine, turn.details -> 'kept' as kept,
                   greatest(coalesce(cast(turn.details ->> 'heard' as integer), 0) - 1, 0) as more,
                   cast(turn.details ->> 'weight' as float8) as chars,
                   cast(turn.details ->> 'more_weight' as float8) as more_chars,
                   used.calls, coalesce(used.nanos, 0) as nanos,
                   case when turn.details -> 'kept' is not null
                            then {_NANOS.format("turn.details -> 'kept' ->> 'saved_usd'")}
                        when used.rows > 0 and used.unknown = 0
                            then used.nanos + used.spared end as worth,
                   coalesce(used.unpriced, 0) as unpriced
            from turn left join lateral (
                select count(*) as rows, count(*) filter (where not call.from_cache) as calls,
                       coalesce(sum(case when call.cost is null or call.from_cache then 0
                                else {_NANOS.format("call.cost")} end), 0) as nanos,
                       coalesce(sum(case when call.spared is null then 0
                                else {_NANOS.format("call.spared")} end), 0) as spared,
                       count(*) filter (where call.cost is null and not call.from_cache)
                           as unpriced,
                       count(*) filter (where case when call.from_cache then call.spared
                                                   else call.cost end is null) as unknown
                from model_call call where call.turn_id = turn.id
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
                   as kept_unknown,
               case when count(*) = count(chars) then cast(sum(chars) as bigint) end as chars,
               case when count(*) filter (where more > 0) = count(more_chars)
                   then cast(coalesce(sum(more_chars), 0) as bigint) end as more_chars,
               {_sampled("1", "count", "bigint")},
               {_sampled("chars", "chars")}, {_sampled("worth", "nanos")},
               {_sampled("chars * chars", "squares")}, {_sampled("chars * worth", "products")}
        from one, lateral (select engine is distinct from 'intent' as asked) as kind_of
        group by 1, 2, 3
    """)  # noqa: S608 - constants of this house


def _sampled(what: str, name: str, kind: str = "float8") -> str:
    """Return a sum over the turns that asked a model, and of which all is known."""
    known = "worth is not null and chars is not null and kind_of.asked"
    return f"cast(coalesce(sum({what}) filter (where {known}), 0) as {kind}) as s_{name}"


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
