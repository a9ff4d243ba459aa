"""Corrections that operators proposed.

Revision ID: 0018
"""

from alembic import op

revision = "0018"
down_revision = "0017"

_STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
