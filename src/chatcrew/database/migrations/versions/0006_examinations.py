"""What looking at each account found, and what tokens may not do there.

Revision ID: 0006
"""

from alembic import op

revision = "0006"
down_revision = "0005"

_STATEMENTS = (
    """
    create table examination (
        account text primary key,
        fingerprint text not null,
        claimed_at timestamptz not null,
        due_at timestamptz not null,
        examined_at timestamptz,
        findings jsonb not null default '[]'
    )
    """,
    """
    create table lost_right (
        bot text not null,
        actor text not null,
        name text not null,
        reason text not null,
        at timestamptz not null,
        tried boolean not null,
        primary key (bot, actor, name)
    )
    """,
)
_BACK: tuple[str, ...] = ("drop table examination, lost_right",)


def upgrade() -> None:
    """Create both tables; every account is examined when a worker starts."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
