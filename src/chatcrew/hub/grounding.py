"""What a turn's reply may rest on, and whether it says something that must not leave (S3-116).

The promise is "nothing invented reaches a customer": a claim counts as founded only if the same
claim stands in what the business wrote, what a tool returned, or what was said before. What the
customer guesses is no source for what the business promises (ADR 0018).
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from chatcrew.hub.claims import Shift, Sources, Unfounded, priced, shifts, without_orders
from chatcrew.hub.context import TurnContext
from chatcrew.messages import AuthorKind, Passage, spoken
from chatcrew.tenancy.model import Professional, Tenant

__all__ = ["Sources", "Unfounded", "has_secret", "of_tenant", "of_turn", "today"]

_SECRET = re.compile(
    r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|"
    r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}|-----BEGIN [A-Z ]*PRIVATE KEY-----|"
    r"\bxox[abps]-[A-Za-z0-9-]{10,}|\bAIza[\w-]{30,}|\b[sr]k_(?:live|test)_\w{10,}|"
    r"\bBearer\s+[\w.~+/-]{20,}|\b[a-z+]{3,15}://[^\s:/@]+:[^\s@]{4,}@|"
    r"\b(?:password|passwd|pwd|api[_-]?key|secret|token)\s*[=:]\s*[\"']?(?=\S*\d)[^\s\"']{8,}"
)


_WEEKDAYS = {
    **{"mon": "segunda", "tue": "terça", "wed": "quarta", "thu": "quinta", "fri": "sexta"},
    **{"sat": "sábado", "sun": "domingo"},
}


def today(ctx: TurnContext, now: datetime) -> date:
    """Return today where the business is; ``now`` in UTC."""
    return now.astimezone(ZoneInfo(ctx.our_tenant().timezone)).date()


def has_secret(text: str) -> bool:
    """Return whether the text holds something shaped like a credential."""
    return _SECRET.search(text) is not None


def of_tenant(
    tenant: Tenant, *, day: date | None = None, rules: Sequence[str] | None = None
) -> Sources:
    """Return what the business itself wrote.

    Args:
        tenant: whose words.
        day: today where the business is.
        rules: those that hold today, so that no price of a promotion that is over is a source;
            None: those that always hold.
    """
    return Sources(
        _own(tenant, rules),
        people=_people(tenant),
        priced=priced(tenant.facts),
        shifts=_shifts(tenant),
        day=day,
    )


_OURS = ("Você: ", "Atendente: ")
"""How lines of a summary begin that tell what the bot or a person said."""


def of_turn(
    ctx: TurnContext,
    *,
    day: date | None,
    passages: Sequence[Passage] = (),
    found: Sequence[str] = (),
) -> Sources:
    """Return everything a reply of this turn may rest on.

    Args:
        ctx: the turn, after retrieve.
        day: today where the business is.
        passages: knowledge found beside the turn's own, such as by a tool.
        found: what tools returned.
    """
    grounds = (
        ctx.our_tenant(),
        day,
        *map(tuple, (ctx.passages, passages, found, ctx.told, ctx.rules, ctx.history, ctx.memory)),
        *(ctx.message, ctx.summary, ctx.before, dict(ctx.collected)),
        ctx.claim.state.snapshot.contact,
    )
    if ctx.grounds is None or ctx.grounds[0] != grounds:
        ctx.grounds = grounds, _of_turn(ctx, day=day, passages=passages, found=found)
    return ctx.grounds[1]


def _of_turn(
    ctx: TurnContext, *, day: date | None, passages: Sequence[Passage], found: Sequence[str]
) -> Sources:
    tenant = ctx.our_tenant()
    known = dict.fromkeys(f"{item.title}\n{item.text}" for item in (*ctx.passages, *passages))
    by_customer = [one for one in ctx.history if one.author.kind is AuthorKind.CUSTOMER]
    contact = ctx.claim.state.snapshot.contact
    own_data = (contact.name, contact.phone, contact.email, *ctx.collected.values())
    summary = ctx.summary.splitlines()
    ours = [line for line in summary if line.startswith(_OURS)]
    own_data += tuple(line for line in summary if line not in ours)
    own_data += (*(fact.text for fact in ctx.memory), ctx.before)
    return Sources(
        own=_own(tenant, ctx.rules or None),
        known=tuple(map(_harmless, known)),
        found=tuple(map(without_orders, (*found, *ctx.told))),
        earlier=(*(one.text for one in ctx.history if one not in by_customer), *ours),
        customer=(ctx.message, *(spoken(one) for one in by_customer), *filter(None, own_data)),
        people=_people(tenant),
        priced=priced(tenant.facts),
        shifts=_shifts(tenant),
        day=day,
    )


@lru_cache(maxsize=1024)
def _harmless(passage: str) -> str:
    """Return a passage without orders; the business wrote it, and it is found again and again."""
    return without_orders(passage)


def _own(tenant: Tenant, rules: Sequence[str] | None) -> tuple[str, ...]:
    persona = tenant.persona
    return (
        *(f"{name}: {value}" for name, value in tenant.facts.items()),
        f"{persona.business}. {persona.name}",
        tenant.hours,
        *(tenant.rules if rules is None else rules),
        *(f"{entry.question}\n{entry.answer}" for entry in tenant.faq),
        *(text for intent in tenant.intents for text in intent.replies),
        *(text for words in tenant.texts.values() for text in words.values()),
        *(f"{one.name}: {one.specialty}. {_openings(one)}" for one in tenant.professionals),
    )


def _openings(one: Professional) -> str:
    """Return somebody's weekly times with weekdays that are read as such."""
    return "; ".join(_WEEKDAYS.get(slot[:3], slot[:3]) + slot[3:] for slot in one.slots)


def _shifts(tenant: Tenant) -> tuple[Shift, ...]:
    return _shifts_of(tuple((one.name, _openings(one)) for one in tenant.professionals))


@lru_cache(maxsize=256)
def _shifts_of(people: tuple[tuple[str, str], ...]) -> tuple[Shift, ...]:
    return shifts(people)


def _people(tenant: Tenant) -> tuple[str, ...]:
    return tuple(one.name for one in tenant.professionals)
