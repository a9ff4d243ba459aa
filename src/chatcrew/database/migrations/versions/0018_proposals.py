"""Drafts that the bot proposed, and corrections that operators proposed.

Revision ID: 0018
"""

from alembic import op

revision = "0018"
down_revision = "0017"

_STATEMENTS: tuple[str, ...] = (
    """
    create table suggestion (
        turn_id text primary key,
        tenant text not null,
        account text not null,
        bot text not null,
        number bigint not null,
        text text not null,
        asked boolean not null,
        after bigint not null,
        config text not null,
        made_at timestamptz not null,
        fate text,
        likeness double precision
    )
    """,
    "create index suggestion_open on suggestion (made_at) where fate is null",
    "create index suggestion_conversation on suggestion (bot, number)",
    """
    create table proposal (
        id bigint generated always as identity primary key,
        key text not null,
        tenant text not null,
        account text not null,
        bot text not null,
        number bigint not null,
        kind text not null,
        cause text not null,
        made_by text not null,
        made_at timestamptz not null,
        content jsonb not null,
        state text not null,
        ended_at timestamptz,
        reason text
    )
    """,
    "create unique index proposal_open on proposal (key) where state = 'open'",
    "create index proposal_key on proposal (key)",
    "create index proposal_tenant on proposal (tenant, state)",
)
_BACK: tuple[str, ...] = ("drop table suggestion, proposal",)


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
