"""Why people get a conversation: one table of reasons and what the team reads of each."""

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
    "abuse": "o cliente mandou mensagens demais em pouco tempo",
    "parked": "o bot falhou várias vezes nesta conversa",
}


def why(reason: str) -> str:
    """Return what the team reads of a reason."""
    return _REASONS.get(reason) or _by_intent(reason)


def _by_intent(reason: str) -> str:
    kind, _, name = reason.partition(":")
    return f"a intenção `{name}` pede uma pessoa" if kind == "intent" and name else reason
