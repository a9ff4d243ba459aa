"""What customers complained about.

Revision ID: 0020
"""

from alembic import op

revision = "0020"
down_revision = "0019"

_STATEMENTS: tuple[str, ...] = (
    """
    create table feedback_signal (
        turn_id text not null,
        kind text not null,
        tenant text not null,
        account text not null,
        bot text not null,
        number bigint not null,
        at timestamptz not null,
        reason text not null,
        about text not null default '',
        function text not null default '',
        mood double precision not null default 0,
        said text not null default '',
        primary key (turn_id, kind)
    )
    """,
    "create index feedback_signal_tenant on feedback_signal (tenant, at)",
    "create index feedback_signal_conversation on feedback_signal (bot, number)",
    """
    create table feedback_digest (
        tenant text not null,
        day date not null,
        taken_at timestamptz not null,
        primary key (tenant, day)
    )
    """,
)
_BACK: tuple[str, ...] = ("drop table feedback_signal, feedback_digest",)


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
