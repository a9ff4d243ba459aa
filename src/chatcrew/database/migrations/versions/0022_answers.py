"""Answers that may be given again, with what they rest on.

Revision ID: 0022
"""

from alembic import op

revision = "0022"
down_revision = "0021"

_STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
