"""What attachments say, read once for each content.

Revision ID: 0012
"""

from alembic import op

revision = "0012"
down_revision = "0011"

_STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
