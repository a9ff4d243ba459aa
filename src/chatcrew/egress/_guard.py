"""Requests to addresses others chose: checked, pinned, bounded, each redirect anew."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from chatcrew.egress._addresses import Address, is_private_use, is_public
from chatcrew.egress._body import ENCODINGS, check_head, read_body
from chatcrew.egress._resolver import CheckedResolver, Lookup, look_up
from chatcrew.egress._urls import checked_url, literal, origin
from chatcrew.errors import EgressFailed, EgressRefused

_CONNECT = 4.0
_AGENT = "chatcrew"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_READS = frozenset({"GET", "HEAD"})
_ANYBODYS = frozenset({"accept", "accept-language", "content-type", "user-agent"})
"""Headers that another origin may see; any other may hold a key."""

_NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer.

    Attributes:
        status: HTTP status.
        headers: by name, in any case.
        body: unpacked.
        url: which address answered, after redirects.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


@dataclass(slots=True)
class _Hop:
    method: str
    url: URL
    headers: dict[str, str]
    body: bytes | None


class GuardedHttp:
    """The process's client for addresses that a tenant or a customer can influence.

    Knows no proxy and keeps no cookie. Origins that are trusted have connections of their own: one
    tenant's trust never lends another a connection.

    Args:
        lookup: resolves names.
        public: whether an address is one of the internet.
        ports: the only ports that are spoken to beside those of trusted origins; None: any.
        limit: connections at once.
    """

    def __init__(
        self,
        *,
        lookup: Lookup = look_up,
        public: Callable[[Address], bool] = is_public,
        ports: Collection[int] | None = None,
        limit: int = 64,
    ) -> None:
        self._lookup = lookup
        self._public = public
        self._ports = None if ports is None else frozenset(ports)
        self._limit = limit
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection; a later request opens new ones."""
        sessions, self._sessions = self._sessions, {}
        for session in sessions.values():
            await session.close()

    async def request(  # noqa: PLR0913 - each bound is the caller's to choose
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout: float,  # noqa: ASYNC109 - bounds all hops together, and the error says what was sent
        max_bytes: int,
        types: Collection[str] = (),
        redirects: int = 0,
        trusted: Collection[str] = frozenset(),
    ) -> Fetched:
        """Make a request and return the answer, whatever its status.

        Args:
            method: HTTP method.
            url: http or https, without credentials.
            headers: sent to this origin; another one gets only what holds no key.
            body: bytes to send.
            timeout: seconds for everything, redirects too.
            max_bytes: longest body, unpacked.
            types: media types taken, such as ``image/*``; none means any.
            redirects: how many are followed; 0 returns the redirect itself.
            trusted: origins (``scheme://host:port``) that may be on a private network.

        Raises:
            EgressRefused: not allowed; nothing was sent to that address.
            EgressFailed: no answer, or none that is wanted; ``maybe_sent`` tells whether the
                request may have had its effect.
        """
        hop = _Hop(method.upper(), checked_url(url), dict(headers or {}), body)
        hop.headers.setdefault("User-Agent", _AGENT)
        hop.headers["Accept-Encoding"] = ENCODINGS
        known = frozenset(origin(one) for one in trusted)
        progress = _Progress()
        try:
            async with asyncio.timeout(timeout):
                for left in range(redirects, -1, -1):
                    answer = await self._one(
                        hop, known, progress, max_bytes=max_bytes, types=types, follow=left > 0
                    )
                    if isinstance(answer, Fetched):
                        return answer
                    hop = answer
        except TimeoutError:
            sent = progress.connected
            raise EgressFailed("no answer in time", kind="timeout", maybe_sent=sent) from None
        raise AssertionError("the last hop returns or raises")

    async def _one(
        self,
        hop: _Hop,
        trusted: Collection[str],
        progress: "_Progress",
        *,
        max_bytes: int,
        types: Collection[str],
        follow: bool,
    ) -> "Fetched | _Hop":
        trust = origin(hop.url) in trusted
        self._check(hop.url, trust=trust)
        try:
            async with self._session(trust=trust).request(
                hop.method,
                hop.url,
                headers=hop.headers,
                data=hop.body,
                allow_redirects=False,
                trace_request_ctx=progress,
                middlewares=() if hop.method in _READS else (_Once(),),
            ) as response:
                target = response.headers.get("Location")
                if follow and response.status in _REDIRECTS and target:
                    return _next(hop, response.status, target)
                if response.status < 300:
                    check_head(response, limit=max_bytes, types=types)
                content = await read_body(response, limit=max_bytes)
                return Fetched(response.status, response.headers, content, str(hop.url))
        except _NEVER_LEFT as error:
            raise EgressFailed(
                f"not reached ({type(error).__name__})", kind="unreached", maybe_sent=False
            ) from None
        except (aiohttp.ClientError, OSError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise EgressFailed(
                f"no answer ({type(error).__name__})",
                kind="broken",
                maybe_sent=progress.connected,
            ) from None

    def _check(self, url: URL, *, trust: bool) -> None:
        """Hold a hop against the rules that need no resolver; aiohttp asks none for an address."""
        if not trust and self._ports is not None and url.port not in self._ports:
            raise EgressRefused("this port is not spoken to", kind="port")
        address = literal(url.raw_host or "")
        if address is not None and not self._allowed(address, trust=trust):
            raise EgressRefused("a private address", kind="private")

    def _allowed(self, address: Address, *, trust: bool) -> bool:
        return self._public(address) or (trust and is_private_use(address))

    def _session(self, *, trust: bool) -> aiohttp.ClientSession:
        if trust not in self._sessions:
            resolver = CheckedResolver(
                self._lookup, allowed=lambda address: self._allowed(address, trust=trust)
            )
            trace = aiohttp.TraceConfig()
            trace.on_connection_create_end.append(_connected)
            trace.on_connection_reuseconn.append(_connected)
            self._sessions[trust] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=resolver,
                    use_dns_cache=False,
                    limit=self._limit,
                    keepalive_timeout=10.0,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
                timeout=aiohttp.ClientTimeout(total=None, connect=_CONNECT),
                trace_configs=[trace],
            )
        return self._sessions[trust]


@dataclass(slots=True)
class _Once:
    """Sends a request once.

    aiohttp repeats a PUT or DELETE whose connection broke (RFC 9110 calls them idempotent), which
    is not what every shop makes of its addresses.
    """

    sent: bool = False

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        if self.sent:
            raise EgressFailed("the connection broke", kind="broken", maybe_sent=True)
        self.sent = True
        return await handler(request)


@dataclass(slots=True)
class _Progress:
    """How far a request came: with a connection it may have been sent."""

    connected: bool = False


async def _connected(_session: aiohttp.ClientSession, context: object, _params: object) -> None:
    progress = getattr(context, "trace_request_ctx", None)
    if isinstance(progress, _Progress):
        progress.connected = True


def _next(hop: _Hop, status: int, target: str) -> _Hop:
    """Return the request that a redirect asks for.

    Raises:
        EgressRefused: it leads from https to http, or would carry a body to another origin.
    """
    try:
        url = checked_url(hop.url.join(URL(target)))
    except ValueError:
        raise EgressRefused("a redirect to no URL", kind="redirect") from None
    if hop.url.scheme == "https" and url.scheme == "http":
        raise EgressRefused("a redirect from https to http", kind="redirect")
    headers, body, method = dict(hop.headers), hop.body, hop.method
    if status == 303 or (status in (301, 302) and method == "POST"):
        method = "HEAD" if method == "HEAD" else "GET"
        body = None
        headers = {name: one for name, one in headers.items() if name.lower() != "content-type"}
    if origin(url) != origin(hop.url):
        if body is not None or method not in _READS:
            raise EgressRefused("a redirect of a body to another address", kind="redirect")
        kept = {name: one for name, one in headers.items() if name.lower() in _ANYBODYS}
        headers = {**kept, "Accept-Encoding": ENCODINGS}
    return _Hop(method, url, headers, body)
