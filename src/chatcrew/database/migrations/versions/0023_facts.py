"""What analytics reads: moves of conversations, sessions, and days added up.

Revision ID: 0023
"""

from alembic import op

revision = "0023"
down_revision = "0022"

# Chatwoot's clock where the delivery told it: a webhook may come hours late
_AT = "coalesce(to_timestamp(cast(%s ->> 'version' as double precision)), now())"

_STATEMENTS: tuple[str, ...] = (
    """
    create table conversation_move (
        id bigint generated always as identity primary key,
        bot text not null,
        number bigint not null,
        account text not null,
        tenant text,
        episode integer not null,
        kind text not null,
        at timestamptz not null,
        noted_at timestamptz not null default now()
    )
    """,
    "create index conversation_move_conversation on conversation_move (bot, number, id)",
    "create index conversation_move_noted on conversation_move (noted_at)",
    # A trigger, because several statements write the row and none may forget to tell (ADR 0032)
    f"""
    create function conversation_moved() returns trigger language plpgsql as $body$
    begin
        if tg_op = 'INSERT' or new.status is distinct from old.status
                or new.episode is distinct from old.episode then
            insert into conversation_move (bot, number, account, tenant, episode, kind, at)
            values (new.bot, new.number, new.account, new.tenant, new.episode,
                    coalesce(new.status, 'unknown'), {_AT % "new.snapshot"});
        end if;
        if tg_op = 'UPDATE' and new.spoke_id > 0 and old.spoke_id = 0 then
            insert into conversation_move (bot, number, account, tenant, episode, kind, at)
            values (new.bot, new.number, new.account, new.tenant, new.episode, 'spoke', now());
        end if;
        return null;
    end
    $body$
    """,  # noqa: S608 - constant
    """
    create trigger conversation_begun after insert on conversation for each row
    when (new.status is not null and not starts_with(new.bot, 'sim:'))
    execute function conversation_moved()
    """,
    """
    create trigger conversation_moved after update on conversation for each row
    when (
        not starts_with(new.bot, 'sim:') and (
            new.status is distinct from old.status or new.episode is distinct from old.episode
            or (new.spoke_id > 0 and old.spoke_id = 0)
        )
    )
    execute function conversation_moved()
    """,
    f"""
    insert into conversation_move (bot, number, account, tenant, episode, kind, at, noted_at)
    select bot, number, account, tenant, episode, status, {_AT % "snapshot"}, {_AT % "snapshot"}
    from conversation where status is not null and not starts_with(bot, 'sim:')
    """,  # noqa: S608 - constant
    """
    create table session_fact (
        bot text not null,
        number bigint not null,
        episode integer not null,
        account text not null,
        tenant text not null,
        channel text not null,
        contact bigint,
        began_at timestamptz not null,
        last_at timestamptz not null,
        closed_at timestamptz,
        reopened_at timestamptz,
        taken_at timestamptz,
        turns integer not null,
        replied integer not null,
        handed integer not null,
        heard integer not null,
        said integer not null,
        answers integer not null,
        answered_ms bigint not null,
        first_reply_ms bigint,
        waits boolean not null,
        reason text not null,
        intent text not null,
        mood integer,
        rating integer,
        rated_at timestamptz,
        function text not null,
        crew text not null,
        config text not null,
        variant text not null,
        calls bigint not null,
        failed bigint not null,
        from_cache bigint not null,
        prompt_tokens bigint not null,
        completion_tokens bigint not null,
        cached_tokens bigint not null,
        nanos bigint not null,
        unpriced bigint not null,
        estimated bigint not null,
        primary key (bot, number, episode)
    )
    """,
    """
    create index session_fact_began on session_fact (began_at, bot, number, episode)
    include (tenant, account, contact)
    """,
    """
    create index session_fact_tenant on session_fact (tenant, began_at, bot, number, episode)
    include (account, contact)
    """,
    "create index session_fact_last on session_fact (last_at) where closed_at is null",
    """
    create table day_fact (
        measure text not null,
        day date not null,
        tenant text not null,
        bot text not null,
        part text not null,
        step integer not null,
        n bigint not null,
        total bigint not null,
        primary key (measure, day, tenant, bot, part, step)
    )
    """,
    """
    create table day_spend (
        day date not null,
        tenant text not null,
        bot text not null,
        role text not null,
        model text not null,
        calls bigint not null,
        failed bigint not null,
        from_cache bigint not null,
        prompt_tokens bigint not null,
        completion_tokens bigint not null,
        cached_tokens bigint not null,
        nanos bigint not null,
        unpriced bigint not null,
        estimated bigint not null,
        primary key (day, tenant, bot, role, model)
    )
    """,
    """
    create table fact_mark (
        name text primary key,
        at timestamptz not null
    )
    """,
    """
    create table fact_zone (
        tenant text primary key,
        zone text not null
    )
    """,
    "create index model_call_at on model_call (at)",
    "create index rating_at on rating (at)",
)
_BACK: tuple[str, ...] = (
    "drop trigger conversation_moved on conversation",
    "drop trigger conversation_begun on conversation",
    "drop function conversation_moved()",
    "drop table conversation_move, session_fact, day_fact, day_spend, fact_mark, fact_zone",
    "drop index model_call_at",
    "drop index rating_at",
)


def upgrade() -> None:
    """Make the tables; of conversations from before only their present status is known."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back what ``upgrade`` made, and what stood in it."""
    for statement in _BACK:
        op.execute(statement)
