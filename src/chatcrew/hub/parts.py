"""From a reply to what is sent: bubbles that fit the channel, note, status."""

from collections.abc import Sequence

from chatcrew.hub import acting, files
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.shaping import Bubble, literal, shape
from chatcrew.messages import ActKind, AuthorKind, Line, PlannedPart, Rung, spoken

SUMMARY_LINES = 6
"""Newest customer lines quoted in the note of a handoff."""

LONGEST_LINE = 280
"""Characters of such a line."""

OPEN_TO_PEOPLE = PlannedPart(ActKind.STATUS, {"status": "open"})

_REASONS = {
    "customer_asked": "o cliente pediu uma pessoa",
    "intent:wants_person": "o cliente pediu uma pessoa",
    "urgent": "pode ser uma urgência",
    "intent:emergency": "pode ser uma urgência",
    "complaint": "o cliente tem uma reclamação",
    "intent:complaint": "o cliente tem uma reclamação",
    "scheduling": "falta uma pessoa confirmar o agendamento",
    "other": "o bot achou melhor uma pessoa continuar",
    "attachment": "o cliente enviou algo que o bot não consegue abrir",
    "no_answer": "o bot não tem essa resposta nas informações da empresa",
    "model_down": "o modelo de IA não conseguiu responder",
    "late": "o modelo de IA não respondeu a tempo",
    "content_filter": "o provedor do modelo recusou o pedido do cliente",
    "check": "a resposta preparada tinha dados que não estão nas informações da empresa",
    "tool_failed": "um sistema que o bot consulta falhou várias vezes",
    "promised": "o bot disse ao cliente que uma pessoa continuaria",
    "parked": "o bot falhou várias vezes nesta conversa",
}

_WHO = {
    "crew": "equipe de IA",
    "repair": "equipe de IA, na correção",
    "fast": "modelo rápido",
    "extract": "perguntas frequentes",
}

_ENDS = {
    "no_model": "nenhum modelo de IA está configurado",
    "no_time": "não havia tempo para o modelo",
    "timeout": "o modelo não respondeu a tempo",
    "breaker_open": "o provedor do modelo está falhando e foi deixado em paz por um momento",
    "rate_limit": "o provedor do modelo limitou as chamadas",
    "insufficient_quota": "o crédito no provedor do modelo acabou",
    "invalid_api_key": "o provedor recusou a chave do modelo",
    "unavailable": "o provedor do modelo está fora do ar",
    "content_filter": "o provedor filtrou o conteúdo",
    "context_length": "a conversa é longa demais para o modelo",
    "crew_error": "a equipe de IA falhou",
    "budget": "o limite de gastos com o modelo acabou",
    "empty": "o modelo respondeu vazio",
    "declined": "as informações da empresa não bastam para responder",
    "other": "a chamada ao modelo falhou",
    "unfounded_price": "a resposta tinha um valor que a empresa não informou",
    "unfounded_instalments": "a resposta tinha um parcelamento que a empresa não informou",
    "unfounded_percent": "a resposta tinha um percentual que a empresa não informou",
    "unfounded_link": "a resposta tinha um link que a empresa não informou",
    "unfounded_email": "a resposta tinha um e-mail que a empresa não informou",
    "unfounded_phone": "a resposta tinha um telefone que a empresa não informou",
    "unfounded_number": "a resposta tinha um número ou prazo que a empresa não informou",
    "unfounded_date": "a resposta tinha uma data ou um dia que ninguém informou",
    "unfounded_hour": "a resposta tinha um horário que ninguém informou",
    "unfounded_code": "a resposta tinha um código ou documento que ninguém informou",
    "unfounded_address": "a resposta tinha um endereço que a empresa não informou",
    "unfounded_name": "a resposta tinha um plano, produto ou profissional que a empresa não tem",
    "leak_secret": "a resposta parecia conter uma senha ou chave",
    "leak_prompt": "a resposta mostrava as instruções do bot",
    "leak_complied": "a resposta obedecia a ordens escritas na conversa ou num texto lido",
    "leak_code": "a resposta era um programa",
    "leak_markup": "a resposta tinha marcas que não são texto",
    "leak_foreign": "a resposta falava de outra empresa",
    "unfounded_deed": "a resposta dizia ter feito o que ninguém fez",
    "uncertain": "nenhuma cobre a pergunta com certeza",
    "secret": "a resposta parecia conter uma senha ou chave",
    "unfounded": "a resposta tinha dados que a empresa não informou",
}
_UNTOLD = frozenset({"answered", "cancelled", "miss"})
"""Ends of rungs that are no news for the team."""


def plan(
    ctx: TurnContext,
    reply: Reply,
    *,
    trace: dict[str, object],
    duties: Sequence[PlannedPart] = (),
) -> list[PlannedPart]:
    """Return the parts of a reply in sending order: bubbles, then for a handoff note and status.

    What an operator's command is answered with comes before all of it.

    The text comes before the status (S3-106): once the conversation is open the bot may not speak.
    """
    # "after": a read-back that shows no newer message than this proves that nothing was sent.
    common: dict[str, object] = {"trace": trace, "after": ctx.claim.state.last_message_id}
    parts = [note(ctx.note, **common)] if ctx.note else []
    bubbles = shape(reply.text, reply.buttons, ctx.our_crew())
    for number, bubble in enumerate(bubbles, 1):
        said = {**trace, "bubble": [number, len(bubbles)]} if len(bubbles) > 1 else trace
        parts.append(_message(bubble, **{**common, "trace": said}))
    # Before the status: once people have the conversation, it is theirs to label
    acts = acting.merged([*ctx.acts, *reply.acts], handoff=reply.handoff is not None)
    given = [act for act in acts if act.kind is ActKind.ASSIGNMENT]
    parts += dutiful([*duties, *(act for act in acts if act not in given)], **common)
    if reply.handoff is not None:
        parts.append(note(summary(ctx, reply), **common))
        parts.append(OPEN_TO_PEOPLE)
    # Whom it is given to comes last: opening clears the bot as owner and may assign by itself
    parts += given
    return parts


def dutiful(acts: Sequence[PlannedPart], **common: object) -> list[PlannedPart]:
    """Return acts as parts: a note carries what every note does."""
    return [
        note(act.payload["content"], **common) if act.kind is ActKind.NOTE else act for act in acts
    ]


def note(words: str, **common: object) -> PlannedPart:
    """Return a private note, which is sent whoever owns the conversation by then."""
    return PlannedPart(ActKind.NOTE, {"content": words, **common}, gated=False)


def pauses(parts: Sequence[PlannedPart]) -> float:
    """Return the seconds for which sending the parts waits on purpose."""
    return sum(float(part.payload.get("pause", 0.0)) for part in parts)


def _message(bubble: Bubble, **common: object) -> PlannedPart:
    """Return one bubble as a part; its options become what Chatwoot makes buttons or rows of."""
    payload: dict[str, object] = {"content": bubble.text, **common}
    if bubble.options:
        items = [{"title": title, "value": title} for title in bubble.options]
        payload["content_type"] = "input_select"
        payload["content_attributes"] = {"items": items}
    if bubble.pause:
        payload["pause"] = bubble.pause
    return PlannedPart(ActKind.MESSAGE, payload)


def summary(ctx: TurnContext, reply: Reply) -> str:
    """Return the private note of a handoff: why, what the customer wants, what was tried."""
    handoff = reply.handoff
    if handoff is None:
        raise ValueError("a summary belongs to a handoff")
    why = _REASONS.get(handoff.reason) or _by_intent(handoff.reason)
    inputs = [item.line for item in ctx.claim.burst if item.line is not None]
    burst = [files.filled(line, ctx.read) for line in inputs]
    said = _customer_lines([*ctx.history, *burst])[-SUMMARY_LINES:]
    rows = [f"🤝 **chatcrew passou esta conversa para a equipe**: {why}."]
    if handoff.summary:
        # A model's words, often the customer's own
        rows.append("\n".join(map(literal, handoff.summary.splitlines())))
    if told := _collected(ctx):
        rows.append(f"Dados informados pelo cliente:\n{told}")
    if said:
        rows.append("Últimas mensagens do cliente:\n" + "\n".join(f"> {line}" for line in said))
    if reply.passages:
        rows.append("Fontes consultadas: " + ", ".join(f"`{p.source}`" for p in reply.passages[:3]))
    tried = [_told(rung) for rung in ctx.rungs if rung.end not in _UNTOLD]
    if tried := [words for words in tried if words]:
        rows.append("O que foi tentado: " + "; ".join(tried) + ".")
    return "\n\n".join(rows)


def _collected(ctx: TurnContext) -> str:
    told = {**ctx.collected, **ctx.untold}
    return "\n".join(f"- {name.replace('_', ' ')}: {literal(said)}" for name, said in told.items())


def _by_intent(reason: str) -> str:
    kind, _, name = reason.partition(":")
    return f"a intenção `{name}` pede uma pessoa" if kind == "intent" and name else reason


def _told(rung: Rung) -> str:
    """Return what the team reads of one step, or "" for the template: its reason stands above."""
    if rung.name in ("template", "intent"):
        return ""
    words = _ENDS.get(rung.end, f"`{rung.end}`")
    return f"{_WHO[rung.name]}: {words}" if rung.name in _WHO else words


def _customer_lines(lines: Sequence[Line]) -> list[str]:
    return [
        literal(spoken(line), limit=LONGEST_LINE)
        for line in lines
        if line.author.kind is AuthorKind.CUSTOMER and spoken(line)
    ]
