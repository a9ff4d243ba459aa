"""Who may ask the API, and conversations that nobody but it has.

Revision ID: 0027
"""

from alembic import op

revision = "0027"
down_revision = "0026"

_STATEMENTS: tuple[str, ...] = (
    "create sequence simulated_message",
    """
    create table simulated_contact (
        tenant text not null,
        name text not null,
        id bigint generated always as identity,
        primary key (tenant, name)
    )
    """,
    """
    create table simulated_session (
        tenant text not null,
        session text not null,
        contact bigint not null,
        number bigint generated always as identity,
        begun_at timestamptz not null,
        primary key (tenant, session)
    )
    """,
    "create index simulated_session_begun on simulated_session (begun_at)",
    """
    create table api_token (
        name text primary key,
        digest text not null,
        shown text not null,
        role text not null,
        tenants text[],
        made_at timestamptz not null,
        expires_at timestamptz,
        used_at timestamptz
    )
    """,
    "create unique index api_token_digest on api_token (digest)",
)
_BACK: tuple[str, ...] = (
    "drop table simulated_contact, simulated_session, api_token",
    "drop sequence simulated_message",
)


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
