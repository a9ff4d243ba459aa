"""Conversations that people owe an answer to.

Revision ID: 0015
"""

from alembic import op

revision = "0015"
down_revision = "0014"

_STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
