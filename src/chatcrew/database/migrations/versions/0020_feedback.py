"""What customers complained about.

Revision ID: 0020
"""

from alembic import op

revision = "0020"
down_revision = "0019"

_STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
