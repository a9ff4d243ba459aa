"""HTTP between applications of one process, without sockets: for worlds whose time is virtual."""

import asyncio
import contextvars
import errno
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, cast

import aiohttp
from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.http import HttpVersion11, RawRequestMessage
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

Way = Callable[[], float]
"""Seconds that one way takes, drawn anew for each."""

_BIG = 64 * 1024 * 1024
_PATIENCE = 300.0
"""What aiohttp waits for where nobody says otherwise."""


def _at_once() -> float:
    return 0.0


class Wires:
    """Carries requests to applications by their base address.

    An application handles a request to its end although the caller has given up meanwhile, as a
    real server would, and in the context in which it was served: nothing of the caller's.
    """

    def __init__(self) -> None:
        self._served: dict[str, tuple[web.AppRunner, contextvars.Context]] = {}
        self._handled: dict[str, set[asyncio.Task[web.StreamResponse]]] = {}

    def serve(self, base_url: str, runner: web.AppRunner) -> None:
        """Let requests to ``base_url`` reach an application that is set up."""
        self._served[base_url] = runner, contextvars.copy_context()

    def cut(self, base_url: str, *, at_once: bool = False) -> None:
        """Refuse every new request; ``at_once``, what is being handled ends unanswered too."""
        self._served.pop(base_url, None)
        if at_once:
            for task in self._handled.pop(base_url, set()):
                task.cancel()

    def session(self, *, timeout: float = _PATIENCE, way: Way = _at_once) -> aiohttp.ClientSession:
        """Return what speaks as a client session does, as far as this program asks.

        Args:
            timeout: longest request in seconds, where the request itself names none.
            way: how long a request takes there, and an answer back.
        """
        return cast("aiohttp.ClientSession", _Session(self, timeout, way))

    async def exchange(
        self, method: str, url: URL, *, headers: Mapping[str, str], body: bytes
    ) -> web.StreamResponse:
        """Let the application handle a request; return its answer.

        Raises:
            ClientConnectorError: nobody listens there.
            ServerDisconnectedError: it hung up instead of answering.
        """
        base = str(url.origin())
        runner, context = self._served.get(base, (None, None))
        if runner is None or context is None:
            refused = OSError(errno.ECONNREFUSED, "Connect call failed")
            raise aiohttp.ClientConnectorError(_key(url), refused)
        line = _Line()
        task = asyncio.create_task(
            _handle(runner, line, method, url, headers, body), context=context.copy()
        )
        busy = self._handled.setdefault(base, set())
        busy.add(task)
        task.add_done_callback(busy.discard)
        await _ended(task)
        if task.cancelled() or line.hung_up:
            raise aiohttp.ServerDisconnectedError
        return task.result()


async def _ended(task: asyncio.Task[web.StreamResponse]) -> None:
    """Wait until a task has ended, however; it goes on where nobody waits any more."""
    ended = asyncio.get_running_loop().create_future()

    def tell(_: asyncio.Task[web.StreamResponse]) -> None:
        if not ended.done():
            ended.set_result(None)

    task.add_done_callback(tell)
    await ended


@dataclass(slots=True)
class _Line:
    """What a request needs of its connection; ``close`` hangs up."""

    hung_up: bool = False
    ssl_context: None = None
    peername: tuple[str, int] = ("127.0.0.1", 0)
    sockname: tuple[str, int] = ("127.0.0.1", 0)

    @property
    def transport(self) -> Self:
        return self

    def close(self) -> None:
        self.hung_up = True

    def pause_reading(self) -> None:
        """Everything is here already."""

    def resume_reading(self, **_options: object) -> None:
        """Everything is here already."""

    def get_extra_info(self, name: str, default: object = None) -> object:
        return {"peername": self.peername, "sockname": self.sockname}.get(name, default)


async def _handle(
    runner: web.AppRunner,
    line: _Line,
    method: str,
    url: URL,
    headers: Mapping[str, str],
    body: bytes,
) -> web.StreamResponse:
    assert runner.server is not None, "an application is served once it is set up"
    loop = asyncio.get_running_loop()
    named = CIMultiDict(headers)
    named.setdefault("Host", url.authority)
    payload: StreamReader = EMPTY_PAYLOAD
    if body:
        named["Content-Length"] = str(len(body))
        payload = StreamReader(cast("Any", line), _BIG, loop=loop)
        payload.feed_data(body)
        payload.feed_eof()
    path = url.relative()
    message = RawRequestMessage(
        method,
        str(path),
        HttpVersion11,
        CIMultiDictProxy(named),
        (),
        False,  # noqa: FBT003 - aiohttp's own order
        None,
        False,  # noqa: FBT003 - same
        False,  # noqa: FBT003 - same
        path,
    )
    task = asyncio.current_task()
    assert task is not None, "it is one"
    request = runner.server.request_factory(
        message, payload, cast("Any", line), cast("AbstractStreamWriter", None), task
    )
    try:
        return await runner.server.request_handler(request)
    except web.HTTPException as answer:
        return answer


@dataclass(slots=True)
class _Session:
    wires: Wires
    timeout: float
    way: Way

    def post(self, url: str, **options: Any) -> "_Exchange":
        return self.request("POST", url, **options)

    def get(self, url: str, **options: Any) -> "_Exchange":
        return self.request("GET", url, **options)

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Any = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: aiohttp.ClientTimeout | None = None,
        allow_redirects: bool = True,
    ) -> "_Exchange":
        del allow_redirects  # nothing here redirects
        total = timeout.total if timeout is not None and timeout.total else self.timeout
        whole = URL(url).update_query(params) if params else URL(url)
        return _Exchange(self, method, whole, data or b"", headers or {}, total)

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(slots=True)
class _Exchange:
    session: _Session
    method: str
    url: URL
    body: bytes
    headers: Mapping[str, str]
    patience: float

    async def __aenter__(self) -> "_Answer":
        session = self.session
        async with asyncio.timeout(self.patience):
            if there := session.way():
                await asyncio.sleep(there)
            answer = await session.wires.exchange(
                self.method, self.url, headers=self.headers, body=self.body
            )
            if back := session.way():
                await asyncio.sleep(back)
        return _Answer(answer)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None


@dataclass(slots=True)
class _Answer:
    """What the caller reads; ``content`` is itself."""

    response: web.StreamResponse
    status: int = field(init=False)
    headers: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.status, self.headers = self.response.status, self.response.headers

    @property
    def content(self) -> Self:
        return self

    async def read(self) -> bytes:
        body = getattr(self.response, "body", None)
        return bytes(body) if isinstance(body, bytes | bytearray) else b""

    async def text(self) -> str:
        return (await self.read()).decode()

    async def iter_any(self) -> AsyncIterator[bytes]:
        yield await self.read()


def _key(url: URL) -> ConnectionKey:
    port = url.port or 0
    return ConnectionKey(url.host or "", port, False, True, None, None, None, None)  # noqa: FBT003 - aiohttp's own order
