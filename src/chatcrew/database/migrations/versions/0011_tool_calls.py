"""Tool calls with effects, approvals of risky ones, and timers.

Revision ID: 0011
"""

from alembic import op

revision = "0011"
down_revision = "0010"

_STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
