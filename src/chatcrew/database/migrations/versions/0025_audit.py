"""Who saw and changed what, and whose data is erased.

Revision ID: 0025
"""

from alembic import op

revision = "0025"
down_revision = "0024"

_STATEMENTS = (
    """
    create table audit_entry (
        seq bigint not null primary key,
        at timestamptz not null,
        actor text not null,
        action text not null,
        tenant text,
        target text not null,
        person text,
        detail text not null,
        hash text not null
    )
    """,
    "create index audit_entry_tenant on audit_entry (tenant, seq)",
    "create index audit_entry_person on audit_entry (person) where person is not null",
    "create index audit_entry_at on audit_entry (at)",
    """
    create table audit_head (
        one smallint not null primary key,
        seq bigint not null,
        hash text not null,
        cut_seq bigint not null,
        cut_hash text not null
    )
    """,
    """
    create table person_key (
        tenant text not null,
        account text not null,
        contact bigint not null,
        key bytea not null,
        primary key (tenant, account, contact)
    )
    """,
    """
    create table erasure (
        id text not null primary key,
        tenant text not null,
        salt text not null,
        person text not null,
        at timestamptz not null,
        actor text not null,
        again_at timestamptz,
        again jsonb not null default '[]',
        receipt jsonb
    )
    """,
    "create index erasure_tenant on erasure (tenant, at)",
    "create index erasure_again on erasure (again_at) where again_at is not null",
    """
    create table house_key (
        name text not null primary key,
        secret bytea not null,
        made_at timestamptz not null default now()
    )
    """,
    """
    create table consent_text (
        tenant text not null,
        version text not null,
        body text not null,
        first_at timestamptz not null default now(),
        primary key (tenant, version)
    )
    """,
    """
    create table private_file (
        id text not null primary key,
        path text not null,
        kind text not null,
        tenant text,
        person text,
        sha256 text not null,
        made_at timestamptz not null,
        gone_at timestamptz,
        constraint private_file_path unique (path, sha256)
    )
    """,
)
_BACK: tuple[str, ...] = (
    """
    drop table audit_entry,
        audit_head,
        person_key,
        erasure,
        house_key,
        consent_text,
        private_file
    """,
)


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
