"""What an account of a turn is read from.

Revision ID: 0017
"""

from alembic import op

revision = "0017"
down_revision = "0016"

_STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
