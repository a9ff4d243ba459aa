"""What analytics reads.

Revision ID: 0023
"""

from alembic import op

revision = "0023"
down_revision = "0022"

_STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
