"""Beside an answer people may owe the end of a conversation: both stand at once.

Revision ID: 0028
"""

from alembic import op

revision = "0028"
down_revision = "0027"

_STATEMENTS: tuple[str, ...] = (
    "drop index debt_standing",
    """
    create unique index debt_standing on debt (bot, number, (kind = 'resolution'))
        where ended_at is null
    """,
)
_BACK: tuple[str, ...] = (
    # One debt at a time is all the old code can hold
    "delete from debt where kind = 'resolution' and ended_at is null",
    "drop index debt_standing",
    "create unique index debt_standing on debt (bot, number) where ended_at is null",
)


def upgrade() -> None:
    """Change the index."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
