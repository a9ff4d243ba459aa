"""Why people get a conversation: one table of reasons, their words, what switches them off."""

from collections.abc import Mapping
from dataclasses import dataclass

from chatcrew.messages import Handoff
from chatcrew.tenancy.model import HandoffPolicy, Tenant, Trigger

TOPIC, INTENT = "topic", "intent"
"""Kinds of reasons with a name of their own behind a colon."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason.

    Attributes:
        words: what the team reads, in Portuguese.
        english: the same in English.
        trigger: key under ``people.handoff`` that it goes by; "": none, it is always obeyed.
    """

    words: str
    english: str
    trigger: str = ""


REASONS: Mapping[str, Reason] = {
    "customer_asked": Reason(
        "o cliente pediu uma pessoa", "the customer asked for a person", "asked"
    ),
    "urgent": Reason("pode ser uma urgência", "it may be urgent", "called"),
    "intent:emergency": Reason("pode ser uma urgência", "it may be urgent"),
    "complaint": Reason("o cliente tem uma reclamação", "the customer complains", "called"),
    "intent:complaint": Reason("o cliente tem uma reclamação", "the customer complains"),
    "scheduling": Reason(
        "falta uma pessoa confirmar o agendamento", "a booking waits to be confirmed", "called"
    ),
    "other": Reason(
        "o bot achou melhor uma pessoa continuar", "the bot thought a person should go on", "called"
    ),
    "promised": Reason(
        "o bot disse ao cliente que uma pessoa continuaria",
        "the bot told the customer that a person goes on",
        "called",
    ),
    "attachment": Reason(
        "o cliente enviou algo que o bot não consegue abrir",
        "the customer sent what the bot cannot open",
        "attachment",
    ),
    "no_answer": Reason(
        "o bot não tem essa resposta nas informações da empresa",
        "the business's information has no answer",
        "evidence",
    ),
    "low_evidence": Reason(
        "a resposta não se apoiava em nada que a empresa informou",
        "the answer rested on nothing that the business said",
        "evidence",
    ),
    "model_down": Reason(
        "o modelo de IA não conseguiu responder", "the model could not answer", "model"
    ),
    "budget": Reason(
        "um limite de uso do modelo de IA foi atingido",
        "a limit of model calls is reached",
        "model",
    ),
    "late": Reason(
        "o modelo de IA não respondeu a tempo", "the model did not answer in time", "model"
    ),
    "content_filter": Reason(
        "o provedor do modelo recusou o pedido do cliente",
        "the model's provider refused the request",
        "model",
    ),
    "check": Reason(
        "a resposta preparada tinha dados que não estão nas informações da empresa",
        "the answer held what stands in no source",
        "grounding",
    ),
    "tool_failed": Reason(
        "um sistema que o bot consulta falhou várias vezes", "a tool failed again and again", "tool"
    ),
    "parked": Reason(
        "o bot falhou várias vezes nesta conversa", "the bot failed here again and again"
    ),
    "people_first": Reason(
        "nesta caixa de entrada as pessoas atendem primeiro", "people come first in this inbox"
    ),
    "abuse": Reason(
        "o cliente mandou mensagens demais em pouco tempo", "the customer sent too many messages"
    ),
    "long": Reason("a conversa com o bot ficou longa demais", "the talk became too long", "long"),
    "mood": Reason(
        "o cliente está muito insatisfeito", "the customer is very dissatisfied", "mood"
    ),
    "alarm": Reason(
        "o cliente disse uma palavra de alerta", "the customer said an alarm word", "alarm"
    ),
    "vip": Reason("é um cliente VIP", "the customer is a VIP", "vip"),
    "cost": Reason(
        "a conversa passou do custo permitido", "the talk cost more than allowed", "cost"
    ),
    "loop": Reason("a conversa andava em círculos", "the talk went round in circles", "loop"),
}

_SAME_AS = {"intent:wants_person": "customer_asked"}
_PLAIN = Trigger()


def why(reason: str) -> str:
    """Return what the team reads of a reason."""
    known = _known(reason)
    if known is not None:
        return known.words
    kind, _, name = reason.partition(":")
    if kind == TOPIC and name:
        return f"o assunto `{name}` é da equipe"
    return f"a intenção `{name}` pede uma pessoa" if kind == INTENT and name else reason


def in_english(reason: str) -> str:
    """Return the same in English."""
    known = _known(reason)
    if known is not None:
        return known.english
    kind, _, name = reason.partition(":")
    if kind == TOPIC and name:
        return f"topic `{name}` is the team's"
    return f"intent `{name}`" if kind == INTENT and name else reason


def trigger(policy: HandoffPolicy, reason: str) -> Trigger:
    """Return what the business says of a reason: whether people are called, what they get."""
    known = _known(reason)
    if known is not None:
        found: Trigger = getattr(policy, known.trigger) if known.trigger else _PLAIN
        return found
    kind, _, name = reason.partition(":")
    named = name if kind == TOPIC else ""
    about = (
        one
        for one in policy.topics
        if one.name == named or (kind == INTENT and name in one.intents)
    )
    return next(about, _PLAIN)


def switched_off(tenant: Tenant, handoff: Handoff) -> str | None:
    """Return the key of the trigger that a handoff goes by and the business wants none for."""
    known = _known(handoff.reason)
    if known is None or known.trigger in ("", "called"):
        return None
    return None if trigger(tenant.people.handoff, handoff.reason).enabled else known.trigger


def _known(reason: str) -> Reason | None:
    return REASONS.get(_SAME_AS.get(reason, reason))
