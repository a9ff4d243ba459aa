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


def upgrade() -> None:
    """Change the index."""
    for statement in _STATEMENTS:
        op.execute(statement)
