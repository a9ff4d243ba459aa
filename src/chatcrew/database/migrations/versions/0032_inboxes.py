"""From which episode on a conversation is its tenant's: an inbox may be given to another one.

Revision ID: 0032
"""

from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Add the column; who has a conversation now has had it from its beginning."""
    op.execute("alter table conversation add column tenant_episode integer not null default 1")


def downgrade() -> None:
    """Go back: conversations whose inbox was given away show their old lines again."""
    op.execute("alter table conversation drop column tenant_episode")
