"""What attachments say, read once for each content.

Revision ID: 0012
"""

from alembic import op

revision = "0012"
down_revision = "0011"

_STATEMENTS: tuple[str, ...] = (
    """
    create table attachment_content (
        tenant text not null,
        digest text not null,
        text text,
        how text,
        read_at timestamptz,
        claimed_until timestamptz,
        primary key (tenant, digest)
    )
    """,
    """
    create table attachment_seen (
        account text not null,
        ref text not null,
        tenant text not null,
        digest text not null,
        bot text not null,
        number bigint not null,
        message_id bigint not null,
        seen_at timestamptz not null,
        primary key (account, ref)
    )
    """,
    "create index attachment_seen_conversation on attachment_seen (bot, number)",
    "create index attachment_seen_content on attachment_seen (tenant, digest)",
    "alter table model_call add column audio_seconds double precision not null default 0",
)
_BACK: tuple[str, ...] = (
    "drop table attachment_content, attachment_seen",
    "alter table model_call drop column audio_seconds",
)


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
