"""``/bot resumo``: who the customer is, what he wants, what was said and told so far."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from chatcrew.hub import handing
from chatcrew.hub.context import TurnContext
from chatcrew.hub.mood import mood
from chatcrew.hub.orders._order import Kind, Scene
from chatcrew.hub.shaping import literal
from chatcrew.intents import plain
from chatcrew.messages import AuthorKind, Line, own_words, spoken

LINES = 60
"""Newest lines that are looked at; what is older stands in the running summary."""

QUOTED = 6
"""Newest lines of the customer that are quoted."""

HEAD = "📋 **Resumo da conversa** (Summary.)"
EMPTY = f"{HEAD}\n\nNesta conversa ainda não há mensagens do cliente. (No messages yet.)"

_LONGEST = 280
_WHO = {
    AuthorKind.BOT: "do bot",
    AuthorKind.OTHER_BOT: "de outro bot",
    AuthorKind.PHONE: "de uma pessoa, pelo celular",
}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


@dataclass(frozen=True, slots=True)
class Summarise:
    """Tell the talk in a note."""

    async def obey(self, scene: Scene) -> str:
        """Return it: nothing in it is a model's guess."""
        ctx, powers = scene.ctx, scene.powers
        lines = await powers.history.window(ctx.claim, limit=LINES)
        known = await powers.memory.recall(ctx.claim, None)
        asked = [line for line in lines if line.author.kind is AuthorKind.CUSTOMER]
        if not asked:
            return EMPTY
        rows = _rows(ctx, lines, asked, summary=known.summary, now=powers.clock.now())
        return "\n\n".join((HEAD, *rows))


def _rows(
    ctx: TurnContext, lines: Sequence[Line], asked: Sequence[Line], *, summary: str, now: datetime
) -> Iterator[str]:
    state = ctx.claim.state
    if who := _who(ctx):
        yield f"Cliente: {who}"
    if state.topic.intent:
        yield f"Assunto reconhecido: {literal(plain(state.topic.intent, 'pt-BR'))}"
    if summary.strip():
        told = "\n".join(f"- {literal(row, limit=_LONGEST)}" for row in summary.splitlines() if row)
        yield f"O que já foi dito:\n{told}"
    if values := {**state.topic.collected, **state.topic.filled.values}:
        rows = [f"- {name.replace('_', ' ')}: {literal(said)}" for name, said in values.items()]
        yield "Dados informados pelo cliente:\n" + "\n".join(rows)
    yield "Últimas mensagens do cliente:\n" + _quoted(asked[-QUOTED:])
    answers = [line for line in lines if line.author.kind.answers]
    if answers:
        last = answers[-1]
        name = literal(last.author.name or "uma pessoa", limit=80)
        by = _WHO.get(last.author.kind, f"de {name}")
        yield f"Última resposta, {by}:\n{_quoted([last])}"
    if feels := handing.feeling(mood("\n".join(own_words(one) for one in asked[-QUOTED:]))):
        yield f"Humor: {feels}"
    waiting = [one for one in asked if not answers or one.message_id > answers[-1].message_id]
    if waiting:
        yield f"O cliente espera há {_span((now - waiting[0].created_at).total_seconds())}."


def _who(ctx: TurnContext) -> str:
    state = ctx.claim.state
    tenant = ctx.configuration.tenants.get(state.tenant or "")
    marks = ["VIP"] if tenant is not None and tenant.vip.meets(state.snapshot) else []
    if state.episode > 1:
        marks.append(f"{state.episode}º atendimento nesta conversa")
    return " · ".join(filter(None, [literal(state.snapshot.contact.name or "", limit=80), *marks]))


def _quoted(lines: Sequence[Line]) -> str:
    return "\n".join(f"> {literal(spoken(line), limit=_LONGEST)}" for line in lines)


def _span(seconds: float) -> str:
    """Return a time as people say it."""
    if seconds < _HOUR:
        return f"{max(1, round(seconds / _MINUTE))} min"
    if seconds < _DAY:
        return f"{seconds / _HOUR:.0f} h"
    return f"{seconds / _DAY:.0f} dias"


SUMMARY = Kind(
    "resumo",
    "resumo resumir resuma sumario summary summarize recap",
    ("`/bot resumo`: quem é o cliente, o que ele quer e o que já foi dito, numa nota",),
    "summary",
    lambda words, now: Summarise(),
)
