"""Which backups were restored, and whether everybody was erased again who had to be.

Revision ID: 0029
"""

from alembic import op

revision = "0029"
down_revision = "0028"

_STATEMENTS: tuple[str, ...] = (
    """
    create table restoration (
        id text primary key,
        archive text not null,
        tenant text,
        made_at timestamptz not null,
        at timestamptz not null,
        ended_at timestamptz
    )
    """,
)
_BACK: tuple[str, ...] = ("drop table restoration",)


def upgrade() -> None:
    """Make the table."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
