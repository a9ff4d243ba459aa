"""How long a stranger may take: a connection brings a request, and a request its body, in time.

And how many there may be at once.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from chatcrew.errors import WebhookError
from chatcrew.telemetry import get_logger
from chatcrew.web.errors import error_response

FIRST_HEAD = 10.0
"""Seconds a new connection has to bring the head of its first request."""

IDLE = 130.0
"""Seconds a connection may rest between two requests: more than proxies keep theirs (60 to 120 s
are usual), so that the proxy ends it and nothing of Chatwoot's meets a connection that we close."""

FORM = 10.0
"""Seconds the body of a request has to arrive, where its address has no shorter time."""

READING = 30.0
"""Seconds a client has to take the next piece of a file that is read while it is sent."""

_LOOKS = 10
"""How often a connection is looked at within its time."""

_AT_THE_DOOR = 8
"""One connection in so many more may be open that has not spoken yet."""

FULL_FOR = 60.0
"""Seconds between two lines of the log that say that the house is full."""

RETRY_AFTER = 3
"""Seconds after which Chatwoot itself tries again what was answered with 429."""

_log = get_logger("web")


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that whoever connects has.

    Attributes:
        head: for the first request's head.
        body: for each request's body.
        most: connections that have spoken, open at once; None: as many as the machine gives.
    """

    head: float = FIRST_HEAD
    body: float = FORM
    most: int | None = None


class Waiting:
    """Lets nobody hold a connection by saying nothing, nor all of them at once.

    aiohttp itself waits without end for a first request; what rests after a request it closes by
    ``keepalive_timeout``, however much of the next head has come.

    Only who has spoken takes a place: where all are taken, the next that speaks is answered 429,
    which Chatwoot tries again (503 it does not), and is not kept. Of those that have said nothing
    yet there may be a few beyond, for nobody is closed who has only just come: a delivery that is
    reset Chatwoot never repeats. Where they are more, who has been silent for longest goes.

    Args:
        patience: how long, and how many.
        told: hears of each connection for which there was no room: ``closed`` is one that had said
            nothing for longest, ``refused`` one that was answered 429.
    """

    def __init__(self, patience: Patience, *, told: Callable[[str], None] = lambda _: None) -> None:
        self._patience = patience
        self._told = told
        self._heard: set[object] = set()
        self._server: web.Server | None = None
        self._full_at = -FULL_FOR

    def add_to(self, app: web.Application) -> None:
        """Take notice of every request of an application that has not started."""
        app.middlewares.append(self._notice())

    def came(self, _one: web.RequestHandler, server: web.Server) -> None:
        """Make room for a connection where there is none; ``wire.Doorkeeper``."""
        self._server, most = server, self._patience.most
        if most is None:
            return
        most += max(1, most // _AT_THE_DOOR)
        if len(server.connections) <= most:
            return
        there = _there(server)
        if len(there) > most:
            next(other for other in there if other not in self._heard).force_close()
            self._tell("closed")

    @contextlib.asynccontextmanager
    async def watching(self, server: web.Server) -> AsyncIterator[None]:
        """Close connections of a server that bring nothing."""
        task = asyncio.create_task(self._watch(server), name="waiting")
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def _notice(self) -> Middleware:
        @web.middleware
        async def notice(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.protocol not in self._heard:
                if self._is_full():
                    self._tell("refused")
                    return _full()
                self._heard.add(request.protocol)
            if request.content.is_eof():
                return await handler(request)
            late = asyncio.get_running_loop().call_later(self._patience.body, _give_up, request)
            try:
                return await handler(request)
            except TimeoutError as error:
                if request.content.exception() is None:
                    raise
                raise web.HTTPRequestTimeout from error
            finally:
                late.cancel()

        return notice

    def _is_full(self) -> bool:
        """Return whether as many have spoken, and are still there, as there may be."""
        server, most = self._server, self._patience.most
        # Whoever asks is one of them; on a webhook's way nobody is counted where it cannot matter
        if server is None or most is None or len(server.connections) <= most:
            return False
        spoken = sum(one in self._heard for one in _there(server))
        return spoken >= most

    def _tell(self, how: str) -> None:
        self._told(how)
        now = asyncio.get_running_loop().time()
        if now - self._full_at >= FULL_FOR:
            self._full_at = now
            _log.warning("connections.full", most=self._patience.most, how=how)

    async def _watch(self, server: web.Server) -> None:
        loop = asyncio.get_running_loop()
        since: dict[web.RequestHandler, float] = {}
        while True:
            await asyncio.sleep(self._patience.head / _LOOKS)
            now, connections = loop.time(), server.connections
            self._heard.intersection_update(connections)
            since = {one: since.get(one, now) for one in connections if one not in self._heard}
            for one, at in since.items():
                if now - at >= self._patience.head:
                    one.force_close()


def _there(server: web.Server) -> list[web.RequestHandler]:
    """Return connections; what was closed a moment ago stands there until the loop comes to it."""
    return [one for one in server.connections if one.transport is not None]


def _full() -> web.Response:
    fault = WebhookError(429, kind="too_many_connections")
    headers = {"Retry-After": f"{RETRY_AFTER}"}
    response = error_response(fault.status, kind=fault.kind, message=str(fault), headers=headers)
    response.force_close()
    return response


async def give(
    request: web.Request, response: web.StreamResponse, piece: bytes, *, within: float = READING
) -> None:
    """Send a piece of a file; whoever does not take it in time is cut off.

    What the file is read from is held meanwhile: a connection to the database.

    Raises:
        ConnectionResetError: it did not, or it is gone.
    """
    try:
        async with asyncio.timeout(within):
            await response.write(piece)
    except TimeoutError:
        if request.transport is not None:
            request.transport.abort()
        raise ConnectionResetError("the client does not read") from None


def _give_up(request: web.Request) -> None:
    """Let whoever reads the body, now or later, be told that it did not come."""
    if not request.content.is_eof():
        request.content.set_exception(TimeoutError())
