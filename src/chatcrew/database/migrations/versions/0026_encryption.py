"""Which keys seal what is stored.

Revision ID: 0026
"""

from alembic import op

revision = "0026"
down_revision = "0025"

_STATEMENTS: tuple[str, ...] = (
    """
    create table sealing_key (
        name text primary key,
        proof text not null,
        first_used_at timestamptz not null
    )
    """,
)
_BACK: tuple[str, ...] = ("drop table sealing_key",)


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
