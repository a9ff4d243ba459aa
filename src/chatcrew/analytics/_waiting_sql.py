"""What waits now: input, parked turns, and what people owe."""

from datetime import datetime
from functools import cache

from sqlalchemy import TextClause, text

from chatcrew.analytics._days_sql import narrowed
from chatcrew.analytics._facts_sql import step, whole
from chatcrew.analytics._lists import DebtFigures, ParkedTurn, Waiting
from chatcrew.analytics._lists_sql import values_of
from chatcrew.analytics._reading_sql import Reading
from chatcrew.analytics._scale import times
from chatcrew.debts import Debts
from chatcrew.messages import Debt

MOST = 100
"""Parked turns and debts that are listed."""


async def waiting(look: Reading, now: datetime) -> Waiting:
    """Return what the mailbox holds now."""
    wanted = look.scope.tenants is not None, look.scope.bot is not None
    values = values_of(look, now=now)
    run = look.connection.execute
    row = (await run(_waiting(wanted), values)).one()
    parked = await run(_parked(wanted), values)
    return Waiting(
        due=row.due,
        oldest_at=row.oldest_at,
        leased=row.leased,
        parked=tuple(ParkedTurn(*one) for one in parked),
        parked_count=row.parked,
        unknown=row.unknown,
        quarantined=row.quarantined if look.scope.tenants is None else 0,
    )


@cache
def _waiting(wanted: tuple[bool, bool]) -> TextClause:
    mine = narrowed(wanted, table="conversation")
    real = "not starts_with(conversation.bot, 'sim:')"
    free = "(lease_until is null or lease_until <= cast(:now as timestamptz))"
    return text(f"""
        select due.due, due.oldest_at, due.leased, (
            select count(*) from conversation where parked_at is not null and {real} {mine}
        ) as parked, (
            select count(*) from outbox_part
            join conversation using (bot, number) where state = 'unknown' and {real} {mine}
        ) as unknown, (select count(*) from quarantine) as quarantined
        from (
            select count(*) filter (where {free}) as due,
                   min(waiting_since) filter (where {free}) as oldest_at,
                   count(*) filter (where not {free}) as leased
            from conversation where due_at is not null and {real} {mine}
        ) as due
    """)  # noqa: S608 - constants of this house


@cache
def _parked(wanted: tuple[bool, bool]) -> TextClause:
    return text(f"""
        select account, bot, number, coalesce(tenant, ''), coalesce(parked_turn, ''),
               coalesce(parked_reason, ''), parked_at
        from conversation where parked_at is not null and not starts_with(bot, 'sim:')
          {narrowed(wanted, table="conversation")}
        order by parked_at desc limit {MOST}
    """)  # noqa: S608 - constants of this house


async def debts(look: Reading, book: Debts) -> DebtFigures:
    """Return what people owe customers."""
    wanted = look.scope.tenants is not None, look.scope.bot is not None
    values = values_of(look) | {"since": look.scope.since, "until": look.scope.until}
    run = look.connection.execute
    rows = (await run(_opened(wanted), values)).all()
    ended = [row for row in rows if row.ending is not None]
    waited = [row for row in ended if row.step is not None]
    endings_of: dict[str, int] = {}
    for row in ended:
        endings_of[row.ending] = endings_of.get(row.ending, 0) + row.n
    return DebtFigures(
        standing=await _standing(look, book),
        standing_count=(await run(_owed(wanted), values)).scalar_one(),
        opened=sum(row.n for row in rows),
        endings=dict(sorted(endings_of.items(), key=lambda one: (-one[1], one[0]))),
        waited=times(
            ((row.step, row.n) for row in waited), total=int(sum(row.total for row in waited))
        ),
    )


async def _standing(look: Reading, book: Debts) -> tuple[Debt, ...]:
    tenants = look.scope.tenants
    whose: list[str | None] = [None] if tenants is None else [*sorted(tenants)]
    found = [one for tenant in whose for one in await book.list_standing(tenant, limit=MOST)]
    bot = look.scope.bot
    real = [one for one in found if bot in (None, one.owed.conversation.bot)]
    return tuple(sorted(real, key=lambda one: one.owed.opened_at)[:MOST])


@cache
def _opened(wanted: tuple[bool, bool]) -> TextClause:
    waited = whole("waited * 1000")
    return text(f"""
        select ending, {step(waited)} as step, count(*) as n, sum({waited}) as total from debt
        where opened_at >= :since and opened_at < :until and kind <> 'resolution'
          and not starts_with(bot, 'sim:')
          {narrowed(wanted, table="debt")}
        group by 1, 2
    """)  # noqa: S608 - constants of this house


@cache
def _owed(wanted: tuple[bool, bool]) -> TextClause:
    return text(f"""
        select count(*) from debt where ended_at is null and kind <> 'resolution'
          and not starts_with(bot, 'sim:')
          {narrowed(wanted, table="debt")}
    """)  # noqa: S608 - constants of this house
