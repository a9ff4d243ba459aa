"""Customers who asked not to be written to, and floods.

Revision ID: 0016
"""

from alembic import op

revision = "0016"
down_revision = "0015"

_STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
