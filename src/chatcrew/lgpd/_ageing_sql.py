"""What is too old: counted or deleted, by kind of data and tenant, some thousand rows at a time."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import text

from chatcrew.database import Database
from chatcrew.database.transactions import statement
from chatcrew.lgpd._holding import Ageing, Holding, Link
from chatcrew.lgpd._port import Expired
from chatcrew.lgpd._register_sql import REGISTER

_AT_ONCE: Final = 2000
_OF_CONVERSATION: Final = (
    "(select c.tenant from conversation c where c.bot = t.bot and c.number = t.number)"
)


async def expire(
    database: Database,
    days: Mapping[str, Mapping[str, int]],
    *,
    defaults: Mapping[str, int],
    now: datetime,
    dry_run: bool,
) -> list[Expired]:
    """Delete or empty what is older than its tenant keeps it; return how much it was.

    Args:
        database: migrated.
        days: by tenant, days by kind of data.
        defaults: days by kind, for tenants that are configured no more.
        now: UTC.
        dry_run: only count.

    Raises:
        StoreError: the database is away; what was deleted until then stays deleted.
    """
    found: list[Expired] = []
    for one in REGISTER.values():
        for age in one.ageing:
            befores = {
                tenant: now - timedelta(days=kept[age.kind]) for tenant, kept in days.items()
            }
            default = now - timedelta(days=defaults[age.kind])
            rows = await _expired(database, one, age, befores, default, dry_run=dry_run)
            found += [
                Expired(one.table, age.kind, tenant, befores.get(tenant or "", default), count)
                for tenant, count in sorted(rows.items(), key=lambda row: row[0] or "")
            ]
    return found


async def _expired(
    database: Database,
    one: Holding,
    age: Ageing,
    befores: Mapping[str, datetime],
    default: datetime,
    *,
    dry_run: bool,
) -> Counter[str | None]:
    tenant = "cast(null as text)"
    if "tenant" in one.plain:
        tenant = "t.tenant"
    elif one.link is Link.CONVERSATION:
        tenant = _OF_CONVERSATION
    old = f"""
        ({age.only}) and {age.at} < coalesce((
            select rule.before
            from unnest(cast(:tenants as text[]), cast(:befores as timestamptz[]))
                as rule (tenant, before)
            where rule.tenant = {tenant}), :default)
    """  # noqa: S608 - names of the register, no values
    values: dict[str, Any] = {
        "tenants": list(befores),
        "befores": list(befores.values()),
        "default": default,
        "limit": _AT_ONCE,
    }
    count = Counter[str | None]()
    if dry_run:
        query = f"select {tenant}, count(*) from {one.table} t where {old} group by 1"  # noqa: S608 - as above
        async with statement(database) as connection:
            rows = (await connection.execute(text(query), values)).all()
            return Counter({row[0]: row[1] for row in rows})
    doing = f"update {one.table} t set {age.blank}" if age.blank else f"delete from {one.table} t"  # noqa: S608 - as above
    query = f"""
        with old as materialized (
            select t.ctid as place, {tenant} as tenant from {one.table} t where {old} limit :limit
        )
        {doing} {"from" if age.blank else "using"} old where t.ctid = old.place returning old.tenant
    """  # noqa: S608 - as above
    while True:
        async with statement(database) as connection:
            some = (await connection.scalars(text(query), values)).all()
        count.update(some)
        if len(some) < _AT_ONCE:
            return count
