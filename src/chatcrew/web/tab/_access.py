"""Who may see what of the tab: the app's token, the browser's secret, the conversation's tenant."""

import hmac
import re
from collections import deque
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from aiohttp import web

from chatcrew.clock import Clock
from chatcrew.errors import ConfigError
from chatcrew.pairing import Session
from chatcrew.tenancy.model import Bot, Configuration, Secret
from chatcrew.tenancy.secrets import SHORTEST_TAB
from chatcrew.web.tab._ports import Found, Pairings, Sight

_BEARER = re.compile(r"Bearer ([A-Za-z0-9_-]{43})")

_PER_MINUTE = 60
"""Codes that one process gives to the pages of one account in a minute."""


class SecretReader(Protocol):
    """Reads what a secret reference points at."""

    async def read(self, secret: Secret) -> bytes:
        """Return the secret's bytes.

        Raises:
            ConfigError: the reference leads nowhere.
        """
        ...


class Configurations(Protocol):
    """Where the current configuration comes from."""

    @property
    def current(self) -> Configuration:
        """The version that holds now."""
        ...


@dataclass(frozen=True, slots=True)
class App:
    """The tab of one account.

    Attributes:
        account: its label.
        origins: from where operators open Chatwoot, such as ``https://desk.example.com``.
    """

    account: str
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Granted:
    """A paired operator before a conversation of the tenant that he is paired for."""

    found: Found
    session: Session
    secret: str


class Access:
    """Decides on every request anew; what is not granted looks like what does not exist."""

    def __init__(
        self,
        configurations: Configurations,
        *,
        secrets: SecretReader,
        pairings: Pairings,
        sight: Sight,
        clock: Clock,
    ) -> None:
        self._configurations = configurations
        self._secrets = secrets
        self._pairings = pairings
        self._sight = sight
        self._clock = clock
        self._begun: dict[str, deque[float]] = {}

    async def app(self, token: str) -> App | None:
        """Return the app that a token names, or None; all tokens are compared in constant time."""
        found: Bot | None = None
        for bot in self._one_bot_each():
            if bot.tab_token is None:
                continue
            try:
                expected = await self._secrets.read(bot.tab_token)
            except ConfigError:
                continue
            same = hmac.compare_digest(expected, token.encode("utf-8", "replace"))
            if same and len(expected) >= SHORTEST_TAB:
                found = bot
        if found is None:
            return None
        return App(found.account, found.tab_origins or (_origin(found.base_url),))

    async def granted(self, app: App, request: web.Request) -> Granted | None:
        """Return what the request's browser may see, or None without saying why not.

        The page's word for who sits before it can only take away: it is a hint that somebody else
        uses the same browser now.
        """
        secret, number = secret_of(request), number_of(request.match_info.get("number"))
        if secret is None or number is None:
            return None
        found = await self._sight.find(app.account, number)
        if found is None:
            return None
        session = await self._pairings.session(secret, app.account, found.tenant)
        hint = request.headers.get("X-Tab-User")
        if session is None or (hint is not None and hint != str(session.user_id)):
            return None
        return Granted(found, session, secret)

    def may_begin(self, app: App) -> bool:
        """Return whether another code may be given now; bounds what a stranger can fill."""
        now = self._clock.monotonic()
        times = self._begun.setdefault(app.account, deque())
        while times and now - times[0] >= 60.0:
            times.popleft()
        if len(times) >= _PER_MINUTE:
            return False
        times.append(now)
        return True

    def _one_bot_each(self) -> list[Bot]:
        """Return a bot of each account: the tab is the account's."""
        return list(
            {bot.account: bot for bot in self._configurations.current.bots.values()}.values()
        )


def secret_of(request: web.Request) -> str | None:
    """Return the browser's secret, or None where there is none of the right shape."""
    found = _BEARER.fullmatch(request.headers.get("Authorization", ""))
    return found[1] if found is not None else None


def number_of(text: str | None) -> int | None:
    """Return the number of a conversation, or None where ``text`` is none."""
    return int(text) if text is not None and re.fullmatch(r"[1-9][0-9]{0,17}", text) else None


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
