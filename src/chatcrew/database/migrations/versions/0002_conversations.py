"""Mailbox, outbox, history and ledger.

Revision ID: 0002
"""

from alembic import op

revision = "0002"
down_revision = "0001"

_TABLES = (
    # A conversation row is the queue entry, so it is rewritten often: room on the page for that
    """
    create table conversation (
        bot text not null,
        number bigint not null,
        account text not null,
        tenant text,
        channel text,
        snapshot jsonb not null,
        status text,
        owner_kind text,
        priority text,
        silence text,
        silenced_at timestamptz,
        episode integer not null default 1,
        function text,
        last_message_id bigint not null default 0,
        last_customer_id bigint not null default 0,
        last_public_author text,
        last_public_id bigint not null default 0,
        last_answer_id bigint not null default 0,
        customer_at timestamptz,
        handed_version double precision,
        swept_id bigint not null default 0,
        arrivals bigint not null default 0,
        taken bigint not null default 0,
        attempts integer not null default 0,
        due_at timestamptz,
        first_at timestamptz,
        waiting_since timestamptz,
        retry_at timestamptz,
        fence bigint not null default 0,
        lease_owner text,
        lease_until timestamptz,
        parked_at timestamptz,
        parked_reason text,
        parked_turn text,
        primary key (bot, number)
    ) with (fillfactor = 70)
    """,
    "create index conversation_due on conversation (due_at) where due_at is not null",
    "create index conversation_parked on conversation (parked_at) where parked_at is not null",
    """
    create index conversation_unanswered on conversation (customer_at)
    where last_customer_id > 0 and last_customer_id >= last_answer_id
    """,
    """
    create table event (
        id bigint generated always as identity primary key,
        bot text not null,
        number bigint not null,
        account text not null,
        kind text not null,
        name text not null,
        message_id bigint,
        part smallint not null default 0,
        object_id bigint,
        delivery_id text,
        digest bytea,
        body bytea,
        received_at timestamptz not null,
        turn_id text
    )
    """,
    "create index event_waiting on event (bot, number) where turn_id is null",
    "create index event_turn on event (turn_id) where turn_id is not null",
    "create index event_message on event (bot, message_id)",
    """
    create table seen (
        bot text not null,
        key text not null,
        at timestamptz not null,
        primary key (bot, key)
    )
    """,
    "create index seen_at on seen (at)",
    """
    create table message (
        bot text not null,
        message_id bigint not null,
        part smallint not null,
        number bigint not null,
        episode integer not null,
        private boolean not null,
        deleted boolean not null,
        provisional boolean not null default false,
        line jsonb not null,
        status text,
        status_error text,
        primary key (bot, message_id, part)
    )
    """,
    "create index message_conversation on message (bot, number, message_id)",
    """
    create table turn (
        id text primary key,
        bot text not null,
        number bigint not null,
        account text not null,
        state text not null check (state in ('open', 'decided', 'finished')),
        worker text not null,
        attempts integer not null default 0,
        started_at timestamptz not null,
        decided_at timestamptz,
        finished_at timestamptz,
        outcome text,
        reason text,
        tenant text,
        crew text,
        function text,
        engine text,
        config text,
        stage_ms jsonb,
        details jsonb
    )
    """,
    "create unique index turn_unfinished on turn (bot, number) where state <> 'finished'",
    "create index turn_conversation on turn (bot, number, started_at)",
    """
    create table outbox_part (
        id bigint generated always as identity primary key,
        turn_id text not null,
        bot text not null,
        number bigint not null,
        account text not null,
        position integer not null,
        kind text not null,
        payload jsonb not null,
        gated boolean not null,
        tag text not null,
        state text not null
            check (state in ('planned', 'sending', 'sent', 'failed', 'unknown', 'skipped')),
        attempts integer not null default 0,
        planned_at timestamptz not null,
        sending_at timestamptz,
        sent_at timestamptz,
        message_id bigint,
        error text
    )
    """,
    "create unique index outbox_part_tag on outbox_part (tag)",
    "create unique index outbox_part_turn on outbox_part (turn_id, position)",
    """
    create index outbox_part_undelivered on outbox_part (state)
    where state in ('planned', 'sending', 'unknown')
    """,
    """
    create table rating (
        bot text not null,
        message_id bigint not null,
        number bigint not null,
        tenant text,
        rating integer not null,
        feedback text not null,
        at timestamptz not null,
        primary key (bot, message_id)
    )
    """,
    "create index rating_conversation on rating (bot, number)",
    """
    create table quarantine (
        id bigint generated always as identity primary key,
        bot text not null,
        reason text not null,
        headers jsonb not null,
        body bytea not null,
        at timestamptz not null
    )
    """,
    "create index quarantine_at on quarantine (at)",
    """
    create table model_call (
        id bigint generated always as identity primary key,
        turn_id text,
        tenant text not null,
        role text not null,
        model text not null,
        prompt_tokens bigint not null,
        completion_tokens bigint not null,
        cached_tokens bigint not null,
        from_cache boolean not null,
        seconds double precision not null,
        error text,
        at timestamptz not null
    )
    """,
    "create index model_call_turn on model_call (turn_id)",
    "create index model_call_tenant on model_call (tenant, at)",
)
_BACK: tuple[str, ...] = (
    """
    drop table conversation,
        event,
        seen,
        message,
        turn,
        outbox_part,
        rating,
        quarantine,
        model_call
    """,
)


def upgrade() -> None:
    """Create the tables; ``chatcrew.database.schema`` describes the same ones to SQLAlchemy."""
    for statement in _TABLES:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
