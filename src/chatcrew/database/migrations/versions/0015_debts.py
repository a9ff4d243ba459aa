"""Conversations that people owe an answer to.

Revision ID: 0015
"""

from alembic import op

revision = "0015"
down_revision = "0014"

_STATEMENTS: tuple[str, ...] = (
    """
    create table debt (
        id bigint generated always as identity primary key,
        account text not null,
        bot text not null,
        number bigint not null,
        tenant text not null,
        kind text not null,
        reason text not null,
        turn_id text,
        team_id bigint,
        opened_at timestamptz not null,
        closed_then boolean not null,
        episode integer not null,
        customer_id bigint not null,
        handed_version double precision,
        again boolean not null,
        soonest double precision,
        likely double precision,
        at_most double precision,
        step integer not null default 0,
        step_turn text,
        woken integer not null default 0,
        next_at timestamptz,
        ended_at timestamptz,
        ending text,
        waited double precision,
        by_user bigint
    )
    """,
    "create unique index debt_standing on debt (bot, number) where ended_at is null",
    """
    create index debt_due on debt (next_at) where ended_at is null and next_at is not null
    """,
    "create index debt_tenant on debt (tenant, opened_at)",
    "create index debt_conversation on debt (bot, number)",
)
_BACK: tuple[str, ...] = ("drop table debt",)


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
