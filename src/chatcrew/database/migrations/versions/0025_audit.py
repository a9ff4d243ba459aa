"""Who saw and changed what, and whose data is erased.

Revision ID: 0025
"""

from alembic import op

revision = "0025"
down_revision = "0024"

_STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
