"""The one statement that ends a turn and gives its conversation back."""

from sqlalchemy import text

from chatcrew.mailbox._write_sql import CHANNEL

HELD = "bot = :bot and number = :number and fence = :fence and lease_owner is not null"
"""Whether a row is still the claim's."""

# One statement: a subselect on the events would see an older snapshot than the update does, and
# an input put between the two would lose its wake-up. ``arrivals`` stands in the very row that
# the update locks.
_SETTLED = f"""
    with settled as (
        update conversation set lease_owner = null, lease_until = null, attempts = 0,
            due_at = case when arrivals = :arrivals then null else due_at end,
            first_at = case when arrivals = :arrivals then null else first_at end,
            retry_at = case when arrivals = :arrivals then null else retry_at end,
            waiting_since = case when arrivals = :arrivals then null
                                 else coalesce(first_at, cast(:now as timestamptz)) end,
            parked_at = coalesce(cast(:parked_at as timestamptz), parked_at),
            parked_reason = case when cast(:parked_at as timestamptz) is null then parked_reason
                                 else :reason end,
            parked_turn = case when cast(:parked_at as timestamptz) is null then parked_turn
                               else :turn end
        where {HELD}
        returning due_at
    ), finished as (
        update turn set %s state = 'finished', finished_at = cast(:now as timestamptz)
        where id = :turn and exists (select from settled)
    )
    select due_at is not null as waits,
        case when due_at is not null then pg_notify('{CHANNEL}', '') end
    from settled
"""  # noqa: S608 - constant
_FACTS = """
    outcome = :outcome, reason = :reason, tenant = :tenant, crew = :crew, function = :function,
    engine = :engine, config = :config, stage_ms = cast(cast(:stage_ms as text) as jsonb),
    details = cast(cast(:details as text) as jsonb),
"""
SETTLE = text(_SETTLED % _FACTS)
SETTLE_AS_DECIDED = text(_SETTLED % "")
SETTLE_UNSAID = text(_SETTLED % "outcome = 'dropped', reason = :unsaid,")
