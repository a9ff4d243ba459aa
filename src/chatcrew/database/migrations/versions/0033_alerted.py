"""Whether people were told that a limit is reached: kept, so that no dying worker loses it.

Revision ID: 0033
"""

from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Add the column; of what refused calls before, people were told in a conversation."""
    op.execute("alter table budget_counter add column alerted boolean not null default false")
    op.execute("update budget_counter set alerted = true where refused > 0")


def downgrade() -> None:
    """Go back: people are told by the worker that refuses, as long as it lives."""
    op.execute("alter table budget_counter drop column alerted")
