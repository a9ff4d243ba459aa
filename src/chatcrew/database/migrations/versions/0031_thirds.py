"""Days and sessions added up by thirds of months, and what was not spent by days.

Revision ID: 0031
"""

from alembic import op

revision = "0031"
down_revision = "0030"

_SPENT = """
        calls bigint not null,
        failed bigint not null,
        from_cache bigint not null,
        prompt_tokens bigint not null,
        completion_tokens bigint not null,
        cached_tokens bigint not null,
        nanos bigint not null,
        unpriced bigint not null,
        estimated bigint not null
"""
_SAVED = """
        n bigint not null,
        nanos bigint not null,
        unknown bigint not null,
        more bigint not null,
        chars numeric not null,
        uncounted bigint not null,
        more_chars numeric not null,
        more_uncounted bigint not null,
        kept_n bigint not null,
        kept bigint not null,
        kept_unknown bigint not null,
        s_count bigint not null,
        s_chars numeric not null,
        s_nanos numeric not null,
        s_squares numeric not null,
        s_products numeric not null
"""

# What is added up of a third holds until a session of it changes, whoever changes it. A mark is
# always a new row: of two that write at once neither may take the other's mark for its own. Numbers
# of contacts are forgotten with the session that they stood in.
_TOUCH = """
    create function session_fact_touched() returns trigger language plpgsql as $body$
    begin
        if tg_op = 'INSERT' then
            insert into session_touched (tenant, third)
            select distinct tenant, third_of(cast(began_at at time zone 'UTC' as date)) from fresh;
        elsif tg_op = 'UPDATE' then
            insert into session_touched (tenant, third)
            select tenant, third_of(cast(began_at at time zone 'UTC' as date)) from fresh
            union
            select tenant, third_of(cast(began_at at time zone 'UTC' as date)) from stale;
            delete from session_set as one using stale join fresh using (bot, number, episode)
            where stale.contact is distinct from fresh.contact and one.tenant = stale.tenant
              and one.third = third_of(cast(stale.began_at at time zone 'UTC' as date));
        else
            insert into session_touched (tenant, third)
            select distinct tenant, third_of(cast(began_at at time zone 'UTC' as date)) from stale;
            delete from session_set as one using stale
            where one.tenant = stale.tenant
              and one.third = third_of(cast(stale.began_at at time zone 'UTC' as date));
        end if;
        return null;
    end
    $body$
"""

_EVENTS = ("inserted", "updated", "deleted")
_TABLES = (
    *("third_fact", "third_spend", "third_saving", "day_saving"),
    *("session_third", "session_pace", "session_set", "session_touched"),
)

_STATEMENTS: tuple[str, ...] = (
    """
    create function third_of(day date) returns date language sql immutable parallel safe
    return cast(date_trunc('month', cast(day as timestamp)) as date)
           + 10 * least((cast(extract(day from day) as integer) - 1) / 10, 2)
    """,
    """
    create table third_fact (
        measure text not null,
        third date not null,
        tenant text not null,
        bot text not null,
        part text not null,
        step integer not null,
        n bigint not null,
        total bigint not null,
        primary key (measure, third, tenant, bot, part, step)
    )
    """,
    f"""
    create table third_spend (
        third date not null,
        tenant text not null,
        bot text not null,
        role text not null,
        model text not null, {_SPENT},
        primary key (third, tenant, bot, role, model)
    )
    """,
    f"""
    create table day_saving (
        day date not null,
        tenant text not null,
        bot text not null,
        source text not null,
        part text not null,
        kind text not null, {_SAVED},
        primary key (day, tenant, bot, source, part, kind)
    )
    """,
    f"""
    create table third_saving (
        third date not null,
        tenant text not null,
        bot text not null,
        source text not null,
        part text not null,
        kind text not null, {_SAVED},
        primary key (third, tenant, bot, source, part, kind)
    )
    """,
    f"""
    create table session_third (
        third date not null,
        tenant text not null,
        place integer not null,
        bot text not null,
        channel text not null,
        function text not null,
        crew text not null,
        config text not null,
        variant text not null,
        reason text not null,
        ending text,
        closed boolean not null,
        back boolean not null,
        settles_at timestamptz,
        n bigint not null,
        replies bigint not null,
        rated bigint not null,
        rating_total bigint not null,
        satisfied bigint not null,
        answers bigint not null,
        answered_ms bigint not null,
        newest timestamptz not null, {_SPENT},
        primary key (third, tenant, place)
    )
    """,
    """
    create index session_third_settles on session_third (settles_at)
    where settles_at is not null
    """,
    """
    create table session_pace (
        third date not null,
        tenant text not null,
        bot text not null,
        step integer not null,
        n bigint not null,
        total bigint not null,
        primary key (third, tenant, bot, step)
    )
    """,
    """
    create table session_set (
        third date not null,
        tenant text not null,
        bot text not null,
        kind text not null,
        account text not null,
        chunk bigint not null,
        members bit(256) not null,
        primary key (third, tenant, bot, kind, account, chunk)
    )
    """,
    """
    create table session_touched (
        id bigint generated always as identity primary key,
        tenant text not null,
        third date not null
    )
    """,
    _TOUCH,
    """
    create trigger session_fact_inserted after insert on session_fact
    referencing new table as fresh for each statement execute function session_fact_touched()
    """,
    """
    create trigger session_fact_updated after update on session_fact
    referencing new table as fresh old table as stale
    for each statement execute function session_fact_touched()
    """,
    """
    create trigger session_fact_deleted after delete on session_fact
    referencing old table as stale for each statement execute function session_fact_touched()
    """,
    """
    insert into session_touched (tenant, third)
    select distinct tenant, third_of(cast(began_at at time zone 'UTC' as date)) from session_fact
    """,
)

_BACK: tuple[str, ...] = (
    *(f"drop trigger session_fact_{one} on session_fact" for one in _EVENTS),
    "drop function session_fact_touched()",
    *(f"drop table {one}" for one in _TABLES),
    "drop function third_of(date)",
    # what they tell of is gone: whoever comes again begins anew
    "delete from fact_mark where name in ('savings', 'settled', 'thirds')",
)


def upgrade() -> None:
    """Make the tables; workers fill them in their rounds out of what is there."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take the tables away; days and sessions stay."""
    for statement in _BACK:
        op.execute(statement)
