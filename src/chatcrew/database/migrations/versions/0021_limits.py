"""What was used and reserved of each limit, and who was told.

Revision ID: 0021
"""

from alembic import op

revision = "0021"
down_revision = "0020"

_STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
