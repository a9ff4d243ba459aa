"""What people read when a limit is reached or nearly so; pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from chatcrew.budgets._bounds import shown
from chatcrew.budgets._port import Count, Full
from chatcrew.errors import Refusal
from chatcrew.messages import amount_told, limit_told, refusal_told
from chatcrew.tenancy.model import BusinessLimits, Exchange

_FORMS = {"hour": "%H:%M", "day": "%H:%M", "month": "%d/%m"}


def refusal_of(
    full: Full,
    limits: BusinessLimits,
    *,
    exchange: Exchange | None,
    now: datetime,
    zone: ZoneInfo,
) -> Refusal:
    """Return what a call that found no room is told."""
    key, line = full.line.key, full.line
    form = _FORMS.get(key.span)
    money = key.kind == "money"
    most, used = (
        shown(one, limits, exchange) if money else float(one) for one in (line.most, full.taken)
    )
    return Refusal(
        kind=key.kind,
        scope=key.scope,
        span=key.span,
        most=round(most, 6),
        used=round(used, 6),
        currency=limits.currency if money else "",
        seconds=(line.ends - now).total_seconds() if form else 1.0,
        until=f"{line.ends.astimezone(zone):{form}}" if form else "",
    )


def reached(refusal: Refusal) -> str:
    """Return the alert for people: once a day, month or hour for each limit."""
    return (
        f"⛔ **{_capital(refusal_told(refusal))}.** Até lá o bot não chama o modelo por este "
        "limite: responde com o que está escrito e passa o resto para a equipe. "
        f"({_capital(refusal_told(refusal, 'en'))}; until then no model is called.)"
    )


def nearly(count: Count, limits: BusinessLimits, exchange: Exchange | None) -> str:
    """Return the warning for people before a limit is reached."""
    money = count.key.kind == "money"
    most = shown(count.most, limits, exchange) if money else float(count.most)
    used = shown(count.used + count.reserved, limits, exchange) if money else count.used
    one = Refusal(
        kind=count.key.kind,
        scope=count.key.scope,
        span=count.key.span,
        most=most,
        currency=limits.currency if money else "",
    )
    percent = round(100 * (count.used + count.reserved) / count.most)
    so_far = amount_told(used, kind=one.kind, currency=one.currency)
    return (
        f"⚠️ **{percent}% do {limit_told(one)}** já foi usado ou está reservado para chamadas "
        f"em curso ({so_far}). "
        f"({percent}% of the {limit_told(one, 'en')} is used or reserved by calls under way.)"
    )


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
