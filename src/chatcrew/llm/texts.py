"""What a customer may read when no model answers: true, short, without a technical word (S3-64)."""

from chatcrew.errors import ModelError

_BUSY = {
    "pt": "Desculpe, não consegui responder agora. Pode tentar de novo em alguns instantes?",
    "en": "Sorry, I could not answer just now. Could you try again in a few moments?",
}
_CLOSED = {
    "pt": "Desculpe, não consigo responder por aqui neste momento.",
    "en": "Sorry, I cannot answer here at the moment.",
}
# None of them promises a person: whether one comes is decided, and said, by the handoff.
TEXTS: dict[str, dict[str, str]] = {
    "rate_limit": _BUSY,
    "unavailable": _BUSY,
    "timeout": {
        "pt": "Desculpe, estou demorando mais do que o normal. Pode mandar sua mensagem de novo?",
        "en": "Sorry, this is taking longer than usual. Could you send your message again?",
    },
    "content_filter": {
        "pt": "Desculpe, não posso ajudar com esse pedido por aqui.",
        "en": "Sorry, I cannot help with that request here.",
    },
    "context_length": {
        "pt": "Nossa conversa ficou longa. Pode me dizer em uma frase do que você precisa?",
        "en": "Our conversation has grown long. Could you tell me in one sentence what you need?",
    },
    "insufficient_quota": _CLOSED,
    "invalid_api_key": _CLOSED,
    "no_model": _CLOSED,
    "other": _CLOSED,
}


def customer_text(error: ModelError, *, language: str) -> str:
    """Return what to tell the customer about ``error``; pt-BR unless ``language`` is English."""
    texts = TEXTS.get(error.kind, _CLOSED)
    return texts["en" if language.lower().startswith("en") else "pt"]
