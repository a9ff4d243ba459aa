"""What a call would have cost that our own cache answered.

Revision ID: 0030
"""

from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Add the column; of calls before it nobody knows."""
    op.execute("alter table model_call add column spared double precision")


def downgrade() -> None:
    """Take the column away, and what it knew."""
    op.execute("alter table model_call drop column spared")
