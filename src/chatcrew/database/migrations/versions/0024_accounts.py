"""Who may enter the console and the API.

Revision ID: 0024
"""

from alembic import op

revision = "0024"
down_revision = "0023"

_STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
