"""What intents know of a conversation, and whether its customer goes ahead of others.

Revision ID: 0005
"""

from alembic import op

revision = "0005"
down_revision = "0004"

_STATEMENTS = (
    "alter table conversation add column topic jsonb",
    "alter table conversation add column vip boolean not null default false",
)
_BACK: tuple[str, ...] = (
    "alter table conversation drop column topic",
    "alter table conversation drop column vip",
)


def upgrade() -> None:
    """Add the columns; conversations from before know nothing and wait like everybody."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
