"""Which rows are sealed, and with which key.

Revision ID: 0026
"""

from alembic import op

revision = "0026"
down_revision = "0025"

_STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
