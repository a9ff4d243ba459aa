"""What came of playing a business's conversation tests, for every process on every machine.

Revision ID: 0007
"""

from alembic import op

revision = "0007"
down_revision = "0006"

_STATEMENTS = (
    # failures null: it could not be played, which forbids nothing and is tried again
    """
    create table rehearsal (
        content text primary key,
        tenant text not null,
        failures jsonb,
        at timestamptz not null default now()
    )
    """,
)
_BACK: tuple[str, ...] = ("drop table rehearsal",)


def upgrade() -> None:
    """Make the table."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
