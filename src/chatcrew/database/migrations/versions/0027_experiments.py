"""Which variant of a persona a contact meets, and what was saved.

Revision ID: 0027
"""

from alembic import op

revision = "0027"
down_revision = "0026"

_STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
