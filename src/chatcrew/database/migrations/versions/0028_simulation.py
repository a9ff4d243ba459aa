"""Conversations that nobody but the API has.

Revision ID: 0028
"""

from alembic import op

revision = "0028"
down_revision = "0027"

_STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
