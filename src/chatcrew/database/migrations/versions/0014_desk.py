"""Whose turn it is among the people of a team.

Revision ID: 0014
"""

from alembic import op

revision = "0014"
down_revision = "0013"

_STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
