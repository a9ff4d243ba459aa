"""May free text still reach this customer? And what goes instead: an approved template, filled."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chatcrew.hub.context import TurnContext
from chatcrew.messages import AuthorKind, last_word, window_closed
from chatcrew.tenancy.model import MessageTemplate

_HELLOS = {
    "pt-BR": ("Bom dia", "Boa tarde", "Boa noite"),
    "en": ("Good morning", "Good afternoon", "Good evening"),
    "es": ("Buenos días", "Buenas tardes", "Buenas noches"),
}
_NOBODY = "cliente"
"""A parameter of a template must not be empty."""

_LONGEST = 120


def closed(ctx: TurnContext, now: datetime) -> bool:
    """Return whether free text would no longer reach the customer, by his own last word.

    A word of the burst counts from when it reached us: that may be later than when it was written,
    and no clock of another machine decides then whether a customer is answered. What a follow-up
    carries from when it was promised counts too.
    """
    heard = [
        max(item.line.created_at, item.received_at)
        for item in ctx.claim.burst
        if item.line is not None and item.line.author.kind is AuthorKind.CUSTOMER
    ]
    before = last_word(ctx.history)
    said = max([*heard, *([] if before is None else [before])], default=None)
    until = None if ctx.due is None else ctx.due.get("window_until")
    if until is not None and now.timestamp() > float(until):
        return True
    return window_closed(ctx.claim.state, now=now, said=said, fresh=bool(heard))


def template(ctx: TurnContext) -> MessageTemplate | None:
    """Return what may be sent instead; nothing to who asked for no messages, or beside WhatsApp."""
    state = ctx.claim.state
    chatwoot = state.snapshot.channel
    whatsapp = chatwoot == "Channel::Whatsapp" or (chatwoot is None and state.channel == "whatsapp")
    return ctx.our_tenant().people.inactivity.template if whatsapp and not ctx.opted_out else None


def filled(ctx: TurnContext, form: MessageTemplate, now: datetime) -> tuple[str, dict[str, Any]]:
    """Return the template as people read it, and as Chatwoot takes it (contract §4.1)."""
    values = {
        name: " ".join(rendered(text, ctx, now).split())[:_LONGEST] or _NOBODY
        for name, text in form.params.items()
    }
    text = form.text
    for name, value in values.items():
        text = text.replace("{{" + name + "}}", value)
    params: dict[str, Any] = {
        "name": form.name,
        "category": form.category,
        "language": form.language,
        "processed_params": {"body": values} if values else {},
    }
    return text, params


def rendered(text: str, ctx: TurnContext, now: datetime) -> str:
    """Return the text as of now: the customer's name, the business's, and the time of day.

    Args:
        text: with ``{nome}``, ``{saudacao}`` and ``{empresa}``, if it wants.
        ctx: the turn.
        now: UTC.
    """
    tenant = ctx.our_tenant()
    hour = now.astimezone(ZoneInfo(tenant.timezone)).hour
    hellos = _HELLOS.get(tenant.language, _HELLOS["pt-BR"])
    values: Mapping[str, str] = {
        "{saudacao}": hellos[0 if hour < 12 else 1 if hour < 18 else 2],
        "{empresa}": tenant.persona.business,
    }
    said = text.replace("{saudação}", "{saudacao}")
    for mark, value in values.items():
        said = said.replace(mark, value)
    names = (ctx.claim.state.snapshot.contact.name or "").split()
    if names:
        return said.replace("{nome}", names[0])
    for gap in (", {nome}", " {nome}", "{nome}"):
        said = said.replace(gap, "")
    return said
