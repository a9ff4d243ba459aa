"""The bot of ``peers`` as little as it takes: keywords, else one completion, one message posted.

What every peer shares. It stores nothing, knows no bursts, no people and no second delivery.
"""

import hmac
import json
from typing import Any

from benchmarks._installation import SECRET, SENDER, TOKEN

SYSTEM = "Você atende os clientes da Clínica Varizemed. Responda em uma frase curta."
HEADERS = {"api_access_token": TOKEN}
_INTENTS = {
    ("atendente", "pessoa", "humano"): "Vou chamar alguém da equipe.",
    ("onde fica", "endereço"): "Ficamos na Rua das Acácias, 120, sala 31, em São Paulo.",
    ("horário",): "De segunda a sexta das 8h às 18h, e aos sábados das 8h às 12h.",
    ("estacionamento",): "Sim, há convênio com o estacionamento do prédio.",
    ("telefone",): "(11) 5555-0120",
    ("convênio", "reembolso"): "Bradesco Saúde, SulAmérica, Unimed e Porto Saúde.",
    ("quanto custa", "valores", "parcel"): "A primeira consulta custa R$ 350.",
    ("doppler", "exame"): "O Doppler das duas pernas custa R$ 420.",
    ("escleroterapia", "vasinhos", "espuma", "laser"): "O médico indica na consulta.",
    ("cancelo", "remarco", "marco"): "Posso ajudar: qual é o melhor dia?",
}


def is_signed(headers: Any, body: bytes) -> bool:
    """Return whether a webhook bears Chatwoot's signature."""
    stamp = str(headers.get("X-Chatwoot-Timestamp", "")).encode()
    digest = hmac.digest(SECRET.encode(), stamp + b"." + body, "sha256").hex()
    return hmac.compare_digest(headers.get("X-Chatwoot-Signature", ""), f"sha256={digest}")


def asked(body: bytes) -> tuple[int, str] | None:
    """Return conversation and text of a customer's message, None for every other webhook."""
    event = json.loads(body)
    if event["event"] != "message_created" or event["message_type"] != "incoming":
        return None
    return event["conversation"]["id"], event["content"]


def by_keyword(text: str) -> str | None:
    """Return the answer of the first intent that fits."""
    folded = text.lower()
    for words, answer in _INTENTS.items():
        if any(word in folded for word in words):
            return answer
    return None


def messages(text: str) -> list[dict[str, str]]:
    """Return what the model is asked."""
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": text}]


def place(chatwoot: str, number: int) -> str:
    """Return where the reply is posted."""
    return f"{chatwoot}/api/v1/accounts/{SENDER.account_id}/conversations/{number}/messages"


def reply(text: str) -> dict[str, object]:
    """Return the reply's body."""
    return {"content": text, "message_type": "outgoing", "private": False}
