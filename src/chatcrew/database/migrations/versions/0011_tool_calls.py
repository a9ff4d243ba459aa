"""Tool calls with effects, approvals of risky ones, and timers.

Revision ID: 0011
"""

from alembic import op

revision = "0011"
down_revision = "0010"

_STATEMENTS: tuple[str, ...] = (
    # id is what operators write: /bot aprovar 12
    """
    create table tool_call (
        id bigint generated always as identity primary key,
        tenant text not null,
        account text not null,
        bot text not null,
        number bigint not null,
        turn_id text not null,
        fence bigint not null,
        run text not null,
        tool text not null,
        digest text not null,
        arguments jsonb not null,
        state text not null check (state in ('waiting', 'approved', 'acting', 'done', 'unknown',
                                             'failed', 'denied', 'expired')),
        ok boolean,
        result text,
        made_at timestamptz not null,
        acted_at timestamptz,
        ended_at timestamptz,
        expires_at timestamptz,
        ruled_by text,
        ruled_turn text,
        reason text
    )
    """,
    "create index tool_call_turn on tool_call (turn_id)",
    "create index tool_call_conversation on tool_call (bot, number)",
    """
    create table timer (
        key text primary key,
        account text not null,
        bot text not null,
        number bigint not null,
        kind text not null,
        due_at timestamptz not null,
        payload jsonb not null,
        made_at timestamptz not null,
        lease_owner text,
        lease_until timestamptz,
        ended_at timestamptz,
        ending text
    )
    """,
    "create index timer_due on timer (due_at) where ended_at is null",
    "create index timer_conversation on timer (bot, number)",
)
_BACK: tuple[str, ...] = ("drop table tool_call, timer",)


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
