"""What aiohttp answers by itself, before any handler of ours: in our shape, without its name."""

import asyncio
from http import HTTPStatus
from typing import Any, Protocol

from aiohttp import web

from chatcrew.web.errors import error_response

NAME = "chatcrew"
"""What answers, as far as anybody is told: versions of libraries are a list of what to try."""


class Doorkeeper(Protocol):
    """Is told of every connection as it comes."""

    def came(self, one: web.RequestHandler, server: web.Server) -> None:
        """Take notice; may close this connection or another."""
        ...


class Runner(web.AppRunner):
    """Runs an application whose every connection answers in one shape.

    aiohttp lets nobody choose the class of its connections; a server that makes ours takes the
    place of its own.

    Args:
        app: what answers.
        doorkeeper: hears of each connection.
        options: of ``web.AppRunner``.
    """

    __slots__ = ("_doorkeeper",)

    def __init__(self, app: web.Application, *, doorkeeper: Doorkeeper, **options: Any) -> None:
        super().__init__(app, **options)
        self._doorkeeper = doorkeeper

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        server = _Server(
            made.request_handler,
            request_factory=made.request_factory,
            loop=asyncio.get_running_loop(),
            **self._kwargs,
        )
        server.doorkeeper = self._doorkeeper
        return server


class _Server(web.Server):
    doorkeeper: Doorkeeper

    def __call__(self) -> web.RequestHandler:
        return _Connection(self, loop=self._loop, **self._kwargs)

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        self.doorkeeper.came(handler, self)


class _Connection(web.RequestHandler):
    """A connection of a stranger.

    What is no HTTP, a head over its bound and an expectation that nobody meets reach no middleware
    of an application; aiohttp would answer in its own words, which repeat what was sent.
    """

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        super().handle_error(request, status, exc, message)  # which logs it
        return _shaped(status)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        if isinstance(resp, web.HTTPException) and resp.status >= 400:
            # Whatever a handler raises is shaped by the middleware: this one no handler saw
            resp = _shaped(resp.status)
        return await super().finish_response(request, resp, start_time)


def _shaped(status: int) -> web.Response:
    phrase = HTTPStatus(status).phrase
    kind = phrase.lower().replace(" ", "_")
    response = error_response(status, kind=kind, message=phrase, headers={"Server": NAME})
    response.force_close()
    return response
