"""The private note of a handoff: who, what they want, what was tried, what they told (S3-106)."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from chatcrew.hub import files
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.handing._ends import tried
from chatcrew.hub.handing._reasons import in_english, why
from chatcrew.hub.mood import mood, named
from chatcrew.hub.shaping import literal
from chatcrew.intents import plain
from chatcrew.messages import AuthorKind, Line, spoken

SUMMARY_LINES = 6
"""Newest customer lines quoted in the note of a handoff."""

LONGEST_LINE = 280
"""Characters of such a line."""

_SHOWN = 3
"""Sources named at most."""

_MOODS = {
    "angry": "muito insatisfeito 😠 (very dissatisfied)",
    "dissatisfied": "insatisfeito 🙁 (dissatisfied)",
    "satisfied": "satisfeito 🙂 (satisfied)",
}
"""What the team reads of a mood; a neutral one is no news."""


def summary(ctx: TurnContext, reply: Reply) -> str:
    """Return the private note of a handoff: why, what the customer wants, what was tried."""
    handoff = reply.handoff
    if handoff is None:
        raise ValueError("a summary belongs to a handoff")
    head = f"🤝 **chatcrew passou esta conversa para a equipe**: {why(handoff.reason)}."
    return "\n\n".join(
        [f"{head} (Handed to people: {in_english(handoff.reason)}.)", *_rows(ctx, reply)]
    )


def _rows(ctx: TurnContext, reply: Reply) -> Iterator[str]:
    if who := _who(ctx):
        yield f"Cliente: {who}"
    if reply.handoff is not None and reply.handoff.summary:
        # A model's words, often the customer's own
        yield "\n".join(map(literal, reply.handoff.summary.splitlines()))
    if about := ctx.intent or ctx.claim.state.topic.intent:
        yield f"Assunto reconhecido: {literal(plain(about, 'pt-BR'))}"
    if told := _collected(ctx):
        yield f"Dados informados pelo cliente:\n{told}"
    said = _said(ctx)
    if said:
        yield "Últimas mensagens do cliente:\n" + "\n".join(f"> {line}" for line in said)
    if feels := feeling(_mood(ctx)):
        yield f"Humor: {feels}"
    if reply.passages:
        sources = ", ".join(f"`{one.source}`" for one in reply.passages[:_SHOWN])
        yield f"Fontes consultadas: {sources}"
    steps = [words for rung in ctx.rungs if (words := tried(rung))]
    if called := reply.details.get("tools"):
        steps += [f"ferramenta `{name}`" for name in _names(called)]
    if placed := _placed(ctx):
        yield placed
    if steps:
        yield "O que foi tentado: " + "; ".join(steps) + "."


def feeling(value: float) -> str:
    """Return what the team reads of a mood, "" where it is no news."""
    return _MOODS.get(named(value), "")


def _who(ctx: TurnContext) -> str:
    """Return the customer's name and what is special about him; his card stands beside the note."""
    snapshot = ctx.claim.state.snapshot
    name = literal(snapshot.contact.name or "", limit=80)
    vip = ctx.tenant is not None and ctx.tenant.vip.meets(snapshot)
    marks = ["VIP"] if vip else []
    if ctx.claim.state.episode > 1:
        marks.append(f"{ctx.claim.state.episode}º atendimento nesta conversa")
    return " · ".join(filter(None, [name, *marks]))


def _placed(ctx: TurnContext) -> str:
    """Return whom the desk gave it to and why, and when people are next where they are away."""
    placement = ctx.placement
    if placement is None:
        return ""
    whom = literal(placement.agent_name or "", limit=80)
    if not whom and placement.team_id is not None:
        whom = f"time nº {placement.team_id}"
    rows = [f"Encaminhada para: {whom}"] if whom else []
    if placement.why:
        said = placement.why[0].upper() + placement.why[1:]
        rows.append(f"Por quê: {placement.why}" if whom else said)
    if not placement.open_now and placement.opens_at is not None:
        opens = placement.opens_at.astimezone(ZoneInfo(ctx.our_tenant().timezone))
        rows.append(f"Fora do horário: a equipe volta em {opens:%d/%m às %H:%M} (away until then)")
    return " · ".join(rows)


def _mood(ctx: TurnContext) -> float:
    return ctx.mood if ctx.mood is not None else mood(ctx.text)


def _names(called: object) -> list[str]:
    if not isinstance(called, list):
        return []
    found = (one.get("name") if isinstance(one, dict) else one for one in called)
    return list(dict.fromkeys(str(one) for one in found if isinstance(one, str)))


def _collected(ctx: TurnContext) -> str:
    told = {**ctx.collected, **ctx.untold}
    return "\n".join(f"- {name.replace('_', ' ')}: {literal(said)}" for name, said in told.items())


def _said(ctx: TurnContext) -> list[str]:
    inputs = [item.line for item in ctx.claim.burst if item.line is not None]
    burst = [files.filled(line, ctx.read) for line in inputs]
    return _customer_lines([*ctx.history, *burst])[-SUMMARY_LINES:]


def _customer_lines(lines: Sequence[Line]) -> list[str]:
    return [
        literal(spoken(line), limit=LONGEST_LINE)
        for line in lines
        if line.author.kind is AuthorKind.CUSTOMER and spoken(line)
    ]
