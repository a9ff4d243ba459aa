"""Knowledge in every version that is in use, so that no version reads what another's files say.

Revision ID: 0008
"""

from alembic import op

revision = "0008"
down_revision = "0007"

_STATEMENTS = (
    """
    alter table knowledge_source
        add column touched_at timestamptz not null default now(),
        drop constraint knowledge_source_pkey,
        add primary key (tenant, version)
    """,
    # What is there stays, under the version it has: the first start finds it and writes nothing
    "alter table knowledge_entry add column version text",
    """
    update knowledge_entry set version = knowledge_source.version
    from knowledge_source where knowledge_source.tenant = knowledge_entry.tenant
    """,
    "delete from knowledge_entry where version is null",
    """
    alter table knowledge_entry
        alter column version set not null,
        drop constraint knowledge_entry_pkey,
        add primary key (tenant, version, position),
        add foreign key (tenant, version) references knowledge_source on delete cascade
    """,
)
_BACK: tuple[str, ...] = (
    # The index of the files is made anew when a worker starts
    "delete from knowledge_source",
    "alter table knowledge_entry drop constraint knowledge_entry_tenant_version_fkey",
    """
    alter table knowledge_source
        drop constraint knowledge_source_pkey,
        drop column touched_at,
        add primary key (tenant)
    """,
    """
    alter table knowledge_entry
        drop constraint knowledge_entry_pkey,
        drop column version,
        add primary key (tenant, position)
    """,
)


def upgrade() -> None:
    """Let a tenant have several versions at once."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
