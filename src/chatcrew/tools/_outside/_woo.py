"""WooCommerce over its REST API: orders for their owners only, products and stock for anybody."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import quote

from chatcrew.egress import origin
from chatcrew.messages import ToolResult, ToolSpec
from chatcrew.tenancy.model import ToolEntry
from chatcrew.tools._outside import _woo_words as words
from chatcrew.tools._outside._http import content, refusal
from chatcrew.tools._outside._reach import Outside, Remembered, private_of
from chatcrew.tools._outside._shown import fenced, shortened
from chatcrew.tools._tool import Tool, ToolContext, ToolSettings
from chatcrew.tools._trouble import ToolTrouble

_MOST_BYTES = 2_000_000
_API = "/wp-json/wc/v3"
_FEW = 5
_MANY = 50


class Shop:
    """One shop's API.

    Args:
        entry: the set as its YAML says it.
        outside: ways out.
    """

    def __init__(self, entry: ToolEntry, outside: Outside) -> None:
        self.entry = entry
        self._outside = outside
        self._remembered = Remembered(outside.kept, entry)
        self._trusted = {origin(entry.url)} if entry.trusted else set()

    async def get(self, path: str, **query: object) -> Any:
        """Return a JSON value, None where there is no such thing.

        Raises:
            EgressError: there is no answer.
            ToolTrouble: the answer is none.
        """
        pairs = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in query.items())
        fetched = await self._outside.http.request(
            "GET",
            f"{self.entry.url}{_API}{path}{'?' if pairs else ''}{pairs}",
            headers={
                "Accept": "application/json",
                **await self._outside.credentials(self.entry.auth),
            },
            timeout=self.entry.timeout,
            max_bytes=_MOST_BYTES,
            redirects=2,
            trusted=self._trusted,
        )
        if fetched.status in (400, 404):
            # 400 woocommerce_rest_shop_order_invalid_id before 3.x of its API
            return None
        if refusal(self.entry.name, fetched, acts=False) is not None:
            raise ToolTrouble("status")
        return content(fetched)

    async def products(self, tenant: str, search: str, sku: str) -> Any:
        """Return published products by words or by SKU; the same for every customer."""
        query: dict[str, object] = {"per_page": _FEW, "status": "publish"}
        query |= {"sku": sku} if sku else {"search": search}
        return await self.get("/products", **query)

    async def remembered(self, tenant: str, asked: Mapping[str, Any], ask: Any) -> ToolResult:
        """Return a kept answer about products, else ask."""
        return await self._remembered.answer(tenant, asked, ask)

    def said(self, name: str, text: str) -> ToolResult:
        """Return facts of the shop as a role reads them."""
        return ToolResult(ok=True, text=fenced(name, shortened(text, self.entry.max_chars)))


def shop_tools(entry: ToolEntry, outside: Outside) -> tuple[Tool, ...]:
    """Return the four tools of ``use: woocommerce``."""
    shop = Shop(entry, outside)
    return (Order(shop), OrdersOfCustomer(shop), Product(shop), Stock(shop))


class _OfShop:
    """What the four have in common."""

    side_effects = False
    about: ClassVar[ToolSpec]

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.spec = replace(self.about, private=private_of(shop.entry))
        entry = shop.entry
        self.settings = ToolSettings(timeout=entry.timeout + 1, limit=entry.limit)


class Order(_OfShop):
    """An order by its number, for whoever placed it (S3-73)."""

    about = ToolSpec(
        "woo_order",
        words.ORDER,
        {
            "type": "object",
            "properties": {
                "id": {"type": "integer", "description": "Número do pedido, como 12345."},
                "email": {"type": "string", "description": "E-mail da compra, se ele o disse."},
                "phone": {"type": "string", "description": "Telefone da compra, se ele o disse."},
            },
            "required": ["id"],
        },
    )

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Return the order's state; whether it exists is told to nobody but its owner.

        Raises:
            EgressError: the shop does not answer.
            ToolTrouble: its answer is none.
        """
        language = context.tenant.language
        stated = bool(arguments.get("email") or arguments.get("phone"))
        contact = context.contact
        if not stated and not contact.email and not contact.phone:
            return ToolResult(ok=False, text=words.ask_proof(language))
        found = await self._shop.get(f"/orders/{max(0, arguments['id'])}")
        proofs = [
            (contact.email, contact.phone),
            (arguments.get("email"), arguments.get("phone")),
        ]
        if isinstance(found, Mapping) and any(owns(found, *proof) for proof in proofs):
            return self._shop.said(self.spec.name, words.order(found, language))
        text = words.not_found(language) if stated else words.ask_proof(language)
        return ToolResult(ok=False, text=text)


class OrdersOfCustomer(_OfShop):
    """The last orders of the customer who writes, where the channel vouches for who that is."""

    about = ToolSpec(
        "woo_orders_of_customer",
        words.ORDERS,
        {"type": "object", "properties": {}},
    )

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Return the newest orders under the address that the channel itself proves.

        Raises:
            EgressError: the shop does not answer.
            ToolTrouble: its answer is none.
        """
        del arguments
        language, contact = context.tenant.language, context.contact
        email = contact.email if context.proven == "email" else None
        phone = contact.phone if context.proven == "phone" else None
        wanted = email or (digits(phone)[-4:] if phone else "")
        if not wanted:
            return ToolResult(ok=False, text=words.ask_number(language))
        found = await self._shop.get("/orders", search=wanted, per_page=_MANY, orderby="date")
        own = [one for one in found or () if isinstance(one, Mapping) and owns(one, email, phone)]
        if not own:
            return ToolResult(ok=True, text=words.no_orders(language))
        rows = [words.order_line(one, language) for one in own[:_FEW]]
        return self._shop.said(self.spec.name, "\n".join(rows))


class Product(_OfShop):
    """Products by words: name, price, whether it is there, address."""

    about = ToolSpec("woo_product", words.PRODUCT, words.PRODUCT_ARGUMENTS)

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Return the best products.

        Raises:
            EgressError: the shop does not answer.
            ToolTrouble: its answer is none.
        """
        return await _of_products(self._shop, self.spec.name, arguments, context, words.product)


class Stock(_OfShop):
    """Whether a product is in stock, each of its variations as the shop counts them."""

    about = ToolSpec("woo_stock", words.STOCK, words.PRODUCT_ARGUMENTS)

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Return what is there.

        Raises:
            EgressError: the shop does not answer.
            ToolTrouble: its answer is none.
        """
        return await _of_products(self._shop, self.spec.name, arguments, context, words.stock)


async def _of_products(
    shop: Shop, name: str, arguments: Mapping[str, Any], context: ToolContext, line: Any
) -> ToolResult:
    language, tenant = context.tenant.language, context.tenant.key
    search, sku = arguments.get("search", ""), arguments.get("sku", "")
    if not search and not sku:
        return ToolResult(ok=False, text=words.ask_product(language))

    async def ask() -> ToolResult:
        found = await shop.products(tenant, search, sku)
        rows = [line(one, language) for one in found or () if isinstance(one, Mapping)]
        if not rows:
            return ToolResult(ok=False, text=words.no_product(language))
        return shop.said(name, "\n".join(rows))

    return await shop.remembered(tenant, {"tool": name, "search": search, "sku": sku}, ask)


def owns(order: Mapping[str, Any], email: str | None, phone: str | None) -> bool:
    """Return whether an order was billed to this e-mail address or telephone."""
    billing = order.get("billing")
    if not isinstance(billing, Mapping):
        return False
    billed = str(billing.get("email") or "").strip().casefold()
    if email and billed and billed == email.strip().casefold():
        return True
    ours, theirs = subscriber(phone), subscriber(str(billing.get("phone") or ""))
    return bool(ours) and ours == theirs


def subscriber(phone: str | None) -> str:
    """Return area code and the last eight digits, or "" where there are fewer.

    The ninth digit of Brazilian mobiles and the country code are written by some and not by others.
    """
    number = digits(phone)
    if number.startswith("55") and len(number) in (12, 13):
        number = number[2:]
    number = number.lstrip("0")
    return number[:2] + number[-8:] if len(number) >= 10 else ""


def digits(phone: str | None) -> str:
    """Return the digits of a telephone number."""
    return re.sub(r"\D", "", phone or "")
