"""What the team reads of the steps that were tried before people were called."""

from chatcrew.messages import Rung

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
    "vain": "isto já foi perguntado, e as informações da empresa seguem sem a resposta",
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


def tried(rung: Rung) -> str:
    """Return what the team reads of one step, or "" where it is no news.

    The template is none: its reason stands above.
    """
    if rung.name in ("template", "intent") or rung.end in _UNTOLD:
        return ""
    words = _ENDS.get(rung.end, f"`{rung.end}`")
    return f"{_WHO[rung.name]}: {words}" if rung.name in _WHO else words
