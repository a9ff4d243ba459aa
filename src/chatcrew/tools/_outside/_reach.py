"""What tools of a business reach the outside with."""

from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from chatcrew.cache import Kind, key
from chatcrew.egress import GuardedHttp
from chatcrew.errors import ConfigError
from chatcrew.messages import ToolResult, ToolSpec
from chatcrew.tenancy.model import Secret, ToolAuth, ToolEntry
from chatcrew.tools._trouble import ToolTrouble

_SHORTEST_KEY = 5


def spec_of(entry: ToolEntry) -> ToolSpec:
    """Return what a model reads of a tool, with the personal data it may receive."""
    return ToolSpec(entry.name, entry.description, entry.parameters, private=private_of(entry))


def private_of(entry: ToolEntry) -> frozenset[str] | None:
    """Return the kinds of personal data an entry may receive unmasked; None: all."""
    return None if entry.private is None else frozenset(entry.private)


class Kept(Protocol):
    """What keeps answers for a while; ``cache.LayeredCache`` does."""

    async def get(self, key: str) -> Any:
        """Return what is kept, or None."""
        ...

    async def set(self, key: str, value: Any, *, ttl: float) -> None:
        """Keep a JSON value for ``ttl`` seconds."""
        ...


@dataclass(frozen=True, slots=True)
class Outside:
    """The ways out of one process.

    Attributes:
        http: guarded requests.
        secret: reads a reference.
        kept: keeps answers; None: nothing is kept.
    """

    http: GuardedHttp
    secret: Callable[[Secret], Awaitable[bytes]]
    kept: Kept | None = None

    async def secret_text(self, secret: Secret) -> str:
        """Return a secret's text.

        Raises:
            ToolTrouble: the reference leads nowhere, which is the admin's to mend.
        """
        try:
            return (await self.secret(secret)).decode("utf-8")
        except (ConfigError, UnicodeDecodeError):
            raise ToolTrouble("secret") from None

    async def credentials(self, auth: ToolAuth | None) -> dict[str, str]:
        """Return the headers that show who a tool is.

        Raises:
            ToolTrouble: a reference leads nowhere.
        """
        if auth is None:
            return {}
        secret = await self.secret_text(auth.secret)
        if auth.kind == "bearer":
            return {"Authorization": f"Bearer {secret}"}
        if auth.kind == "header" or auth.user is None:
            return {auth.header: secret}
        return {"Authorization": basic(await self.secret_text(auth.user), secret)}


def basic(user: str, password: str) -> str:
    """Return the value of ``Authorization`` for basic authentication (RFC 7617, UTF-8)."""
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode("ascii")


def without_keys(text: str, headers: Iterable[str]) -> str:
    """Return ``text`` without the credentials in the values of these headers."""
    found: set[str] = set()
    for value in headers:
        scheme, _, token = value.rpartition(" ")
        found |= {value, token}
        if scheme == "Basic":
            with suppress(ValueError):  # a header that an admin wrote may be none of ours
                found.add(b64decode(token).decode("utf-8").partition(":")[2])
    # The longest first, as one may stand in another; very short ones would hollow out any text
    for one in sorted((one for one in found if len(one) >= _SHORTEST_KEY), key=len, reverse=True):
        text = text.replace(one, "•••")
    return text


class Remembered:
    """Answers of one tool that reads, kept for the seconds its entry says.

    The key holds the tenant, the tool as it is configured now, and everything that was asked for,
    so no customer gets what another one asked with his own telephone.

    Args:
        kept: where, or None.
        entry: the tool.
    """

    def __init__(self, kept: Kept | None, entry: ToolEntry) -> None:
        self._kept = kept if entry.cache and not entry.acts else None
        self._entry = entry
        self._version = sha256(repr(entry).encode()).hexdigest()

    async def answer(
        self,
        tenant: str,
        asked: Mapping[str, Any],
        ask: Callable[[], Awaitable[ToolResult]],
    ) -> ToolResult:
        """Return the kept answer, else ask; only answers that are one are kept."""
        if self._kept is None:
            return await ask()
        place = key(Kind.SEARCH, tenant, "tool", self._version, dict(asked))
        found = await self._kept.get(place)
        if isinstance(found, str):
            return ToolResult(ok=True, text=found)
        result = await ask()
        if result.ok:
            await self._kept.set(place, result.text, ttl=float(self._entry.cache))
        return result
