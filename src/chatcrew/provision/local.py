"""The server of this machine, as the one who connects meets it: is it there, does it know a bot."""

import asyncio
import contextlib
import re
import socket
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from chatcrew.chatwoot import webhook
from chatcrew.clock import Clock
from chatcrew.errors import WebhookError
from chatcrew.provision.reading import value_of
from chatcrew.provision.situation import WEBHOOKS
from chatcrew.tenancy.model import Bot
from chatcrew.web import stop_accepting

_PATIENCE = aiohttp.ClientTimeout(total=3)
_LINGER = 1.0
_STEP = 0.05
_WRONG = {"X-Chatwoot-Signature": "?", "X-Chatwoot-Timestamp": "0"}
"""Refused with 401 by whoever knows the bot, under every policy: nothing is stored."""


SANDBOXES = ("demo", "chat")
"""Folders of the data folder in which ``chatcrew demo`` and ``chat`` keep their mapping."""

_SANDBOX_BOT = re.compile(r"demo-\d{14}-\d+")


class Server(StrEnum):
    """What answers on our public port."""

    NONE = "none"
    STRANGER = "stranger"
    """It answers and does not know the bot (yet)."""
    KNOWS = "knows"


async def ask_server(host: str, port: int, bot: Bot) -> Server:
    """Return what answers on this machine's public port."""
    token = await value_of(bot.path_token) if bot.path_token is not None else None
    return await _ask(host, port, f"{WEBHOOKS}{bot.name}" + (f"/{token}" if token else ""))


async def demo_answers(host: str, port: int, data_dir: Path) -> bool:
    """Return whether a sandbox of this data folder answers on this machine's public port."""
    for label in await asyncio.to_thread(_sandbox_bots, data_dir):
        if await _ask(host, port, f"{WEBHOOKS}{label}") is Server.KNOWS:
            return True
    return False


def _sandbox_bots(data_dir: Path) -> list[str]:
    """Return the newest bot labels of each sandbox that was ever run."""
    found = []
    for name in SANDBOXES:
        with contextlib.suppress(OSError, UnicodeDecodeError):
            for path in (data_dir / name).glob("*.yaml"):
                found += _SANDBOX_BOT.findall(path.read_text("utf-8"))[:1]
    return found


def local_address(host: str) -> str:
    """Return where a server that listens on ``host`` is met on its own machine."""
    return "127.0.0.1" if host in ("", "0.0.0.0") else "[::1]" if host == "::" else host  # noqa: S104 - compared, not bound


async def health_of(host: str, port: int) -> Mapping[str, Any] | None:
    """Return what this machine's admin port says of the server; None where none answers there."""
    url = f"http://{local_address(host)}:{port}/health/ready"
    try:
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE, trust_env=False) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            found = await answer.json()
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


async def _ask(host: str, port: int, path: str) -> Server:
    base = f"http://{local_address(host)}:{port}"
    try:
        async with aiohttp.ClientSession(timeout=_PATIENCE, trust_env=False) as session:
            async with session.get(f"{base}/health/live", allow_redirects=False) as answer:
                if answer.status != 200 or b'"live"' not in await answer.content.read(100):
                    return Server.NONE
            async with session.post(
                f"{base}{path}", data=b"{}", headers=_WRONG, allow_redirects=False
            ) as answer:
                return Server.KNOWS if answer.status == 401 else Server.STRANGER
    except (aiohttp.ClientError, TimeoutError, OSError):
        return Server.NONE


class Listener:
    """Stands in for a server that does not run, until the one delivery it waits for is there.

    Everything else is answered 500: Chatwoot tries a bot's delivery again on that, so a customer
    who writes meanwhile loses nothing (contract §1.4).

    Args:
        bot: whose deliveries.
        nonce: what stands in the delivery that is waited for.
        clock: time.
    """

    def __init__(self, bot: Bot, *, nonce: str, clock: Clock) -> None:
        self._bot = bot
        self._nonce = nonce.encode()
        self._clock = clock
        self._runner: web.AppRunner | None = None
        self._secrets: dict[str, list[bytes]] = {}
        self._path_token: str | None = None
        self.found = False
        self.refused: str | None = None

    async def start(self, host: str, port: int) -> bool:
        """Listen; False where somebody else does already."""
        for kind, references in self._bot.secrets.items():
            values = [await value_of(one) for one in references]
            self._secrets[kind] = [one.encode() for one in values if one is not None]
        if self._bot.path_token is not None:
            self._path_token = await value_of(self._bot.path_token)
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.router.add_post(f"{WEBHOOKS}{{bot}}", self._take)
        app.router.add_post(f"{WEBHOOKS}{{bot}}/{{token}}", self._take)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            bound = socket.create_server((host, port), family=family)
        except OSError:
            return False
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        await web.SockSite(runner, bound).start()
        self._runner = runner
        return True

    async def close(self) -> None:
        """Stop listening, and answer who was accepted a moment ago: he has no second try."""
        runner, self._runner = self._runner, None
        if runner is None:
            return
        await stop_accepting(runner)
        last = self._clock.monotonic() + _LINGER
        while runner.server and runner.server.connections and self._clock.monotonic() < last:  # noqa: ASYNC110 - aiohttp tells nobody
            await asyncio.sleep(_STEP)
        await runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        if request.match_info["bot"] != self._bot.name:
            return web.Response(status=404)
        if self._path_token is not None:
            given = request.match_info.get("token")
            if not webhook.match_path_token(given, self._path_token.encode()):
                return web.Response(status=404)
        body = await request.read()
        try:
            webhook.verify(
                body,
                request.headers,
                secrets=self._secrets,
                policy=self._bot.signature,
                now=self._clock.now().timestamp(),
            )
        except WebhookError as error:
            self.refused = error.kind
            return web.Response(status=error.status)
        if self._nonce not in body:
            return web.Response(status=500)
        self.found = True
        return web.Response()
