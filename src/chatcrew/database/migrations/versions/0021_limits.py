"""What was used and reserved of each limit, and who was told.

Revision ID: 0021
"""

from alembic import op

revision = "0021"
down_revision = "0020"

_STATEMENTS: tuple[str, ...] = (
    """
    create table budget_counter (
        tenant text not null,
        scope text not null,
        kind text not null,
        span text not null,
        starts timestamptz not null,
        ends timestamptz not null,
        most bigint not null,
        used bigint not null,
        reserved bigint not null,
        refused integer not null default 0,
        warned boolean not null default false,
        primary key (tenant, scope, kind, span, starts)
    )
    """,
    "create index budget_counter_ends on budget_counter (ends)",
    """
    create table budget_reservation (
        id text not null,
        scope text not null,
        kind text not null,
        span text not null,
        starts timestamptz not null,
        tenant text not null,
        amount bigint not null,
        expires_at timestamptz not null,
        expired boolean not null default false,
        primary key (id, scope, kind, span, starts)
    )
    """,
    "create index budget_reservation_expires on budget_reservation (expires_at)",
)
_BACK: tuple[str, ...] = ("drop table budget_counter, budget_reservation",)


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
