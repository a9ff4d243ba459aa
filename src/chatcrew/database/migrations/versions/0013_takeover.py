"""What operators' silences and talk-overs leave behind.

Revision ID: 0013
"""

from alembic import op

revision = "0013"
down_revision = "0012"

_STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
