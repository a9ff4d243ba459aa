"""Gets a file from Chatwoot as it keeps them: behind a redirect, and not always at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal, Protocol
from urllib.parse import urljoin, urlsplit

from chatcrew.clock import Clock
from chatcrew.errors import EgressFailed, EgressRefused

_HOPS = 4
_PER_REQUEST = 15.0
_REDIRECTS = (
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.SEE_OTHER,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
)
PAUSES = (0.5, 1.0, 2.0, 3.0, 3.5)
"""Seconds between tries. Chatwoot commits the record before the upload to its storage ends, so the
first GET may find nothing (chatwoot/chatwoot#14644, #15540); after ten seconds it stays so."""

STORAGE = "/rails/active_storage/"


class Fetched(Protocol):
    """An answer."""

    @property
    def status(self) -> int:
        """HTTP status."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """By name."""
        ...

    @property
    def body(self) -> bytes:
        """Whole."""
        ...


class Http(Protocol):
    """The guarded way out."""

    async def request(  # noqa: PLR0913 - each bound is the caller's to choose
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout: float,  # noqa: ASYNC109 - bounds the request, and the error says what was sent
        max_bytes: int,
        types: Collection[str] = (),
        redirects: int = 0,
        trusted: Collection[str] = frozenset(),
    ) -> Fetched:
        """Make a request and return the answer, whatever its status.

        Raises:
            EgressRefused: not allowed.
            EgressFailed: no answer, or one that is too long.
        """
        ...


NotHad = Literal["too_big", "download"]
"""Why a file was not got: beyond the limit; not there, or where nobody may go."""


@dataclass(frozen=True, slots=True)
class Downloads:
    """Gets files.

    Args:
        http: the guarded way out.
        clock: sleeps between tries.
        storage: origins of file storages that may be on a private network.
    """

    http: Http
    clock: Clock
    storage: frozenset[str] = frozenset()

    async def get(self, url: str, *, chatwoot: str, max_bytes: int) -> bytes | NotHad:
        """Return the file at ``url``, or why not: after as many tries as Chatwoot may need.

        Args:
            url: as the webhook has it; on Chatwoot's own public address, which may not be the one
                that is reached from here.
            chatwoot: the account's ``base_url``.
            max_bytes: longest file.
        """
        places = list(_places(url, chatwoot))
        for pause in (*PAUSES, None):
            for place in list(places):
                try:
                    found = await self._follow(place, chatwoot=chatwoot, max_bytes=max_bytes)
                except EgressRefused:
                    places.remove(place)  # it will be refused again
                    continue
                if found is not None:
                    return found
            if not places:
                break
            if pause is not None:
                await self.clock.sleep(pause)
        return "download"

    async def _follow(self, url: str, *, chatwoot: str, max_bytes: int) -> bytes | NotHad | None:
        """Return the file, or None where another try may help; each hop is checked anew.

        Raises:
            EgressRefused: it leads to where nobody may go.
        """
        trusted = self.storage | {_origin(chatwoot)}
        for _ in range(_HOPS):
            try:
                answer = await self.http.request(
                    "GET",
                    url,
                    timeout=_PER_REQUEST,
                    max_bytes=max_bytes,
                    trusted=trusted,
                )
            except EgressFailed as error:
                if error.kind == "too_big":
                    return "too_big"
                return None
            if answer.status not in _REDIRECTS:
                return answer.body if answer.status == HTTPStatus.OK and answer.body else None
            url = _rewritten(urljoin(url, answer.headers.get("Location", "")), chatwoot)
        return None


def _places(url: str, chatwoot: str) -> tuple[str, ...]:
    """Return where the file may be had: Chatwoot's own storage first where it is reached for sure.

    ``data_url`` begins with FRONTEND_URL, which may be another address than the one bots use.
    """
    ours = _rewritten(url, chatwoot)
    return (ours,) if ours == url else (ours, url)


def _rewritten(url: str, chatwoot: str) -> str:
    """Return an address of Chatwoot's own storage at the address we reach Chatwoot by."""
    parts = urlsplit(url)
    if not parts.path.startswith(STORAGE) or _origin(url) == _origin(chatwoot):
        return url
    query = f"?{parts.query}" if parts.query else ""
    return f"{_origin(chatwoot)}{parts.path}{query}"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
