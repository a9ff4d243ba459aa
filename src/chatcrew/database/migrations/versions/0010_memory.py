"""What is remembered of contacts, and running summaries of long conversations.

Revision ID: 0010
"""

from alembic import op

revision = "0010"
down_revision = "0009"

_STATEMENTS: tuple[str, ...] = (
    """
    create table contact_fact (
        id bigint generated always as identity primary key,
        tenant text not null,
        account text not null,
        contact bigint not null,
        kind text not null,
        about text,
        body text not null,
        conversation text not null,
        message_id bigint not null,
        confidence double precision not null,
        created_at timestamptz not null,
        used_at timestamptz,
        expires_at timestamptz not null
    )
    """,
    "create index contact_fact_person on contact_fact (tenant, account, contact)",
    """
    create unique index contact_fact_about on contact_fact (tenant, account, contact, about)
        where about is not null
    """,
    "create index contact_fact_expires on contact_fact (expires_at)",
    """
    create table contact_consent (
        tenant text not null,
        account text not null,
        contact bigint not null,
        given boolean not null,
        at timestamptz not null,
        version text not null,
        source text not null,
        primary key (tenant, account, contact)
    )
    """,
    """
    create table episode_memory (
        bot text not null,
        number bigint not null,
        episode integer not null,
        account text not null,
        tenant text,
        contact bigint,
        remember boolean not null default false,
        marked bigint not null default 0,
        beyond bigint not null default 0,
        summary text not null default '',
        summary_up_to bigint not null default 0,
        extracted_up_to bigint not null default 0,
        read_up_to bigint not null default 0,
        due_at timestamptz,
        lease_until timestamptz,
        attempts integer not null default 0,
        fence bigint not null default 0,
        touched_at timestamptz not null default now(),
        primary key (bot, number, episode)
    )
    """,
    "create index episode_memory_due on episode_memory (due_at) where due_at is not null",
    "create index episode_memory_contact on episode_memory (tenant, account, contact)",
)
_BACK: tuple[str, ...] = ("drop table contact_fact, contact_consent, episode_memory",)


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
