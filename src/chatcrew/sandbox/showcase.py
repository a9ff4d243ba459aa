"""What ``chatcrew demo --scripted`` runs beside the bot: a scripted model and a made-up shop."""

import os
import re
import shutil
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml
from aiohttp import web

from chatcrew.sandbox import _script
from chatcrew.testing import ApiRequest, FakeModelServer, FakeWooCommerce

TENANT = "cosmetics/bella"
"""Whose shop it is."""

_PHONE = "+5511900000000"
"""Of the page's first customer."""


class Showcase:
    """The model server and the shop, as an async context.

    Attributes:
        model: speaks OpenAI's protocol, and says what ``_script`` says.
        shop: has order 12345 of the page's first customer, and 12346 of somebody else.
    """

    def __init__(self) -> None:
        self.model = FakeModelServer(default=_script.say)
        self.model.ears.say(_script.HEARD)
        self.shop = _Shop()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Listen on loopback."""
        await self._stack.enter_async_context(self.model)
        await self._stack.enter_async_context(self.shop)
        self.shop.add_order(12345, billing={"first_name": "Maria", "phone": _PHONE})
        self.shop.add_order(
            12346, billing={"first_name": "Rui", "email": "rui@example.com"}, status="shipped"
        )
        self.shop.add_product("Batom Pétala", price="49.90", stock_quantity=7)
        self.shop.add_product("Kit Pele Oleosa", price="189.90", stock_quantity=3)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening."""
        await self._stack.aclose()

    @property
    def environment(self) -> dict[str, str]:
        """What the bot's processes must see: no key of the admin's own, no other model."""
        return {
            "OPENAI_BASE_URL": self.model.base_url,
            "OPENAI_API_KEY": "",
            "CHATCREW_MODEL": _script.NAME,
            "CHATCREW_FAST_MODEL": "",
            "CHATCREW_VISION_MODEL": "",
            "CHATCREW_EMBEDDINGS_MODEL": "",
        }

    def lay_over(self, config: Path, folder: Path) -> Path:
        """Copy a configuration into ``folder``, with the shop's tools; return the copy.

        The copy has no ``models.yaml``: no provider but the scripted one is known to it. Files of
        the admin's are left as they are.

        Raises:
            FileNotFoundError: the example shop is not among them.
            OSError: the copy cannot be written.
        """
        copy = folder / "scripted" / "config"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(config, copy, ignore=shutil.ignore_patterns("models.yaml"))
        place = copy / "domains" / f"{TENANT}.yaml"
        text = place.read_text("utf-8")
        if re.search(r"^tools:", text, re.M) is None:
            keys = folder / "secrets"
            said = yaml.safe_dump({"tools": self._tools(keys)}, allow_unicode=True)
            place.write_text(f"{text}\n{said}", "utf-8")
        return copy

    def _tools(self, keys: Path) -> list[dict[str, Any]]:
        keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        return [
            {
                "use": "woocommerce",
                "url": self.shop.url,
                "trusted": True,
                "consumer_key": _secret(keys / "shop.key", "ck_test"),
                "consumer_secret": _secret(keys / "shop.secret", "cs_test"),
            },
            {
                "name": "pedir_troca",
                "use": "http",
                "method": "POST",
                "url": f"{self.shop.url}/trocas",
                "trusted": True,
                "description": "Abre a troca de um pedido; a equipe autoriza antes.",
                "approval": True,
                "parameters": {
                    "pedido": {
                        "type": "integer",
                        "description": "Número do pedido.",
                        "required": True,
                    }
                },
                "body": {"pedido": "{pedido}"},
                "result": "Troca do pedido {pedido} aberta, protocolo {protocolo}.",
            },
        ]


class _Shop(FakeWooCommerce):
    """The shop, with a counter for exchanges.

    Attributes:
        exchanges: the orders for which one was opened, in order; one twice would be a fault.
    """

    def __init__(self) -> None:
        super().__init__()
        self.exchanges: list[int] = []

    async def respond(self, request: web.Request, received: ApiRequest) -> web.StreamResponse:
        """Open an exchange, or answer as WooCommerce does."""
        if (request.method, request.path) != ("POST", "/trocas"):
            return await super().respond(request, received)
        asked: Mapping[str, Any] = received.json
        self.exchanges.append(int(asked["pedido"]))
        protocol = f"TR-{len(self.exchanges):05d}"
        return web.json_response({"pedido": asked["pedido"], "protocolo": protocol})


def _secret(path: Path, value: str) -> str:
    """Write what the made-up shop asks for; return its reference."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(value)
    return f"file:{path}"
