"""A WooCommerce shop on loopback: orders, products and stock as its REST API v3 shows them."""

from base64 import b64encode
from typing import Any

from aiohttp import web

from chatcrew.testing._outside.api import ApiRequest, FakeApi

_API = "/wp-json/wc/v3"


class FakeWooCommerce(FakeApi):
    """``GET /wp-json/wc/v3/{orders,products}``; an async context manager.

    Args:
        key: consumer key that is asked for.
        secret: consumer secret.
    """

    def __init__(self, *, key: str = "ck_test", secret: str = "cs_test") -> None:  # noqa: S107 - of a shop that is none
        super().__init__()
        self._basic = "Basic " + b64encode(f"{key}:{secret}".encode()).decode()
        self._orders: dict[int, dict[str, Any]] = {}
        self._products: list[dict[str, Any]] = []

    def add_order(self, number: int, **fields: Any) -> dict[str, Any]:
        """Add an order; fields left out are those of a plain one, paid and being prepared."""
        billing = {"first_name": "Marina", "email": "marina@example.com", "phone": ""}
        order = {
            "id": number,
            "number": str(number),
            "status": "processing",
            "currency": "BRL",
            "date_created": "2026-11-18T10:20:30",
            "date_completed": None,
            "total": "189.90",
            "payment_method_title": "Pix",
            "line_items": [{"id": 1, "name": "Kit Pele Oleosa", "quantity": 1, "total": "189.90"}],
            "shipping_lines": [{"id": 2, "method_title": "Correios PAC"}],
            "meta_data": [],
            **fields,
            "billing": {**billing, **fields.get("billing", {})},
        }
        self._orders[number] = order
        return order

    def add_product(self, name: str, **fields: Any) -> dict[str, Any]:
        """Add a published product; fields left out are those of one in stock."""
        number = 100 + len(self._products)
        product = {
            "id": number,
            "name": name,
            "sku": f"SKU{number}",
            "price": "49.90",
            "regular_price": "49.90",
            "on_sale": False,
            "status": "publish",
            "permalink": f"{self.url}/produto/{number}",
            "short_description": "",
            "stock_status": "instock",
            "stock_quantity": None,
            **fields,
        }
        self._products.append(product)
        return product

    async def respond(self, request: web.Request, received: ApiRequest) -> web.StreamResponse:
        """Answer as the shop does."""
        del received
        if request.headers.get("Authorization") != self._basic:
            return _error("woocommerce_rest_cannot_view", "Sorry, you cannot list resources.", 401)
        path = request.path.removeprefix(_API)
        if path.startswith("/orders/"):
            number = path.removeprefix("/orders/")
            order = self._orders.get(int(number)) if number.isdecimal() else None
            if order is None:
                return _error("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", 404)
            return web.json_response(order)
        wanted = request.query.get("search", "").casefold()
        most = int(request.query.get("per_page", "10"))
        if path == "/orders":
            found = [one for one in self._orders.values() if wanted in _searched(one)]
            found.sort(key=lambda one: one["date_created"], reverse=True)
            return web.json_response(found[:most])
        if path == "/products":
            sku = request.query.get("sku")
            chosen = [
                one
                for one in self._products
                if (one["sku"] == sku if sku else wanted in one["name"].casefold())
            ]
            return web.json_response(chosen[:most])
        return _error("rest_no_route", "No route was found matching the URL.", 404)


def _searched(order: dict[str, Any]) -> str:
    """Return what WooCommerce searches of an order (its billing address index)."""
    return " ".join(str(value) for value in order["billing"].values()).casefold()


def _error(code: str, message: str, status: int) -> web.Response:
    return web.json_response(
        {"code": code, "message": message, "data": {"status": status}}, status=status
    )
