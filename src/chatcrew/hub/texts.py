"""What the bot says when nobody wrote words for it: pt-BR first, English and Spanish beside it.

A tenant overrides any of them in its YAML under ``texts:``.
"""

from collections.abc import Mapping

from chatcrew.hub import abuse, file_texts, handing_texts, idle_texts
from chatcrew.hub.spanish import SPANISH
from chatcrew.tenancy.model import Tenant

_TWO: Mapping[str, Mapping[str, str]] = {
    **file_texts.DEFAULTS,
    **abuse.DEFAULTS,
    **handing_texts.DEFAULTS,
    **idle_texts.DEFAULTS,
    "handoff": {
        "pt-BR": "Certo! Vou passar a conversa para uma pessoa da equipe. "
        "Ela continua por aqui assim que puder.",
        "en": "Of course! I am passing this conversation to a person of our team, "
        "who will go on here as soon as possible.",
    },
    "handoff_no_answer": {
        "pt-BR": "Essa eu não sei responder com segurança. "
        "Vou chamar uma pessoa da equipe para continuar por aqui.",
        "en": "I cannot answer that one with certainty. "
        "I am calling a person of our team to go on here.",
    },
    "handoff_returned": {
        "pt-BR": "Desculpe a demora: ninguém da equipe conseguiu responder ainda. "
        "Enquanto isso eu continuo por aqui e ajudo no que puder.",
        "en": "I am sorry for the delay: nobody of our team could answer yet. "
        "Meanwhile I go on here and help where I can.",
    },
    "handoff_noted": {
        "pt-BR": "Anotado! Vou passar para uma pessoa da equipe, que continua com você por aqui.",
        "en": "Noted! I am passing this to a person of our team, who will go on with you here.",
    },
    "handoff_closed": {
        "pt-BR": "A equipe não está atendendo agora e volta {opens}: "
        "sua mensagem fica guardada, e alguém responde a partir daí.",
        "en": "The team is not at work now and is back {opens}: "
        "your message is kept, and somebody answers from then on.",
    },
    "handoff_absent": {
        "pt-BR": "A equipe não está atendendo agora; "
        "sua mensagem fica guardada para quando ela voltar.",
        "en": "The team is not at work now; your message is kept until it is back.",
    },
    "handoff_wait": {
        "pt-BR": "Costuma levar cerca de {likely}, e quase sempre no máximo {at_most}.",
        "en": "It usually takes about {likely}, and nearly always at most {at_most}.",
    },
    "people_first": {
        "pt-BR": "Olá! Já avisei a equipe: uma pessoa atende você por aqui.",
        "en": "Hello! The team knows already: a person will answer you here.",
    },
    "handoff_model_down": {
        "pt-BR": "Não consegui preparar a resposta agora. "
        "Vou chamar uma pessoa da equipe para continuar por aqui.",
        "en": "I could not prepare the answer just now. "
        "I am calling a person of our team to go on here.",
    },
    "handoff_late": {
        "pt-BR": "Estou demorando mais do que devia e não quero deixar você esperando. "
        "Vou chamar uma pessoa da equipe para continuar por aqui.",
        "en": "I am taking longer than I should and do not want to keep you waiting. "
        "I am calling a person of our team to go on here.",
    },
    "handoff_content_filter": {
        "pt-BR": "Não posso ajudar com esse pedido por aqui. "
        "Vou chamar uma pessoa da equipe para continuar com você.",
        "en": "I cannot help with that request here. "
        "I am calling a person of our team to go on with you.",
    },
    "slot_invalid": {
        "pt-BR": "Hmm, não consegui conferir {what}: talvez tenha faltado ou trocado um número.",
        "en": "Hmm, I could not verify {what}: maybe a digit is missing or wrong.",
    },
    "memory_consent": {
        "pt-BR": "Posso guardar o que você me contar (nome, preferências, pedidos) para atender "
        "melhor da próxima vez? Responda *aceito* ou *não aceito*; dá para mudar de ideia depois.",
        "en": "May I keep what you tell me (name, preferences, orders) to help you better next "
        "time? Answer *I agree* or *no*; you can change your mind later.",
    },
    "memory_agreed": {
        "pt-BR": "Combinado, vou me lembrar. Obrigado!",
        "en": "All right, I will remember. Thank you!",
    },
    "memory_refused": {
        "pt-BR": "Sem problema: não vou guardar nada sobre você.",
        "en": "No problem: I will keep nothing about you.",
    },
    "unsupported": {
        "pt-BR": "Não consegui abrir essa mensagem por aqui. Pode enviar de outro jeito, "
        "por exemplo em texto?",
        "en": "I could not open that message here. Could you send it another way, "
        "for example as text?",
    },
    "parked": {
        "pt-BR": "Tive um problema para responder e não quero deixar você esperando. "
        "Vou chamar uma pessoa da equipe para continuar por aqui.",
        "en": "I had a problem answering and do not want to keep you waiting. "
        "I am calling a person of our team to go on here.",
    },
}


DEFAULTS: Mapping[str, Mapping[str, str]] = {
    key: {**words, **({"es": SPANISH[key]} if key in SPANISH else {})}
    for key, words in _TWO.items()
}
FALLBACK = "pt-BR"
"""Every text has words in it."""


def every(tenant: Tenant | None, key: str) -> frozenset[str]:
    """Return the words for ``key`` in every language, the tenant's and ours."""
    said = tenant.texts.get(key, {}) if tenant else {}
    return frozenset(words.strip() for words in (*said.values(), *DEFAULTS[key].values()))


def text(tenant: Tenant | None, key: str, *, language: str) -> str:
    """Return the words for ``key`` in this language, else in the tenant's own, else in pt-BR.

    In each of them the tenant's words come before ours. Our words in the customer's language come
    before the tenant's in another: who writes in English may not read Portuguese.

    Raises:
        KeyError: no such key.
    """
    said = tenant.texts.get(key, {}) if tenant else {}
    ours = DEFAULTS[key]
    order = dict.fromkeys((language, tenant.language if tenant else FALLBACK, FALLBACK))
    return next(words for one in order if (words := said.get(one) or ours.get(one)))
