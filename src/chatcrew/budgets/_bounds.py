"""What a call wants of which counters, by what its business allows; pure."""

import math
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from chatcrew.budgets._port import NO_LIMIT, Key, Line
from chatcrew.budgets._spans import span_of
from chatcrew.messages import Bid
from chatcrew.tenancy.model import Bound, BusinessLimits, Exchange

NANO = 1_000_000_000
"""Billionths of a US dollar in one: a single token of a small model costs a hundred of them."""


def dollars(amount: float, limits: BusinessLimits, exchange: Exchange | None) -> float:
    """Return an amount of the limits' currency in US dollars.

    Raises:
        ValueError: nobody says what a dollar is; loading refuses such files.
    """
    if limits.currency == "USD":
        return amount
    if exchange is None:
        raise ValueError("limits in BRL need an exchange rate")
    return amount / exchange.brl


def shown(nano: int, limits: BusinessLimits, exchange: Exchange | None) -> float:
    """Return billionths of a dollar in the limits' currency."""
    value = nano / NANO
    return value * exchange.brl if limits.currency == "BRL" and exchange is not None else value


def bounds(limits: BusinessLimits, *, role: str, function: str) -> Iterator[tuple[str, Bound]]:
    """Yield the bounds that hold for a role of a function, by scope."""
    yield "tenant", limits.tenant
    if role in limits.roles:
        yield f"role:{role}", limits.roles[role]
    if function in limits.functions:
        yield f"function:{function}", limits.functions[function]


def every_bound(limits: BusinessLimits) -> Iterator[tuple[str, Bound]]:
    """Yield every bound by scope."""
    yield "tenant", limits.tenant
    for name, bound in limits.roles.items():
        yield f"role:{name}", bound
    for name, bound in limits.functions.items():
        yield f"function:{name}", bound


def lines_of(
    bid: Bid,
    limits: BusinessLimits,
    *,
    exchange: Exchange | None,
    now: datetime,
    zone: ZoneInfo,
) -> list[Line]:
    """Return what a call wants of each counter.

    Money and tokens of the whole business are counted also where nothing bounds them, for the
    forecast. A model of unknown price takes none of the money: that is no zero, it is not known.
    """
    money = math.ceil((bid.cost or 0.0) * NANO)
    found: list[Line] = []

    def add(scope: str, kind: str, span: str, *, most: int, amount: int) -> None:
        starts, ends = span_of(span, now, zone)
        found.append(Line(Key(scope, kind, span, starts), ends, most, amount))

    for scope, bound in bounds(limits, role=bid.role, function=bid.function):
        counted = scope == "tenant"
        for span, most in (("day", bound.money.day), ("month", bound.money.month)):
            if most or counted:
                nano = math.floor(dollars(most, limits, exchange) * NANO) if most else NO_LIMIT
                add(scope, "money", span, most=nano, amount=money)
        if bound.tokens or counted:
            add(scope, "tokens", "day", most=bound.tokens or NO_LIMIT, amount=bid.tokens)
        for span, most in (("hour", bound.calls.hour), ("day", bound.calls.day)):
            if most:
                add(scope, "calls", span, most=most, amount=1)
    return found


def slot_of(limits: BusinessLimits, *, now: datetime, zone: ZoneInfo) -> Line:
    """Return what a call wants of the business's calls at once."""
    starts, ends = span_of("now", now, zone)
    return Line(Key("tenant", "slots", "now", starts), ends, limits.concurrency, 1)


def paces(limits: BusinessLimits, *, role: str, function: str) -> Iterator[tuple[str, int]]:
    """Yield the calls a minute that hold for a role of a function, by scope."""
    for scope, bound in bounds(limits, role=role, function=function):
        if bound.calls.minute:
            yield scope, bound.calls.minute
