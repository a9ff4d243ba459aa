"""What a business lets its bot use, as values; seen through ``model``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MONEY = {"USD": (10.0, 200.0), "BRL": (50.0, 1000.0)}
"""Money a day and a month where a business names a currency or nothing (S3-89)."""

TOKENS = 20_000_000
"""Tokens a day where a business says nothing: what bounds models of unknown price."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How often; 0: as often as it comes.

    Attributes:
        minute: times in any minute.
        hour: times in an hour of the clock.
        day: times in a day of the business.
    """

    minute: int = 0
    hour: int = 0
    day: int = 0


@dataclass(frozen=True, slots=True)
class Money:
    """How much money, in the currency of the limits; 0: no limit."""

    day: float = 0.0
    month: float = 0.0


@dataclass(frozen=True, slots=True)
class Bound:
    """What somebody may use.

    Attributes:
        calls: model calls.
        tokens: of request and answer together, a day; 0: no limit.
        money: that model calls cost.
    """

    calls: Rate = Rate()
    tokens: int = 0
    money: Money = Money()


@dataclass(frozen=True, slots=True)
class BusinessLimits:
    """What a business lets its bot use; beyond it no model is called.

    Attributes:
        currency: ``USD`` or ``BRL``, of all money here.
        tenant: of the business as a whole.
        roles: of single roles, by name.
        functions: of what roles are for, by name.
        contact: answers to one customer.
        concurrency: model calls at once; 0: as many as models take.
        warn: percent of a limit at which people are told.
        own_money: a file says what it may cost; else the default holds.
    """

    currency: str = "USD"
    tenant: Bound = Bound(tokens=TOKENS, money=Money(*MONEY["USD"]))
    roles: Mapping[str, Bound] = field(default_factory=dict)
    functions: Mapping[str, Bound] = field(default_factory=dict)
    contact: Rate = Rate(minute=20)
    concurrency: int = 0
    warn: int = 80
    own_money: bool = False


def made_limits(merged: Mapping[str, Any]) -> BusinessLimits:
    """Return what both files say, merged."""
    plain = BusinessLimits()
    currency = merged.get("currency", plain.currency)
    day, month = MONEY[currency]
    named = {key: merged[key] for key in ("calls", "tokens") if key in merged}
    money = {"day": day, "month": month, **merged.get("money", {})}
    return BusinessLimits(
        currency=currency,
        tenant=_bound({"tokens": TOKENS, **named, "money": money}),
        roles={name: _bound(one) for name, one in merged.get("roles", {}).items()},
        functions={name: _bound(one) for name, one in merged.get("functions", {}).items()},
        contact=Rate(**{"minute": plain.contact.minute, **merged.get("contact", {})}),
        concurrency=merged.get("concurrency", 0),
        warn=merged.get("warn", plain.warn),
        own_money=bool(merged.get("money")),
    )


def _bound(said: Mapping[str, Any]) -> Bound:
    return Bound(
        calls=Rate(**said.get("calls", {})),
        tokens=said.get("tokens", 0),
        money=Money(**said.get("money", {})),
    )
