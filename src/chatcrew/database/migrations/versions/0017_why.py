"""The files of each configuration version, so that an account of a turn names their lines.

Revision ID: 0017
"""

from alembic import op

revision = "0017"
down_revision = "0016"

_STATEMENTS: tuple[str, ...] = (
    """
    create table configuration_version (
        version text primary key,
        files bytea not null,
        used_at timestamptz not null
    )
    """,
)
_BACK: tuple[str, ...] = ("drop table configuration_version",)


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
