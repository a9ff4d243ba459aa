"""Tokens by which programs ask the API: what is kept of them, and their twin in memory."""

import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from chatcrew.accounts._principal import Principal, Role
from chatcrew.accounts._rules import digest
from chatcrew.clock import Clock

MARK = "ccrew_"
"""What each token begins with, so that scanners of leaked secrets can tell one."""

SHOWN = 6
"""Characters after the mark that lists show, to tell tokens apart."""

USED_EVERY = timedelta(minutes=1)
"""How exactly it is known when a token was last used: a call in between writes nothing."""

_SECRET = re.compile(rf"{MARK}[A-Za-z0-9_-]{{43}}")


@dataclass(frozen=True, slots=True)
class Token:
    """A token as lists show it; it cannot be used with this.

    Attributes:
        name: unique; it stands in the audit log.
        shown: how it begins.
        role: what it may do.
        tenants: keys of the tenants it may see; None: all of them.
        made_at: UTC.
        expires_at: when it ends by itself, or None.
        used_at: when it was last used, to the minute, or None.
    """

    name: str
    shown: str
    role: Role
    tenants: frozenset[str] | None
    made_at: datetime
    expires_at: datetime | None = None
    used_at: datetime | None = None


class TokenStore(Protocol):
    """Where tokens are kept, as digests; every method raises ``StoreError`` while it is away."""

    async def add(
        self,
        name: str,
        *,
        role: Role,
        tenants: frozenset[str] | None,
        expires_at: datetime | None = None,
    ) -> str | None:
        """Make a token and return it, this one time; None where the name is taken."""
        ...

    async def tokens(self) -> list[Token]:
        """Return all tokens by name, those that have ended too."""
        ...

    async def revoke(self, name: str) -> bool:
        """Delete a token; False where there is none of that name."""
        ...

    async def whose(self, secret: str) -> Principal | None:
        """Return whom a token stands for, None where it is none or has ended."""
        ...


def new_token() -> str:
    """Return 256 random bits behind the mark."""
    return MARK + secrets.token_urlsafe(32)


def is_token(said: str) -> bool:
    """Return whether it has the shape of a token of ours."""
    return _SECRET.fullmatch(said) is not None


def shown(secret: str) -> str:
    """Return how lists show a token."""
    return secret[: len(MARK) + SHOWN]


class MemoryTokens:
    """``TokenStore`` in memory, for tests."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tokens: dict[str, tuple[str, Token]] = {}

    async def add(
        self,
        name: str,
        *,
        role: Role,
        tenants: frozenset[str] | None,
        expires_at: datetime | None = None,
    ) -> str | None:
        """See ``TokenStore.add``."""
        if name in self._tokens:
            return None
        secret = new_token()
        token = Token(name, shown(secret), role, tenants, self._clock.now(), expires_at)
        self._tokens[name] = (digest(secret), token)
        return secret

    async def tokens(self) -> list[Token]:
        """See ``TokenStore.tokens``."""
        return [token for _, (_, token) in sorted(self._tokens.items())]

    async def revoke(self, name: str) -> bool:
        """See ``TokenStore.revoke``."""
        return self._tokens.pop(name, None) is not None

    async def whose(self, secret: str) -> Principal | None:
        """See ``TokenStore.whose``."""
        now = self._clock.now()
        for name, (kept, token) in self._tokens.items():
            if kept != digest(secret) or (token.expires_at and token.expires_at <= now):
                continue
            if token.used_at is None or token.used_at <= now - USED_EVERY:
                self._tokens[name] = (kept, replace(token, used_at=now))
            return Principal(name, token.role, token.tenants)
        return None
