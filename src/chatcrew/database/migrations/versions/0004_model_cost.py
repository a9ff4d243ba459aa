"""What a model call cost, and whether its tokens are our own count.

Revision ID: 0004
"""

from alembic import op

revision = "0004"
down_revision = "0003"

_STATEMENTS = (
    # null: nobody knows the price, which is not nothing
    "alter table model_call add column cost double precision",
    "alter table model_call add column estimated boolean not null default false",
)
_BACK: tuple[str, ...] = (
    "alter table model_call drop column cost",
    "alter table model_call drop column estimated",
)


def upgrade() -> None:
    """Add the columns; rows from before have an unknown cost."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
