"""Limits as people see them: what the files allow beside what was counted; pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from chatcrew.budgets._bounds import every_bound, shown
from chatcrew.budgets._port import Count, LimitState
from chatcrew.budgets._spans import forecast, span_of
from chatcrew.tenancy.model import BusinessLimits, Exchange, Tenant

Counts = Mapping[tuple[str, str, str], Count]
"""By scope, kind and span."""


def states(
    tenant: Tenant, counts: Counts, *, exchange: Exchange | None, now: datetime
) -> Iterator[LimitState]:
    """Yield the limits of a tenant: of the business first, money first."""
    limits, zone = tenant.limits, ZoneInfo(tenant.timezone)
    for scope, bound in every_bound(limits):
        wanted: list[tuple[str, str, float]] = [
            ("money", "day", bound.money.day),
            ("money", "month", bound.money.month),
            ("tokens", "day", bound.tokens),
            ("calls", "minute", bound.calls.minute),
            ("calls", "hour", bound.calls.hour),
            ("calls", "day", bound.calls.day),
        ]
        for kind, span, most in wanted:
            counted = scope == "tenant" and kind in ("money", "tokens")
            if not (most or counted):
                continue
            if span == "minute":
                yield LimitState(tenant.key, scope, kind, span, most=most, used=None)
                continue
            starts, ends = span_of(span, now, zone)
            count = counts.get((scope, kind, span))
            yield _state(
                tenant.key,
                (scope, kind, span),
                count,
                most=most or None,
                limits=limits,
                exchange=exchange,
                span=(starts, ends),
                now=now,
            )
    if limits.concurrency:
        count = counts.get(("tenant", "slots", "now"))
        reserved = count.reserved if count else 0
        most = float(limits.concurrency)
        yield LimitState(tenant.key, "tenant", "slots", "now", most=most, reserved=reserved)
    contact = limits.contact
    for span, times in (("minute", contact.minute), ("hour", contact.hour), ("day", contact.day)):
        if times:
            yield LimitState(tenant.key, "contact", "answers", span, most=times, used=None)


def _state(
    tenant: str,
    place: tuple[str, str, str],
    count: Count | None,
    *,
    most: float | None,
    limits: BusinessLimits,
    exchange: Exchange | None,
    span: tuple[datetime, datetime],
    now: datetime,
) -> LimitState:
    scope, kind, name = place
    money = kind == "money"
    used, reserved = (count.used, count.reserved) if count else (0, 0)
    spent, held = (shown(one, limits, exchange) if money else one for one in (used, reserved))
    starts, ends = span
    return LimitState(
        tenant,
        scope,
        kind,
        name,
        currency=limits.currency if money else "",
        most=most,
        used=spent,
        reserved=held,
        forecast=forecast(
            spent, since=starts, until=ends, now=now, known=count.known if count else None
        )
        if name == "month"
        else None,
        since=starts,
        until=ends,
        refused=count.refused if count else 0,
        warned=count.warned if count else False,
    )
