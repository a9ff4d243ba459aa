"""Documents a business wrote, as passages with their page and line, kept by content.

Revision ID: 0009
"""

from alembic import op

revision = "0009"
down_revision = "0008"

_STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
