"""The private note of a handoff: who the customer is, what he wants, what was tried."""

from collections.abc import Sequence

from chatcrew.hub import files
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.handing._ends import tried
from chatcrew.hub.handing._reasons import why
from chatcrew.hub.shaping import literal
from chatcrew.messages import AuthorKind, Line, spoken

SUMMARY_LINES = 6
"""Newest customer lines quoted in the note of a handoff."""

LONGEST_LINE = 280
"""Characters of such a line."""


def summary(ctx: TurnContext, reply: Reply) -> str:
    """Return the private note of a handoff: why, what the customer wants, what was tried."""
    handoff = reply.handoff
    if handoff is None:
        raise ValueError("a summary belongs to a handoff")
    inputs = [item.line for item in ctx.claim.burst if item.line is not None]
    burst = [files.filled(line, ctx.read) for line in inputs]
    said = _customer_lines([*ctx.history, *burst])[-SUMMARY_LINES:]
    rows = [f"🤝 **chatcrew passou esta conversa para a equipe**: {why(handoff.reason)}."]
    if handoff.summary:
        # A model's words, often the customer's own
        rows.append("\n".join(map(literal, handoff.summary.splitlines())))
    if told := _collected(ctx):
        rows.append(f"Dados informados pelo cliente:\n{told}")
    if said:
        rows.append("Últimas mensagens do cliente:\n" + "\n".join(f"> {line}" for line in said))
    if reply.passages:
        rows.append("Fontes consultadas: " + ", ".join(f"`{p.source}`" for p in reply.passages[:3]))
    if steps := [words for rung in ctx.rungs if (words := tried(rung))]:
        rows.append("O que foi tentado: " + "; ".join(steps) + ".")
    return "\n\n".join(rows)


def _collected(ctx: TurnContext) -> str:
    told = {**ctx.collected, **ctx.untold}
    return "\n".join(f"- {name.replace('_', ' ')}: {literal(said)}" for name, said in told.items())


def _customer_lines(lines: Sequence[Line]) -> list[str]:
    return [
        literal(spoken(line), limit=LONGEST_LINE)
        for line in lines
        if line.author.kind is AuthorKind.CUSTOMER and spoken(line)
    ]
