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


def upgrade() -> None:
    """Add the columns; rows from before have an unknown cost."""
    for statement in _STATEMENTS:
        op.execute(statement)
