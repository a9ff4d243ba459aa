"""How a turn shows that the bot did not serve the customer well; pure (S3-99)."""

from collections.abc import Iterator

from chatcrew.hub import handing
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.mood import named

BY_CUSTOMER = frozenset({"complaint", "generic"})
"""Kinds that the customer himself gave as his opinion of the bot."""

_COMPLAINTS = frozenset({"complaint", "intent:complaint", "mood", "alarm"})
_ASKED = frozenset({"customer_asked", "intent:wants_person"})
_UNABLE = frozenset(
    {
        *("no_answer", "low_evidence", "check", "model_down", "budget", "late", "content_filter"),
        *("tool_failed", "parked", "attachment"),
    }
)
_GENERIC = (
    "nao respondeu minha pergunta",
    "nao respondeu a minha pergunta",
    "nao respondeu o que perguntei",
    "nao foi isso que perguntei",
    "nao foi o que perguntei",
    "nao perguntei isso",
    "nao e isso que perguntei",
    "nao era isso",
    "voce nao entendeu",
    "voce nao entende",
    "nao esta entendendo",
    "nao entendeu nada",
    "resposta pronta",
    "resposta generica",
    "resposta automatica",
    "resposta de robo",
    "ja disse isso",
    "ja falou isso",
    "ja me disse isso",
    "sempre a mesma resposta",
    "mesma resposta",
    "repetindo a mesma coisa",
    "nao me ajudou",
    "nao ajudou",
    "nao ajudou em nada",
    "not what i asked",
    "did not answer my question",
    "didnt answer my question",
    "you do not understand",
    "you dont understand",
    "generic answer",
    "same answer",
    "already said that",
    "that did not help",
    "that didnt help",
    "not helpful",
    "no es lo que pregunte",
    "no entendiste",
    "no me entiende",
    "la misma respuesta",
    "respuesta generica",
    "no me ayudo",
)


def signals(ctx: TurnContext, reply: Reply) -> tuple[str, ...]:
    """Return the kinds of signals in a turn that is about to be decided, each once."""
    return tuple(dict.fromkeys(_kinds(ctx, reply)))


def _kinds(ctx: TurnContext, reply: Reply) -> Iterator[str]:
    reasons = {reply.reason} | ({reply.handoff.reason} if reply.handoff else set())
    feels = named(ctx.mood) if ctx.mood is not None else "neutral"
    if feels in ("angry", "dissatisfied") or reasons & _COMPLAINTS:
        yield "complaint"
    if reasons & _ASKED:
        yield "asked"
    if "loop" in reasons or handing.spoken_of(ctx.text, _GENERIC):
        yield "generic"
    if reasons & _UNABLE:
        yield "unable"
