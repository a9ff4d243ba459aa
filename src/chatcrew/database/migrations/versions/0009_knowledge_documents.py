"""Documents a business wrote, as passages with their page and line, kept by content.

Revision ID: 0009
"""

from alembic import op

revision = "0009"
down_revision = "0008"

_STATEMENTS = (
    # A document belongs to no version: what was read once serves every version that lists it
    """
    create table knowledge_document (
        tenant text not null,
        digest text not null,
        claimed_until timestamptz not null default now(),
        touched_at timestamptz not null default now(),
        passages integer,
        length double precision not null default 0,
        frequencies jsonb not null default '{}',
        fault text,
        primary key (tenant, digest)
    )
    """,
    """
    create table knowledge_passage (
        tenant text not null,
        digest text not null,
        position integer not null,
        mark text not null,
        title text not null,
        headings jsonb not null,
        body text not null,
        question text,
        asked jsonb not null default '{}',
        expires date,
        length double precision not null,
        counts jsonb not null,
        keys tsvector not null,
        meaning text not null,
        primary key (tenant, digest, position),
        foreign key (tenant, digest) references knowledge_document on delete cascade
    )
    """,
    # A search reads keys and counts of thousands of rows: not compressed, and not elsewhere
    "alter table knowledge_passage set (toast_tuple_target = 8160)",
    "create index knowledge_passage_keys on knowledge_passage using gin (keys)",
    """
    create table knowledge_listed (
        tenant text not null,
        version text not null,
        path text not null,
        digest text not null,
        primary key (tenant, version, path),
        foreign key (tenant, version) references knowledge_source on delete cascade
    )
    """,
    "create index knowledge_listed_digest on knowledge_listed (tenant, digest)",
    """
    alter table knowledge_source
        add column documents integer not null default 0,
        add column passages integer not null default 0,
        add column length double precision not null default 0,
        add column vocabulary jsonb not null default '{}'
    """,
    "alter table knowledge_entry add column expires date",
    """
    create table knowledge_gap (
        tenant text not null,
        question text not null,
        count integer not null default 1,
        first_at timestamptz not null,
        last_at timestamptz not null,
        primary key (tenant, question)
    )
    """,
)
_BACK: tuple[str, ...] = (
    "drop table knowledge_document, knowledge_passage, knowledge_listed, knowledge_gap",
    """
    alter table knowledge_source drop column documents,
        drop column passages,
        drop column length,
        drop column vocabulary
    """,
    "alter table knowledge_entry drop column expires",
)


def upgrade() -> None:
    """Make the tables; vectors have one of their own, made where embeddings are first used."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
