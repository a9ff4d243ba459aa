"""A proof in words: the chain of one conversation, line by line, and where it is broken."""

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo

from chatcrew.messages import ActKind, PartState
from chatcrew.proofs._values import Break, Input, Proof, Sent, Turn

_WORDS: Mapping[str, Mapping[str, str]] = {
    "pt-BR": {
        "head": "{conversation}: {inputs} entrada(s), {turns} vez(es)",
        "whole": "A corrente está inteira.",
        "pending": "Nada está partido; {count} elo(s) em andamento.",
        "broken": "A corrente está PARTIDA em {count} ponto(s):",
        "more": "(só as {turns} vezes mais novas; --turns mostra mais)",
        "input": "entrega {delivery} às {at} → entrada {kind}{message}",
        "message": " da mensagem {number}",
        "no_delivery": "nenhuma",
        "turn": "vez {turn} ({worker}, tentativa {attempts}): {state}{outcome}",
        "open": "ainda sem decisão",
        "decided": "decidida {at}, entrega em andamento",
        "finished": "terminada {at}",
        "outcome": ", {outcome} ({reason})",
        "part": "{number}. {kind}: {state}{when}{message}{error}{echo}{held}",
        "attempts": " após {count} tentativas",
        "at": " às {at}",
        "id": ", mensagem {number} no Chatwoot",
        "echo": ", eco recebido",
        "no_echo": ", eco ainda não recebido",
        "held": ", lida de volta: {count}x",
        "waiting": "esperando: {input}",
    },
    "en": {
        "head": "{conversation}: {inputs} input(s), {turns} turn(s)",
        "whole": "The chain is whole.",
        "pending": "Nothing is broken; {count} link(s) under way.",
        "broken": "The chain is BROKEN at {count} place(s):",
        "more": "(only the {turns} newest turns; --turns shows more)",
        "input": "delivery {delivery} at {at} → input {kind}{message}",
        "message": " of message {number}",
        "no_delivery": "none",
        "turn": "turn {turn} ({worker}, attempt {attempts}): {state}{outcome}",
        "open": "not decided yet",
        "decided": "decided {at}, delivery under way",
        "finished": "finished {at}",
        "outcome": ", {outcome} ({reason})",
        "part": "{number}. {kind}: {state}{when}{message}{error}{echo}{held}",
        "attempts": " after {count} attempts",
        "at": " at {at}",
        "id": ", message {number} in Chatwoot",
        "echo": ", echo heard",
        "no_echo": ", echo not heard yet",
        "held": ", read back: {count}x",
        "waiting": "waiting: {input}",
    },
}

_STATES = {
    "pt-BR": {
        PartState.PLANNED: "a fazer",
        PartState.SENDING: "sendo enviada",
        PartState.SENT: "feita",
        PartState.FAILED: "recusada",
        PartState.UNKNOWN: "não se sabe",
        PartState.SKIPPED: "deixada",
    },
    "en": {state: state.value for state in PartState},
}

_KINDS = {
    "pt-BR": {
        ActKind.MESSAGE: "resposta",
        ActKind.NOTE: "nota",
        ActKind.STATUS: "estado",
        ActKind.LABELS: "etiquetas",
        ActKind.ASSIGNMENT: "responsável",
        ActKind.ATTRIBUTES: "atributos",
        ActKind.PRIORITY: "prioridade",
        ActKind.CONTACT: "contato",
        ActKind.UNSEND: "apagar resposta",
        ActKind.TIMER: "lembrete",
    },
    "en": {kind: kind.value for kind in ActKind},
}

BREAKS: Mapping[str, tuple[str, str]] = {
    "unheard": (
        "a mensagem {subject} está no histórico e ninguém foi chamado a responder",
        "message {subject} is in the history, and no input was made of it",
    ),
    "never_claimed": (
        "a mensagem {subject} espera, e nenhum worker a pega",
        "message {subject} waits, and no worker takes it",
    ),
    "abandoned": (
        "a vez {turn} foi começada e ninguém a continua",
        "turn {turn} was begun, and nobody goes on with it",
    ),
    "no_outcome": ("a vez {turn} terminou sem resultado", "turn {turn} ended without an outcome"),
    "nothing_said": (
        "a vez {turn} diz que falou, e nada foi enviado",
        "turn {turn} says that it spoke, and nothing was sent",
    ),
    "nobody_told": (
        "a vez {turn} não sabe se falou, e ninguém da equipe foi avisado",
        "turn {turn} does not know whether it spoke, and nobody was told",
    ),
    "left_over": (
        "a vez {turn} terminou e o envio {subject} ficou para trás",
        "turn {turn} ended and left {subject} unsent",
    ),
    "in_doubt": (
        "ninguém sabe se o envio {subject} da vez {turn} chegou ao Chatwoot",
        "nobody knows whether {subject} of turn {turn} reached Chatwoot",
    ),
    "no_id": (
        "o envio {subject} da vez {turn} foi feito, e o número da mensagem não se sabe",
        "{subject} of turn {turn} was sent, and its message number is not known",
    ),
    "order": (
        "as mensagens da vez {turn} chegaram fora de ordem",
        "the messages of turn {turn} arrived out of order",
    ),
    "not_there": (
        "o envio {subject} da vez {turn} consta como feito, e o Chatwoot não o tem",
        "{subject} of turn {turn} counts as sent, and Chatwoot does not have it",
    ),
    "twice": (
        "o Chatwoot tem o envio {subject} da vez {turn} mais de uma vez",
        "Chatwoot has {subject} of turn {turn} more than once",
    ),
    "said_all_the_same": (
        "o envio {subject} da vez {turn} não consta como feito, e o Chatwoot o tem",
        "{subject} of turn {turn} does not count as sent, and Chatwoot has it",
    ),
}
"""What each kind of break is called, in Portuguese and English."""


def lines(proof: Proof, language: str, *, zone: tzinfo, limit: int) -> Iterator[str]:
    """Yield what a person reads of one conversation.

    Args:
        proof: what was found.
        language: ``pt-BR`` or ``en``.
        zone: in which times are told.
        limit: how many turns were asked for.
    """
    chain, words = proof.chain, _WORDS[language]
    inputs = sum(len(turn.inputs) for turn in chain.turns) + len(chain.waiting)
    yield words["head"].format(
        conversation=chain.conversation, inputs=inputs, turns=len(chain.turns)
    )
    if len(chain.turns) >= limit:
        yield words["more"].format(turns=limit)
    for turn in chain.turns:
        for item in turn.inputs:
            yield "  " + _input(item, words, zone)
        yield "    " + _turn(turn, words, zone)
        for part in turn.parts:
            yield "      " + _part(part, proof, language, zone)
    for item in chain.waiting:
        yield "  " + words["waiting"].format(input=_input(item, words, zone))
    if proof.breaks:
        yield words["broken"].format(count=len(proof.breaks))
        for one in proof.breaks:
            yield "  " + _break(one, language)
    elif proof.pending:
        yield words["pending"].format(count=len(proof.pending))
    else:
        yield words["whole"]


def _input(item: Input, words: Mapping[str, str], zone: tzinfo) -> str:
    message = "" if item.message_id is None else words["message"].format(number=item.message_id)
    delivery = item.delivery or words["no_delivery"]
    return words["input"].format(
        delivery=delivery, at=_time(item.at, zone), kind=item.kind, message=message
    )


def _turn(turn: Turn, words: Mapping[str, str], zone: tzinfo) -> str:
    at = turn.finished_at or turn.decided_at
    state = words[turn.state.value].format(at=_time(at, zone))
    outcome = ""
    if turn.outcome is not None:
        outcome = words["outcome"].format(outcome=turn.outcome.value, reason=turn.reason or "?")
    return words["turn"].format(
        turn=turn.id, worker=turn.worker, attempts=turn.attempts, state=state, outcome=outcome
    )


def _part(part: Sent, proof: Proof, language: str, zone: tzinfo) -> str:
    words = _WORDS[language]
    at = part.sent_at or part.sending_at
    when = "" if at is None else words["at"].format(at=_time(at, zone))
    if part.attempts > 1:
        when += words["attempts"].format(count=part.attempts)
    message = "" if part.message_id is None else words["id"].format(number=part.message_id)
    echo = held = ""
    if part.creates and part.state is PartState.SENT:
        echo = words["echo"] if part.echoed else words["no_echo"]
    if part.creates and proof.chatwoot is not None:
        held = words["held"].format(count=proof.chatwoot.get(part.tag, 0))
    return words["part"].format(
        number=part.position + 1,
        kind=_KINDS[language][part.kind],
        state=_STATES[language][part.state],
        when=when,
        message=message,
        error=f" [{part.error}]" if part.error else "",
        echo=echo,
        held=held,
    )


def _break(one: Break, language: str) -> str:
    told = BREAKS[one.code][0 if language == "pt-BR" else 1]
    return told.format(turn=one.turn or "?", subject=one.subject or "?")


def _time(at: datetime | None, zone: tzinfo) -> str:
    return "?" if at is None else at.astimezone(zone).strftime("%d/%m %H:%M:%S")
