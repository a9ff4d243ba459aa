"""When a weekly digest was sent, and not only taken: a worker that dies in between loses none.

Revision ID: 0035
"""

from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Add the column; what was taken before counts as sent."""
    op.execute("alter table feedback_digest add column sent_at timestamptz")
    op.execute("update feedback_digest set sent_at = taken_at")


def downgrade() -> None:
    """Go back: what was taken and not sent is free to be taken."""
    op.execute("delete from feedback_digest where sent_at is null")
    op.execute("alter table feedback_digest drop column sent_at")
