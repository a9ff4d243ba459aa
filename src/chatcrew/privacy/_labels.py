"""What the words before a number say that it is."""

import re
from typing import Final

_WORDS: Final = {
    "cpf": "cpf cpfs",
    "cnpj": "cnpj cnpjs",
    "document": "documento documentos doc docs",
    "cnh": "cnh habilitacao motorista",
    "rg": "rg identidade titulo eleitor pis pasep nis nit ctps cns sus carteirinha",
    "passport": "passaporte passport pasaporte",
    "cvv": "cvv cvv2 cvc cvc2 seguranca",
    "card": "cartao cartoes card tarjeta credito debito visa master mastercard elo amex express"
    " hipercard diners",
    "phone": "tel tels telefone telefones fone fones cel celular celulares whats whatsapp whatszap"
    " wpp wa zap zapzap fixo liga ligar ligue liguem phone mobile call contato contatos ddd movel"
    " recado sms telegram chama chamar retorna retornar telefono",
    "cep": "cep",
    "pix": "pix chave",
    "order": "pedido pedidos encomenda encomendas compra compras protocolo protocolos ordem order"
    " orders purchase nota fiscal nf nfe danfe rastreio rastreamento rastrear tracking codigo"
    " codigos cod sku ean gtin barras produto produtos item ref referencia lote serie chamado"
    " ticket boleto fatura processo matricula contrato reais valor total preco precos quantidade"
    " qtd qtde unidades orcamento reserva voucher cupom id imei agencia conta $ €",
    "number": "numero numeros number num meu",
}
_LABELS: Final = {word: label for label, words in _WORDS.items() for word in words.split()}
# A number of four digits and more had its own label: what stands before it is not this one's.
_TOKEN: Final = re.compile(r"[a-z]+2?|[$€]|\d{4,}")
_AFTER: Final = re.compile(
    r"[\s,()\-]{0,3}(?:(?:e|eh|is|esse|este)\s)?(?:o\s)?(?:meu\s)?"
    r"(?:(?P<phone>tel|telefone|fone|cel|celular|whats|whatsapp|zap|wpp|meu numero|numero)"
    r"|(?P<cpf>cpf)|(?P<pix>(?:chave )?pix))\b"
)
_BETWEEN: Final = frozenset(
    [
        "e",
        "eh",
        "o",
        "a",
        "n",
        "no",
        "nr",
        "num",
        "numero",
        "number",
        "da",
        "do",
        "de",
        "id",
        "cliente",
        "esse",
        "este",
    ]
)
_LOOK_BACK: Final = 48


def before(text: str, start: int, *, since: int = 0) -> str:
    """Return what stands nearest before ``start``: ``cpf``, ``phone``, ``order`` and so on, or "".

    Args:
        text: flattened.
        start: where the number begins.
        since: where the last number ended: its label is not this one's.
    """
    if text[start - 1 : start] == "#":
        return "order"
    found = ""
    for token in reversed(_TOKEN.findall(text, max(since, start - _LOOK_BACK, 0), start)):
        if token[0].isdigit():
            break
        label = _LABELS.get(token, "")
        if label not in {"", "number"}:
            return label
        found = found or label  # "número do pedido", "telefone número": the other word says more
    return found


def called_an_order(text: str, start: int) -> bool:
    """Return whether the very name of the number says that it is an order's or the like.

    That weighs more than a check digit that fits by chance; "nota no 111.444.777-35" does not.
    """
    if text[start - 1 : start] == "#":
        return True
    for token in reversed(_TOKEN.findall(text, max(start - _LOOK_BACK, 0), start)):
        if token not in _BETWEEN:
            return _LABELS.get(token) == "order"
    return False


def after(text: str, end: int) -> str:
    """Return what the words right after a number say of it: "…, é meu zap", or ""."""
    match = _AFTER.match(text, end)
    return "" if match is None else match.lastgroup or ""


def pix_said(text: str, start: int) -> bool:
    """Return whether "pix" or "chave" stands before ``start``, whatever stands nearer."""
    return not {"pix", "chave"}.isdisjoint(_TOKEN.findall(text, max(0, start - _LOOK_BACK), start))
