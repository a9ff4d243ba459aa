"""Who may enter the console and the API.

Revision ID: 0024
"""

from alembic import op

revision = "0024"
down_revision = "0023"

_STATEMENTS: tuple[str, ...] = (
    """
    create table console_user (
        name text primary key,
        role text not null,
        tenants text[],
        password text not null,
        made_at timestamptz not null,
        seen_at timestamptz
    )
    """,
    """
    create table console_session (
        browser text primary key,
        name text not null,
        opened_at timestamptz not null,
        expires_at timestamptz not null
    )
    """,
    "create index console_session_name on console_session (name)",
    """
    create table console_try (
        key text primary key,
        tries integer not null default 0,
        since timestamptz not null
    )
    """,
    "create index turn_finished on turn (finished_at) where finished_at is not null",
    "create index turn_tenant on turn (tenant, finished_at) where finished_at is not null",
)
_BACK: tuple[str, ...] = (
    "drop table console_user, console_session, console_try",
    "drop index turn_finished",
    "drop index turn_tenant",
)


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
