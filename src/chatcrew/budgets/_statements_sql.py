"""The statements of counts and reservations on PostgreSQL."""

from sqlalchemy import text

_KEYS = """unnest(cast(:scopes as text[]), cast(:kinds as text[]), cast(:spans as text[]),
    cast(:starts as timestamptz[])"""

# Rows are made and locked in one order, so that no two calls wait for each other. The condition is
# looked at again once the row is locked: what another call reserved meanwhile is seen. All lines or
# none: where one is full nothing is written, and where another call was quicker in this very moment
# the division takes back what was. One statement and no transaction around it: one trip, not three.
TAKE = text(
    """
    with asked as (
        select * from KEYS, cast(:ends as timestamptz[]), cast(:mosts as bigint[]),
                      cast(:amounts as bigint[]))
            as a (scope, kind, span, starts, ends, most, amount)
        order by scope, kind, span, starts
    ), full_ones as materialized (
        select from asked a left join budget_counter c
            on c.tenant = :tenant and c.scope = a.scope and c.kind = a.kind and c.span = a.span
            and c.starts = a.starts
        where coalesce(c.used + c.reserved, 0) + a.amount > a.most
    ), taken as (
        insert into budget_counter as c
            (tenant, scope, kind, span, starts, ends, most, used, reserved)
        select :tenant, scope, kind, span, starts, ends, most, 0, amount from asked
        where not exists (select from full_ones)
        on conflict (tenant, scope, kind, span, starts) do update
        set reserved = c.reserved + excluded.reserved, most = excluded.most
        where c.used + c.reserved + excluded.reserved <= excluded.most
        returning *
    ), held as (
        insert into budget_reservation
            (id, scope, kind, span, starts, tenant, amount, expires_at)
        select :id, scope, kind, span, starts, :tenant, amount, :expires from asked
        where not exists (select from full_ones)
    )
    select taken.*, 1 / case
        when exists (select from full_ones) then 1
        when (select count(*) from taken) = cardinality(cast(:amounts as bigint[])) then 1
        else 0 end as whole
    from (select) as always left join taken on true
""".replace("KEYS", _KEYS)
)

_LOCKED = """
    select c.* from budget_counter c join KEYS) as a (scope, kind, span, starts)
        using (scope, kind, span, starts)
    where c.tenant = :tenant
    order by c.scope, c.kind, c.span, c.starts
    for update of c
""".replace("KEYS", _KEYS)
LOCK = text(_LOCKED)

REFUSED = text("""
    insert into budget_counter
        (tenant, scope, kind, span, starts, ends, most, used, reserved, refused)
    values (:tenant, :scope, :kind, :span, :starts, :ends, :most, 0, 0, 1)
    on conflict (tenant, scope, kind, span, starts) do update
    set refused = budget_counter.refused + 1, most = excluded.most
    returning refused
""")

# The counters are locked first, all of them, as everywhere; what was changed while this waited for
# them is seen by the delete and the update, which look at a row again once they have it.
SETTLE = text(
    f"""
    with locked as materialized ({_LOCKED}), gone as (
        delete from budget_reservation where id = :id and (select count(*) from locked) >= 0
        returning scope, kind, span, starts, amount, expired
    ), spent as (
        select * from KEYS, cast(:amounts as bigint[])) as a (scope, kind, span, starts, spent)
    )
    update budget_counter c
    set used = c.used + coalesce(s.spent, 0)
            - case when g.expired and g.span <> 'now' then g.amount else 0 end,
        reserved = c.reserved - case when g.expired then 0 else g.amount end
    from gone g left join spent s using (scope, kind, span, starts)
    where c.tenant = :tenant and c.scope = g.scope and c.kind = g.kind and c.span = g.span
      and c.starts = g.starts
""".replace("KEYS", _KEYS)  # noqa: S608 - statements of this file
)

OLD = text("""
    select distinct id from budget_reservation
    where not expired and expires_at <= :now limit 500
""")

# Whoever settles one of them locks its counters first as well, and reservations after them
LOCK_OLD = text("""
    select 1 from budget_counter c
    where exists (
        select 1 from budget_reservation r
        where r.id = any(cast(:ids as text[])) and not r.expired and r.tenant = c.tenant
          and r.scope = c.scope and r.kind = c.kind and r.span = c.span and r.starts = c.starts)
    order by c.tenant, c.scope, c.kind, c.span, c.starts
    for update of c
""")

EXPIRE = text("""
    with old as (
        update budget_reservation set expired = true
        where id = any(cast(:ids as text[])) and not expired
        returning tenant, scope, kind, span, starts, amount
    ), summed as (
        select tenant, scope, kind, span, starts, sum(amount)::bigint as amount, count(*) as lines
        from old group by tenant, scope, kind, span, starts
    ), counted as (
        update budget_counter c
        set reserved = c.reserved - s.amount,
            used = c.used + case when c.span = 'now' then 0 else s.amount end
        from summed s
        where c.tenant = s.tenant and c.scope = s.scope and c.kind = s.kind and c.span = s.span
          and c.starts = s.starts
        returning s.lines
    )
    select coalesce(sum(lines), 0)::bigint from counted
""")

TOLD = {
    reached: text(f"""
        update budget_counter set {column} = true
        where tenant = :tenant and scope = :scope and kind = :kind and span = :span
          and starts = :starts and not {column}
    """)  # noqa: S608 - constants of this file
    for reached, column in ((False, "warned"), (True, "alerted"))
}

READ = text("""
    select *, case when span = 'month' then (
        select min(day.starts) from budget_counter day
        where day.tenant = budget_counter.tenant and day.span = 'day'
    ) end as known
    from budget_counter
    where ends > :now and (:every or tenant = any(cast(:tenants as text[])))
    order by tenant, scope, kind, span
""")

PURGE = text("delete from budget_counter where ends < :before")
PURGE_HELD = text("delete from budget_reservation where expires_at < :before")
