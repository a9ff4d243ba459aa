"""Customers who asked not to be written to, and floods.

Revision ID: 0016
"""

from alembic import op

revision = "0016"
down_revision = "0015"

_STATEMENTS: tuple[str, ...] = (
    """
    create table contact_opt_out (
        tenant text not null,
        account text not null,
        contact bigint not null,
        at timestamptz not null,
        conversation text not null,
        episode integer not null,
        primary key (tenant, account, contact)
    )
    """,
    """
    create table conduct_notice (
        bot text not null,
        number bigint not null,
        episode integer not null,
        notice text not null,
        turn_id text not null,
        at timestamptz not null,
        primary key (bot, number, episode, notice)
    )
    """,
    "create index conduct_notice_at on conduct_notice (at)",
)
_BACK: tuple[str, ...] = ("drop table contact_opt_out, conduct_notice",)


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
