"""What turns and calls tell of what was not spent, as statements: for days and for what is not."""

from chatcrew.analytics._facts_sql import COUNTED, REAL_CALL, whole

SAVED = (
    *("n", "nanos", "unknown", "more", "chars", "uncounted", "more_chars", "more_uncounted"),
    *("kept_n", "kept", "kept_unknown", "s_count", "s_chars", "s_nanos", "s_squares"),
    "s_products",
)
"""What is added up; whole numbers, those of characters larger than 64 bits."""

SAVED_BY = ("tenant", "bot", "source", "part", "kind")
"""By what it is divided."""

_NANOS = whole("cast({} as numeric) * 1000000000")

SPARING = f"""
    select turn.id, turn.finished_at, coalesce(turn.tenant, '') as tenant, turn.bot,
           coalesce(turn.function, '') as part, turn.engine, turn.details -> 'kept' as kept,
           greatest(coalesce(cast(turn.details ->> 'heard' as integer), 0) - 1, 0) as more,
           round(cast(turn.details ->> 'weight' as numeric)) as chars,
           round(cast(turn.details ->> 'more_weight' as numeric)) as more_chars
    from turn where {COUNTED} and turn.outcome in ('replied', 'handed_off')
"""  # noqa: S608 - constants of this house
"""Turns that would have asked a model, or did."""

SPARED = f"""
    select call.at, coalesce(call.tenant, '') as tenant, coalesce(turn.bot, '') as bot,
           call.role || ' ' || call.model as part, call.from_cache,
           case when call.from_cache then call.spared else call.cost end as worth
    from model_call call left join turn on turn.id = call.turn_id
    where call.error is null and {REAL_CALL}
"""  # noqa: S608 - constants of this house
"""Calls that were asked, or given again."""


def _sampled(what: str, name: str) -> str:
    """Return a sum over the turns that asked a model, and of which all is known."""
    known = "worth is not null and chars is not null and engine is distinct from 'intent'"
    return f"coalesce(sum({what}) filter (where {known}), 0) as {name}"


def saving_of_turns(turns: str) -> str:
    """Return the select of ``SAVED_BY``, ``day`` and ``SAVED``.

    Args:
        turns: a query of ``SPARING`` with ``day``.
    """
    return f"""
        select tenant, bot, 'turn' as source, part,
               case when kept is not null then 'own'
                    when engine = 'intent' then 'shortcut'
                    when engine = 'faq' and calls = 0 then 'knowledge'
                    when calls > 0 then 'asked' else 'own' end as kind, day,
               count(*) as n, cast(sum(nanos) as bigint) as nanos,
               count(*) filter (where unpriced > 0) as unknown, sum(more) as more,
               coalesce(sum(chars), 0) as chars, count(*) - count(chars) as uncounted,
               coalesce(sum(more_chars), 0) as more_chars,
               count(*) filter (where more > 0) - count(more_chars) as more_uncounted,
               count(kept) as kept_n,
               cast(coalesce(sum({_NANOS.format("kept ->> 'saved_usd'")}), 0) as bigint) as kept,
               count(*) filter (where kept ->> 'saved_usd' is null and kept is not null)
                   as kept_unknown,
               {_sampled("1", "s_count")}, {_sampled("chars", "s_chars")},
               {_sampled("worth", "s_nanos")}, {_sampled("chars * chars", "s_squares")},
               {_sampled("chars * worth", "s_products")}
        from (
            select turn.*, used.calls, used.nanos, used.unpriced,
                   case when kept is not null then {_NANOS.format("kept ->> 'saved_usd'")}
                        when used.rows > 0 and used.unknown = 0 then used.nanos + used.spared
                   end as worth
            from ({turns}) as turn cross join lateral (
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
            ) as used
        ) as one
        group by 1, 2, 3, 4, 5, 6
    """  # noqa: S608 - constants of this house


def saving_of_calls(calls: str) -> str:
    """Return the same of calls.

    Args:
        calls: a query of ``SPARED`` with ``day``.
    """
    nothing = ", ".join("0" for name in SAVED if name not in ("n", "nanos", "unknown"))
    return f"""
        select tenant, bot, 'call', part,
               case when from_cache then 'completions' else 'asked' end, day, count(*),
               cast(sum({_NANOS.format("coalesce(worth, 0)")}) as bigint),
               count(*) - count(worth), {nothing}
        from ({calls}) as one
        group by 1, 2, 3, 4, 5, 6
    """  # noqa: S608 - constants of this house
