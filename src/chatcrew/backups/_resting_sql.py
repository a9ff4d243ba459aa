"""Settles what was under way at the moment of a backup: the world has gone on without it.

Nothing is sent, carried out or woken up that belongs to that moment; a customer who is still
unanswered is found in Chatwoot itself, by the sweep (ADR 0008).
"""

from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.backups._choice import rows_of

# A worker that still holds one, of before, finds its number gone
_CONVERSATION = """
    update conversation as t set fence = fence + 1, lease_owner = null, lease_until = null,
        taken = arrivals, attempts = 0, due_at = null, first_at = null, waiting_since = null,
        retry_at = null
    where {}
"""
_STATEMENTS: Final = (
    ("conversation", _CONVERSATION),
    ("event", "delete from event as t where t.turn_id is null and {}"),
    (
        "turn",
        """
        update turn as t set state = 'finished', finished_at = :now,
            outcome = coalesce(outcome, 'dropped'), reason = coalesce(reason, 'restored')
        where t.state <> 'finished' and {}
        """,
    ),
    (
        "outbox_part",
        """
        update outbox_part as t set state = 'skipped', error = 'restored'
        where t.state in ('planned', 'sending', 'unknown') and {}
        """,
    ),
    (
        "timer",
        """
        update timer as t set lease_owner = null, lease_until = null,
            ended_at = case when t.due_at <= :now then cast(:now as timestamptz) end,
            ending = case when t.due_at <= :now then 'restored' end
        where t.ended_at is null and {}
        """,
    ),
    (
        "tool_call",
        """
        update tool_call as t set ended_at = :now,
            state = case when t.state = 'acting' then 'unknown' else 'expired' end
        where t.state in ('waiting', 'approved', 'acting') and {}
        """,
    ),
    # Thirds of months are added up anew from days (analytics._thirds_sql)
    ("fact_mark", "delete from fact_mark as t where t.name = 'thirds'"),
    ("episode_memory", "update episode_memory as t set lease_until = null where {}"),
)


async def rest(connection: AsyncConnection, *, now: datetime, tenant: str | None = None) -> None:
    """Settle what restored rows had under way, in the transaction that restores them."""
    for table, statement in _STATEMENTS:
        where = "true" if tenant is None else rows_of(table)
        values = {"now": now, "tenant": tenant}
        query = text(statement.format(where))
        await connection.execute(query, {k: values[k] for k in query.compile().params})
