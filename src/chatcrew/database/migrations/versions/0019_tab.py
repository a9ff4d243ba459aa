"""Browsers paired with operators, and their sessions.

Revision ID: 0019
"""

from alembic import op

revision = "0019"
down_revision = "0018"

_STATEMENTS: tuple[str, ...] = (
    """
    create table tab_waiting (
        account text not null,
        number bigint not null,
        code text not null,
        browser text not null,
        misses integer not null default 0,
        begun_at timestamptz not null,
        expires_at timestamptz not null,
        primary key (account, number, code)
    )
    """,
    """
    create table tab_session (
        browser text not null,
        account text not null,
        tenant text not null,
        user_id bigint not null,
        user_name text not null,
        paired_at timestamptz not null,
        expires_at timestamptz not null,
        paired_by text not null,
        primary key (browser, account, tenant)
    )
    """,
    "create index tab_session_user on tab_session (account, user_id)",
    """
    create table reply_judgement (
        turn_id text not null,
        user_id bigint not null,
        account text not null,
        bot text not null,
        number bigint not null,
        tenant text not null,
        good boolean not null,
        at timestamptz not null,
        primary key (turn_id, user_id)
    )
    """,
    "create index reply_judgement_conversation on reply_judgement (bot, number)",
)
_BACK: tuple[str, ...] = ("drop table tab_waiting, tab_session, reply_judgement",)


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
