"""Sessions added up by thirds of months: what is alike is counted, who it was stands in sets.

A third is of UTC's calendar and of one tenant. It is made anew as a whole whenever one of its
sessions changed; until then a mark of the database's own (``session_touched``) says that it does
not hold. So nothing drifts, whoever writes sessions.
"""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.analytics import _endings_sql as endings
from chatcrew.analytics._facts_sql import SPENT, step

MARK = "settled"
"""Names the mark: before this moment no third that was made may be read."""

_SLACK = timedelta(hours=1)
"""How far clocks of those who read may be behind."""
_SETTLING = timedelta(hours=6)
"""How long counts of one stay in a third that time alone has settled."""
_AT_ONCE = 40
"""Thirds that are made in one transaction."""

_ALIKE = {
    **{name: name for name in ("tenant", "bot", "channel", "function", "crew", "config")},
    "variant": "variant",
    "reason": "reason",
    "ending": endings.OVER,
    "closed": "closed_at is not null",
    "back": endings.BACK,
    "settles_at": endings.SETTLES,
}
_COUNTED = {
    "n": "1",
    "replies": "replied + handed",
    "rated": "cast(rating is not null as integer)",
    "rating_total": "coalesce(rating, 0)",
    "satisfied": "cast(coalesce(rating >= 4, false) as integer)",
    **{name: name for name in ("answers", "answered_ms", *SPENT)},
}
_EACH = {**_ALIKE, **_COUNTED, "newest": "last_at"}

CELL = ", ".join(_EACH)
"""The columns of a count."""

EACH = ", ".join(f"{one} as {name}" for name, one in _EACH.items())
"""A session as a count of one."""

PACE = f"{step('first_reply_ms')} as step, count(*) as n, sum(first_reply_ms) as total"
"""First replies by step; of sessions that had one."""

USERS = ("'user'", "account", "contact")
CONVERSATIONS = ("'conversation'", "''", "number")
"""What is counted once however often it is there: kind, whose numbers, the number."""


def bits(what: tuple[str, str, str]) -> str:
    """Return the columns of a set: ``kind``, ``account``, ``chunk``, ``members``."""
    kind, account, number = what
    return (
        f"{kind} as kind, {account} as account, {number} >> 8 as chunk,"
        f" bit_or(cast(1 as bit(256)) << cast({number} & 255 as integer)) as members"
    )


_TAKE = text("select at from fact_mark where name = 'sessions' for update skip locked")
_CHANGED = text("""
    with found as (
        select distinct tenant, third from session_touched order by third, tenant limit :most
    ), known as (
        delete from session_touched as one using found
        where one.tenant = found.tenant and one.third = found.third
    )
    select tenant, third from found
""")
_SETTLED = text("""
    select distinct tenant, third from session_third where settles_at <= :before limit :most
""")
_MOVE_MARK = text("""
    insert into fact_mark (name, at) values (:name, :at)
    on conflict (name) do update set at = greatest(fact_mark.at, excluded.at)
""")
_THESE = """
    unnest(cast(:tenants as text[]), cast(:thirds as date[])) as cell (tenant, third)
"""
_FORGET = tuple(
    text(f"""
        delete from {name} as one using {_THESE}
        where one.tenant = cell.tenant and one.third = cell.third
    """)  # noqa: S608 - constants of this house
    for name in ("session_third", "session_pace", "session_set")
)
IN_THIRD = """
    {0}.began_at >= cast({1}.third as timestamp) at time zone 'UTC'
    and {0}.began_at < cast(third_of({1}.third + 11) as timestamp) at time zone 'UTC'
"""
"""Whether a session is of a third."""

_OF_THESE = f"""
    from {_THESE} join session_fact as one on one.tenant = cell.tenant
        and {IN_THIRD.format("one", "cell")}
"""
_MAKE = (
    text(f"""
        insert into session_third (third, place, {CELL})
        select third, cast(row_number() over (partition by third, tenant) as integer), {CELL}
        from (
            select third, {", ".join(name for name in _ALIKE if name != "settles_at")},
                   case when settles_at > cast(:settled as timestamptz) then settles_at end
                       as settles_at,
                   {", ".join(f"sum({name}) as {name}" for name in _COUNTED)},
                   max(newest) as newest
            from (select cell.third, {EACH.replace("tenant as", "one.tenant as")} {_OF_THESE})
                as each
            group by third, {", ".join(name for name in _ALIKE if name != "settles_at")},
                     case when settles_at > cast(:settled as timestamptz) then settles_at end
        ) as made
    """),  # noqa: S608 - constants of this house
    text(f"""
        insert into session_pace (third, tenant, bot, step, n, total)
        select cell.third, one.tenant, bot, {PACE} {_OF_THESE}
        where first_reply_ms is not null group by 1, 2, 3, 4
    """),
    *(
        text(f"""
            insert into session_set (third, tenant, bot, kind, account, chunk, members)
            select cell.third, one.tenant, bot, {bits(what)} {_OF_THESE}
            where {what[2]} is not null group by 1, 2, 3, 4, 5, 6
        """)
        for what in (USERS, CONVERSATIONS)
    ),
)


async def make_anew(connection: AsyncConnection, *, now: datetime) -> bool:
    """Make thirds anew of which a session changed, or that time has settled.

    Returns:
        Whether there may be more.
    """
    if await connection.scalar(_TAKE) is None:
        return False
    settled = now - _SLACK
    found = (await connection.execute(_CHANGED, {"most": _AT_ONCE})).all()
    more = len(found) == _AT_ONCE
    if not more:
        before = {"before": settled - _SETTLING, "most": _AT_ONCE - len(found)}
        found = [*found, *(await connection.execute(_SETTLED, before)).all()]
    if not found:
        return False
    cells = sorted({(row.third, row.tenant) for row in found})
    these = {"tenants": [tenant for _, tenant in cells], "thirds": [third for third, _ in cells]}
    await connection.execute(_MOVE_MARK, {"name": MARK, "at": settled})
    for statement in _FORGET:
        await connection.execute(statement, these)
    for place, statement in enumerate(_MAKE):
        values = these | ({"settled": settled} if place == 0 else {})
        await connection.execute(statement, values)
    return more or len(found) == _AT_ONCE
