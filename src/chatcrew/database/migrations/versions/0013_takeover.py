"""Silences that end by themselves, and who spoke first when bot and person spoke together.

Revision ID: 0013
"""

from alembic import op

revision = "0013"
down_revision = "0012"

_STATEMENTS: tuple[str, ...] = (
    """
    alter table conversation
        add column silence_until timestamptz,
        add column silence_by text not null default '',
        add column silence_why text not null default '',
        add column spoke_id bigint not null default 0,
        add column reopened text,
        add column own_id bigint not null default 0,
        add column handed_id bigint not null default 0
    """,
    """
    create index conversation_silence_over on conversation (silence_until)
        where silence_until is not null
    """,
)
_BACK: tuple[str, ...] = (
    "drop index conversation_silence_over",
    """
    alter table conversation drop column silence_until,
        drop column silence_by,
        drop column silence_why,
        drop column spoke_id,
        drop column reopened,
        drop column own_id,
        drop column handed_id
    """,
)


def upgrade() -> None:
    """Add the columns."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
