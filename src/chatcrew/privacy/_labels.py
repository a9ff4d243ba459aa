"""What the words before a number say that it is."""

import re
from typing import Final

_WORDS: Final = {
    "cpf": "cpfs?",
    "cnpj": "cnpjs?",
    "document": "documentos?|docs?",
    "cnh": "cnh|habilitacao|carteira de motorista",
    "rg": "rg|registro geral|identidade|titulo(?: de eleitor)?|pis|pasep|nis|nit|ctps|cns"
    "|cartao (?:do )?sus|carteirinha",
    "passport": "passaporte|passport|pasaporte",
    "cvv": "cvv2?|cvc2?|codigo de seguranca|cod\\.? (?:de )?seguranca",
    "card": "cartao|cartoes|card|credito|debito|visa|master|mastercard|elo|amex"
    "|american express|hipercard|diners",
    "phone": "tel|tels|telefones?|fones?|cel|celular(?:es)?|whats(?:app|zap)?|wpp|zap(?:zap)?|fixo"
    "|ligar?|ligue|liguem?|phone|mobile|call|contatos?|ddd|movel|recado|sms|telegram|wa\\.me"
    "|send\\?phone|me chama|chama(?:r)? n[oa]",
    "cep": "cep",
    "pix": "pix|chave",
    "order": "pedidos?|encomendas?|compras?|protocolos?|ordem|orders?|purchase|nota(?: fiscal)?"
    "|nf-?e?|danfe|rastreio|rastreamento|rastrear|tracking|codigos?(?: de barras)?|cod|sku|ean"
    "|gtin|barras|produtos?|item|ref|referencia|lote|serie|chamado|ticket|boleto|fatura|processo"
    "|matricula|contrato|reais|valor|total|precos?|quantidade|qtde?|unidades|orcamento|reserva"
    "|voucher|cupom|id|imei|agencia|conta",
    "money": "r\\$|us\\$|\\$|€",
    "number": "numeros?|number|num|meu",
}
_LABEL: Final = re.compile(
    "|".join(
        rf"(?P<{name}>(?<![a-z\d])(?:{words})(?![a-z]))"
        for name, words in _WORDS.items()
        if name != "money"
    )
    + rf"|(?P<money>{_WORDS['money']})|(?P<hash>\#$)"
)
_NUMBER: Final = re.compile(r"\d{4,}")
_AFTER: Final = re.compile(
    r"[\s,()\-]{0,3}(?:(?:e|eh|is|esse|este)\s)?(?:o\s)?(?:meu\s)?"
    r"(?:(?P<phone>tel|telefone|fone|cel|celular|whats|whatsapp|zap|wpp|meu numero|numero)"
    r"|(?P<cpf>cpf)|(?P<pix>(?:chave )?pix))\b"
)
_LOOK_BACK: Final = 48
_REFUSED: Final = {"order", "money", "hash"}


def before(text: str, start: int, *, since: int = 0) -> str:
    """Return what stands nearest before ``start``: ``cpf``, ``phone``, ``order`` and so on, or "".

    Args:
        text: flattened.
        start: where the number begins.
        since: where the last number ended: its label is not this one's.
    """
    window = text[max(since, start - _LOOK_BACK, 0) : start]
    numbers = list(_NUMBER.finditer(window))
    if numbers:
        window = window[numbers[-1].end() :]
    found = ""
    for match in _LABEL.finditer(window):
        name = match.lastgroup or ""
        if name == "number" and found:
            continue  # "número do pedido", "telefone número": the other word says more
        found = name
    return "order" if found in _REFUSED else found


def after(text: str, end: int) -> str:
    """Return what the words right after a number say of it: "…, é meu zap", or ""."""
    match = _AFTER.match(text, end)
    return "" if match is None else match.lastgroup or ""


def pix_said(text: str, start: int) -> bool:
    """Return whether "pix" or "chave" stands before ``start``, whatever stands nearer."""
    return re.search(r"\b(?:pix|chave)\b", text[max(0, start - _LOOK_BACK) : start]) is not None
