"""Browsers paired with operators, and their sessions.

Revision ID: 0019
"""

from alembic import op

revision = "0019"
down_revision = "0018"

_STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
