"""Answers that may be given again, with what they rest on.

Revision ID: 0022
"""

from alembic import op

revision = "0022"
down_revision = "0021"

_STATEMENTS: tuple[str, ...] = (
    """
    create table kept_answer (
        id bigint generated always as identity primary key,
        tenant text not null,
        exact text not null,
        shape text not null,
        scope jsonb not null,
        question text not null,
        text text not null,
        rests jsonb not null,
        knowledge text not null,
        sure boolean not null,
        turn_id text not null,
        made_at timestamptz not null,
        expires_at timestamptz not null,
        hits bigint not null default 0,
        last_hit_at timestamptz
    )
    """,
    "create unique index kept_answer_exact on kept_answer (tenant, exact)",
    "create index kept_answer_shape on kept_answer (tenant, shape)",
    "create index kept_answer_expires on kept_answer (expires_at)",
)
_BACK: tuple[str, ...] = ("drop table kept_answer",)


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
