"""Knowledge: entries with their stems, and how often each stem stands in a tenant's entries.

Revision ID: 0003
"""

from alembic import op

revision = "0003"
down_revision = "0002"

_STATEMENTS = (
    """
    create table knowledge_source (
        tenant text primary key,
        version text not null,
        entries integer not null,
        frequencies jsonb not null
    )
    """,
    # No foreign key: entries are only ever written under the lock of their source's row
    """
    create table knowledge_entry (
        tenant text not null,
        position integer not null,
        source text not null,
        title text not null,
        body text not null,
        wordings jsonb not null,
        keywords jsonb not null,
        content jsonb not null,
        document tsvector not null,
        primary key (tenant, position)
    )
    """,
    "create index knowledge_entry_document on knowledge_entry using gin (document)",
)
_BACK: tuple[str, ...] = ("drop table knowledge_source, knowledge_entry",)


def upgrade() -> None:
    """Create the tables; ``chatcrew.database.schema`` describes the same ones to SQLAlchemy."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
