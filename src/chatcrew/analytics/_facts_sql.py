"""What a turn and a model call count for, as statements: for days added up and for what is not."""

from collections.abc import Iterable

from chatcrew.analytics._scale import STEPS

_SCALE = "cast(array[{}] as bigint[])".format(", ".join(map(str, STEPS)))

SPENT = (
    *("calls", "failed", "from_cache", "prompt_tokens", "completion_tokens"),
    *("cached_tokens", "nanos", "unpriced", "estimated"),
)
"""Columns of what model calls used."""


def step(ms: str) -> str:
    """Return the expression for ``_scale.step`` of a whole number of milliseconds."""
    place = f"least(1 + width_bucket(cast({ms} as bigint) - 1, {_SCALE}), {len(STEPS)})"
    return (
        f"case when {ms} is null then null when {ms} <= 0 then 0"
        f" else cast(({_SCALE})[{place}] as integer) end"
    )


def whole(seconds: str) -> str:
    """Return the expression for a number as a whole one, halves away from nothing."""
    return f"cast(round(cast({seconds} as numeric)) as bigint)"


TURN = f"""
    select turn.id, turn.account, turn.bot, turn.number, coalesce(turn.tenant, '') as tenant,
           turn.started_at, turn.finished_at, turn.outcome, coalesce(turn.reason, '') as reason,
           coalesce(turn.function, '') as function, coalesce(turn.crew, '') as crew,
           coalesce(turn.engine, '') as engine, coalesce(turn.config, '') as config,
           turn.outcome in ('replied', 'handed_off') as spoke,
           turn.outcome in ('handed_off', 'parked') as handed,
           coalesce(cast(turn.details ->> 'episode' as integer), 1) as episode,
           coalesce(cast(turn.details ->> 'heard' as integer), 0) as heard,
           coalesce(cast(turn.details ->> 'said' as integer), 0) as said,
           coalesce(turn.details ->> 'intent', '') as intent,
           coalesce(turn.details ->> 'variant', '') as variant,
           coalesce(turn.details ->> 'handoff', turn.reason, '') as why,
           coalesce(turn.details ->> 'language', '') as language,
           turn.details ->> 'promise' as promise,
           cast(turn.details ->> 'waited_ms' as bigint) as waited,
           {whole("cast(turn.details ->> 'mood' as numeric) * 1000")} as mood,
           cast(turn.details ->> 'weight' as numeric) as weight,
           cast(turn.details ->> 'more_weight' as numeric) as more_weight,
           turn.details -> 'kept' as kept, turn.details -> 'rungs' as rungs,
           turn.details -> 'feedback' as signals, turn.stage_ms,
           turn.details -> 'tool_runs' as tool_runs, turn.details -> 'guess' as guess
    from turn
"""  # noqa: S608 - constants of this file
"""A turn as figures see it."""

COUNTED = "turn.outcome is not null and not starts_with(turn.bot, 'sim:')"
"""Which turns count; those that ended have an outcome."""

_SCALAR = {
    "turn": "('turn', outcome, 0, 1, 0)",
    "heard": "('heard', '', 0, heard, 0)",
    "said": "('said', '', 0, said, 0)",
    "promise": "('promise', promise, 0, 1, 0)",
    "answer": f"('answer', '', {step('waited')}, 1, waited)",
    "engine": f"('engine', case when waited is null then null else engine end, "
    f"{step('waited')}, 1, waited)",
    "intent": "('intent', case when spoke then intent end, 0, 1, cast(handed as integer))",
    "intent_wait": "('intent_wait', case when spoke and waited is not null then intent end, 0, 1,"
    " waited)",
    "mood": "('mood', case when mood <= -300 then 'negative' when mood >= 300 then 'positive'"
    " when mood is not null then 'neutral' end, 0, 1, mood)",
}
_RUNG_MS = whole("value ->> 'ms'")
_LISTED = {
    "stage": (
        "jsonb_each_text(case when jsonb_typeof(stage_ms) = 'object' then stage_ms end)",
        f"key, {step(whole('value'))}, 1, {whole('value')}",
    ),
    "rung": (
        "jsonb_array_elements(case when jsonb_typeof(rungs) = 'array' then rungs end)",
        f"(value ->> 'name') || '/' || (value ->> 'end'), {step(_RUNG_MS)}, 1, {_RUNG_MS}",
    ),
    "signal": (
        "jsonb_array_elements_text(case when jsonb_typeof(signals) = 'array' then signals end)",
        "value, 0, 1, 0",
    ),
}

MEASURES = (*_SCALAR, *_LISTED)
"""What is added up of turns."""


def measured(measures: Iterable[str]) -> str:
    """Return the select of ``tenant, bot, day, measure, part, step, n, total`` out of ``counted``.

    Args:
        measures: which of ``MEASURES``.
    """
    wanted = list(measures)
    values = ", ".join(_SCALAR[name] for name in wanted if name in _SCALAR)
    selects = []
    if values:
        selects.append(f"""
            select tenant, bot, day, one.measure, one.part, one.step, one.n, one.total
            from counted cross join lateral (values {values})
                as one (measure, part, step, n, total)
            where one.part is not null and one.step is not null and one.n > 0
        """)  # noqa: S608 - constants of this file
    for name in wanted:
        if name in _LISTED:
            source, columns = _LISTED[name]
            selects.append(f"""
                select tenant, bot, day, '{name}', {columns}
                from counted cross join lateral {source} as one
            """)  # noqa: S608 - constants of this file
    return " union all ".join(selects)


CALL = f"""
    select call.id, call.turn_id, call.at, coalesce(call.tenant, '') as tenant,
           coalesce(turn.bot, '') as bot, call.role, call.model,
           cast(not call.from_cache as integer) as calls,
           cast(not call.from_cache and call.error is not null as integer) as failed,
           cast(call.from_cache as integer) as from_cache,
           case when call.from_cache then 0 else call.prompt_tokens end as prompt_tokens,
           case when call.from_cache then 0 else call.completion_tokens end as completion_tokens,
           case when call.from_cache then 0 else call.cached_tokens end as cached_tokens,
           case when call.from_cache or call.cost is null then 0
                else {whole("cast(call.cost as numeric) * 1000000000")} end as nanos,
           cast(not call.from_cache and call.cost is null as integer) as unpriced,
           cast(not call.from_cache and call.estimated as integer) as estimated,
           {whole("call.seconds * 1000")} as ms, call.error
    from model_call call left join turn on turn.id = call.turn_id
"""  # noqa: S608 - constants of this file
"""A model call as figures see it."""

REAL_CALL = "(turn.bot is null or not starts_with(turn.bot, 'sim:'))"
"""Which calls count."""

SUMS = ", ".join(f"cast(coalesce(sum({name}), 0) as bigint) as {name}" for name in SPENT)
"""The sums of what calls used."""
