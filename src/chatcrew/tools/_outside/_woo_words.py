"""What roles read of a WooCommerce shop: statuses, money and dates as its customers say them."""

import html
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

ORDER = (
    "Consulta um pedido da loja pelo número: situação, itens, total, entrega. Se ainda não souber "
    "o e-mail ou o telefone da compra, chame mesmo assim: a ferramenta diz se precisa perguntar."
)
ORDERS = "Lista os últimos pedidos do próprio cliente desta conversa, quando ele não sabe o número."
PRODUCT = "Busca produtos da loja: nome, preço, disponibilidade e link."
STOCK = "Diz se um produto da loja está em estoque, e quanto."
PRODUCT_ARGUMENTS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "search": {"type": "string", "description": "Nome ou parte do nome, como 'kit pele seca'."},
        "sku": {"type": "string", "description": "Código do produto, se o cliente o disse."},
    },
}

_STATUS = {
    "pending": ("aguardando pagamento", "awaiting payment"),
    "on-hold": ("aguardando a confirmação do pagamento", "awaiting confirmation of the payment"),
    "processing": ("pago, em preparação", "paid, being prepared"),
    "completed": ("concluído", "completed"),
    "cancelled": ("cancelado", "cancelled"),
    "refunded": ("reembolsado", "refunded"),
    "failed": ("pagamento recusado", "payment refused"),
    "shipped": ("enviado", "shipped"),
    "delivered": ("entregue", "delivered"),
}
_STOCK = {
    "instock": ("em estoque", "in stock"),
    "outofstock": ("esgotado", "out of stock"),
    "onbackorder": ("sob encomenda", "on backorder"),
}
_SIGNS = {"BRL": "R$ ", "USD": "US$ ", "EUR": "€ "}
_TAG = re.compile(r"<[^>]{0,300}>")
_TRACKING = ("_tracking_number", "_correios_tracking_code", "_wc_shipment_tracking_items")
_MOST_ITEMS = 15
_LONGEST = 300


def _said(language: str, portuguese: str, english: str) -> str:
    return english if language == "en" else portuguese


def ask_proof(language: str) -> str:
    """Return what a role reads where nothing shows yet that the order is this customer's."""
    return _said(
        language,
        "Por privacidade, só mostro o pedido ao dono dele. Peça o e-mail ou o telefone usado na "
        "compra e chame de novo com ele. Não diga se o pedido existe.",
        "For privacy an order is shown to its owner only. Ask for the e-mail address or telephone "
        "of the purchase and call again with it. Do not say whether the order exists.",
    )


def not_found(language: str) -> str:
    """Return what a role reads where no order has this number and this owner."""
    return _said(
        language,
        "Nenhum pedido com esse número e esse e-mail ou telefone. Confira os dois com o cliente.",
        "No order with this number and this e-mail address or telephone. Check both.",
    )


def ask_number(language: str) -> str:
    """Return what a role reads where the channel does not vouch for who writes."""
    return _said(
        language,
        "Neste canal não dá para saber de quem são os pedidos. Peça o número do pedido e o e-mail "
        "da compra, e use woo_order.",
        "In this channel nobody knows whose orders to show. Ask for the order's number and the "
        "e-mail address of the purchase, and use woo_order.",
    )


def no_orders(language: str) -> str:
    """Return what a role reads where the customer has no order."""
    return _said(language, "Nenhum pedido neste contato.", "No order of this contact.")


def ask_product(language: str) -> str:
    """Return what a role reads where neither words nor a SKU were given."""
    return _said(language, "Diga o nome ou o código do produto.", "Give the product's name or SKU.")


def no_product(language: str) -> str:
    """Return what a role reads where nothing matches."""
    return _said(
        language,
        "Nenhum produto com esse nome na loja. Não invente outro.",
        "No such product in the shop. Do not make one up.",
    )


def order(one: Mapping[str, Any], language: str) -> str:
    """Return an order: state, date, items, total, delivery. No address and no payment data."""
    rows = [order_line(one, language)]
    items = [
        f"{item.get('quantity', 1)}x {plain(item.get('name'))}"
        for item in _maps(one.get("line_items"))
    ]
    if items:
        rows.append(f"{_said(language, 'Itens', 'Items')}: {'; '.join(items[:_MOST_ITEMS])}")
    if paid := plain(one.get("payment_method_title")):
        rows.append(f"{_said(language, 'Pagamento', 'Payment')}: {paid}")
    ways = [plain(line.get("method_title")) for line in _maps(one.get("shipping_lines"))]
    if ways := [way for way in ways if way]:
        rows.append(f"{_said(language, 'Entrega', 'Delivery')}: {', '.join(ways)}")
    if codes := list(_tracking(one)):
        rows.append(f"{_said(language, 'Rastreio', 'Tracking')}: {', '.join(codes)}")
    if done := day(one.get("date_completed"), language):
        rows.append(f"{_said(language, 'Concluído em', 'Completed on')}: {done}")
    return "\n".join(rows)


def order_line(one: Mapping[str, Any], language: str) -> str:
    """Return an order in one line."""
    status = str(one.get("status") or "")
    known = _STATUS.get(status)
    state = _said(language, *known) if known else plain(status)
    total = money(one.get("total"), str(one.get("currency") or "BRL"), language)
    number = plain(one.get("number") or one.get("id"))
    made = day(one.get("date_created"), language)
    head = _said(language, f"Pedido {number}", f"Order {number}")
    when = f" ({_said(language, 'feito em', 'made on')} {made})" if made else ""
    return f"{head}{when}: {state}. Total: {total}"


def product(one: Mapping[str, Any], language: str) -> str:
    """Return a product in one line: name, price, whether it is there, address."""
    price = money(one.get("price"), "BRL", language) if one.get("price") else ""
    regular = str(one.get("regular_price") or "")
    if one.get("on_sale") and regular:
        price += f" ({_said(language, 'de', 'was')} {money(regular, 'BRL', language)})"
    about = plain(one.get("short_description"))[:_LONGEST]
    parts = [plain(one.get("name")), price, _state(one, language), plain(one.get("permalink"))]
    line = " | ".join(part for part in parts if part)
    return f"- {line}" + (f"\n  {about}" if about else "")


def stock(one: Mapping[str, Any], language: str) -> str:
    """Return what is there of a product."""
    count = one.get("stock_quantity")
    units = ""
    if isinstance(count, int | float) and one.get("stock_status") == "instock":
        units = f" ({int(count)} {_said(language, 'unidades', 'units')})"
    return f"- {plain(one.get('name'))}: {_state(one, language)}{units}"


def _state(one: Mapping[str, Any], language: str) -> str:
    known = _STOCK.get(str(one.get("stock_status") or ""))
    return _said(language, *known) if known else ""


def _tracking(one: Mapping[str, Any]) -> Iterator[str]:
    """Yield tracking codes, as the usual plugins keep them in an order's meta data."""
    for meta in _maps(one.get("meta_data")):
        if meta.get("key") not in _TRACKING:
            continue
        value = meta.get("value")
        for each in _maps(value):
            if code := plain(each.get("tracking_number")):
                yield code
        if isinstance(value, str) and value:
            yield plain(value)


def _maps(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def money(value: object, currency: str, language: str) -> str:
    """Return an amount as people write it: ``R$ 1.234,50``; as it is where it is no number."""
    try:
        written = f"{float(str(value)):,.2f}"
    except ValueError:
        return plain(value)
    if language != "en":
        written = written.translate(str.maketrans(",.", ".,"))
    return f"{_SIGNS.get(currency, f'{currency} ')}{written}"


def day(value: object, language: str) -> str:
    """Return a date as people write it, "" where there is none."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return ""
    return f"{found:%Y-%m-%d}" if language == "en" else f"{found:%d/%m/%Y}"


def plain(value: object) -> str:
    """Return a shop's HTML as one line of text."""
    text = html.unescape(_TAG.sub(" ", "" if value is None else str(value)))
    return " ".join(text.split())
