"""The values of a crew's ``{placeholders}``: one closed list, so that crews can be checked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from chatcrew.hub import asking
from chatcrew.hub.context import TurnContext
from chatcrew.intents import gist
from chatcrew.messages import Line, Passage, as_data
from chatcrew.tenancy.model import Example, shown_examples

MAX_FACT = 300
"""Characters of a remembered sentence."""

MAX_BEFORE = 800
"""Characters of what is told of the talk before this one."""

MAX_NAME = 60
"""Customers choose their own names, so a longer one is rather a message."""

_WEEKDAYS = {
    "pt-BR": ("segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
_LANGUAGES = {"pt-BR": "português do Brasil", "en": "English", "es": "español"}


def inputs(ctx: TurnContext, *, now: datetime) -> Mapping[str, str]:
    """Return every placeholder a crew may use; all are text.

    Args:
        ctx: the turn, after retrieve.
        now: the current time, UTC.
    """
    tenant, crew = ctx.our_tenant(), ctx.our_crew()
    local = now.astimezone(ZoneInfo(tenant.timezone))
    weekday = _WEEKDAYS.get(ctx.language, _WEEKDAYS["pt-BR"])[local.weekday()]
    professionals = [
        f"- {one.name}: {one.specialty}" + (f" ({', '.join(one.symptoms)})" if one.symptoms else "")
        for one in tenant.professionals
    ]
    return {
        "message": as_data(ctx.message),
        "history": _history(ctx.history),
        "summary": as_data(ctx.summary),
        "memory": _memory(ctx),
        "knowledge": _knowledge(ctx.passages),
        "contact_name": _one_line(as_data(ctx.claim.state.snapshot.contact.name or ""), MAX_NAME),
        "business_name": tenant.persona.business,
        "agent_name": tenant.persona.name,
        "tone": tenant.persona.tone,
        "style": tenant.persona.style,
        "hours": tenant.hours,
        "examples": _examples(tenant.examples),
        "collected": "\n".join(
            f"- {_spaced(name)}: {as_data(said)}"
            for name, said in {**ctx.collected, **asking.unwilling(ctx)}.items()
        ),
        "facts": "\n".join(f"- {name}: {value}" for name, value in tenant.facts.items()),
        "rules": "\n".join(f"- {rule}" for rule in ctx.rules),
        "professionals": "\n".join(professionals),
        "today": f"{weekday}, {local:%d/%m/%Y}",
        "now": f"{local:%H:%M}",
        "language": _LANGUAGES.get(ctx.language, ctx.language),
        "channel": crew.channel,
        "max_chars": str(crew.capabilities.max_chars),
    }


def varying(ctx: TurnContext, *, passages: Sequence[Passage] | None = None) -> int:
    """Return how many characters of a crew's prompt are of this turn alone, not of every one.

    Args:
        ctx: the turn.
        passages: others than those that were found.
    """
    found = _knowledge(ctx.passages if passages is None else passages)
    told = (ctx.message, ctx.summary, _history(ctx.history), _memory(ctx), found)
    return sum(map(len, told))


def _history(lines: Sequence[Line]) -> str:
    """Return the earlier messages, oldest first, each begun by who spoke.

    Further lines of a message are indented: nobody can write one that looks like another's words.
    """
    said = (gist.said(line) for line in lines)
    return "\n".join(_by_speaker(one) for one in said if one) or "(início da conversa)"


def _by_speaker(said: str) -> str:
    """Return a message with its speaker in front; in its own words no other can be announced."""
    speaker, colon, words = said.partition(": ")
    return f"{speaker}{colon}{as_data(words)}"


def _memory(ctx: TurnContext) -> str:
    """Return what is remembered, one line each, the talk before this one as the last."""
    told = [as_data(_one_line(fact.text, MAX_FACT)) for fact in ctx.memory]
    if ctx.before:
        told.append(f"Conversa anterior, {as_data(_one_line(ctx.before, MAX_BEFORE))}")
    return "\n".join(f"- {one}" for one in told)


def _examples(examples: Sequence[Example]) -> str:
    """Return exchanges that went well, line breaks and all; where there are none, nothing.

    Their form is not the history's, so that no model takes them for what was said before.
    """
    said = [
        (f"Se o cliente diz: {one.customer.strip()}", f"uma boa resposta: {one.reply.strip()}")
        for one in shown_examples(examples)
    ]
    return "\n".join("- " + "\n".join(pair).replace("\n", "\n  ") for pair in said)


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _one_line(text: str, limit: int) -> str:
    return " ".join(text.split())[:limit]


def _knowledge(passages: Sequence[Passage]) -> str:
    """Return the passages as numbered facts."""
    facts = [
        f"{n}. {as_data(item.title)}\n{as_data(item.text)}" for n, item in enumerate(passages, 1)
    ]
    return "\n".join(facts) or "(nada encontrado)"
