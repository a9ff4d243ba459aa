"""Whose turn it is among the people of a team.

Revision ID: 0014
"""

from alembic import op

revision = "0014"
down_revision = "0013"

_STATEMENTS: tuple[str, ...] = (
    """
    create table desk_given (
        id bigint generated always as identity primary key,
        account text not null,
        tenant text not null,
        bot text not null,
        number bigint not null,
        turn_id text not null,
        agent_id bigint,
        team_id bigint,
        method text not null,
        unit text not null,
        pool jsonb not null,
        at timestamptz not null
    )
    """,
    "create unique index desk_given_turn on desk_given (turn_id)",
    "create index desk_given_at on desk_given (account, at)",
    "create index desk_given_agent on desk_given (account, tenant, agent_id, at)",
)
_BACK: tuple[str, ...] = ("drop table desk_given",)


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
