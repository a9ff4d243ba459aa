"""Any OpenAI-compatible endpoint, through OpenAI's own library over aiohttp."""

import asyncio
import importlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from chatcrew.clock import Clock
from chatcrew.errors import ConfigError, ModelDeadlineExceeded, ModelError, ModelUnavailable
from chatcrew.llm import _openai_audio
from chatcrew.llm._connected import was_dropped, was_never_connected
from chatcrew.llm._dialect import Dialect
from chatcrew.llm._faults import Fault, from_fault
from chatcrew.llm._stream import read_stream
from chatcrew.llm._wire import read_answer, write_request
from chatcrew.messages import ModelAnswer, ModelRequest, SpeechRequest, Transcript

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_CONNECT_SECONDS = 5.0
_LARGE = 512 * 1024
_PIECE = 128 * 1024
# A server that wants no key gets none; the library insists on having one to leave out.
_NO_KEY = "none"


class OpenAIModel:
    """A ``Model`` behind ``POST {base_url}/chat/completions``. It never retries.

    Clients belong to the event loop that first used them; close in that loop.

    Args:
        api_key: sent as bearer token; None sends none.
        base_url: such as ``http://127.0.0.1:11434/v1``; None is OpenAI's own.
        clock: measures budgets.
        cap: most seconds one call may take, whatever its budget.
        connections: most connections at once.

    Raises:
        ConfigError: the key cannot be sent, or the address is none.
    """

    def __init__(
        self,
        *,
        api_key: str | None,
        base_url: str | None,
        clock: Clock,
        cap: float = 60.0,
        connections: int = 128,
    ) -> None:
        self._api_key = _checked_key(api_key)
        self._base_url = _checked_url(base_url)
        self._clock = clock
        self._cap = cap
        self._connections = connections
        self._dialects: dict[str, Dialect] = {}
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncOpenAI] = (
            WeakKeyDictionary()
        )

    def __repr__(self) -> str:
        # neither key nor address whole: an address may carry a password
        host = urlsplit(self._base_url).hostname if self._base_url else "api.openai.com"
        return f"<OpenAIModel at {host}>"

    async def warm(self) -> None:
        """Import the library (1.3 s, in a thread) and make the client, before anyone waits."""
        await self._client()

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Ask once, at most ``request.budget`` and ``cap`` seconds.

        A request with ``begun`` is streamed where the server can; cancelling it closes the
        connection, so that the provider stops writing what nobody will read.

        Raises:
            ModelError: no answer; neither message nor context holds the key.
        """
        until = self._clock.monotonic() + request.budget
        dialect = self._dialects.get(request.model, Dialect())
        while True:
            outcome = await self._once(request, dialect, until - self._clock.monotonic())
            if isinstance(outcome, ModelAnswer):
                return outcome
            streamed = _streamed(request, dialect)
            learnt = (
                dialect.learn(outcome, streamed=streamed) if isinstance(outcome, Fault) else None
            )
            if learnt is not None:
                dialect = self._dialects[request.model] = learnt
                continue
            # raised here, outside of any except block: OpenAI's exceptions hold the request with
            # its Authorization header, and would travel along as __context__
            raise from_fault(outcome) if isinstance(outcome, Fault) else outcome

    async def transcribe(self, request: SpeechRequest) -> Transcript:
        """Have a recording written down, at most ``request.budget`` and ``cap`` seconds.

        Raises:
            ModelError: no transcript; neither message nor context holds the key.
        """
        outcome = await self._hear(request)
        if isinstance(outcome, Transcript):
            return outcome
        raise from_fault(outcome) if isinstance(outcome, Fault) else outcome

    async def _hear(self, request: SpeechRequest) -> Transcript | Fault | ModelError:
        limit = min(request.budget, self._cap)
        if limit <= 0:
            return no_time("no time is left to listen")
        client = await self._client()
        openai, httpx = libraries()
        try:
            async with asyncio.timeout(limit):
                response = await client.post(
                    _openai_audio.PATH,
                    cast_to=httpx.Response,
                    body=_openai_audio.fields(request),
                    files=[("file", _openai_audio.file(request))],
                    options=self._options(limit, content_type="multipart/form-data"),
                )
            return _openai_audio.read_transcript(response.content, request)
        except (openai.OpenAIError, httpx.HTTPError, ModelError, OSError) as error:
            return self._read(error, budget=request.budget)

    def _options(self, limit: float, *, content_type: str) -> Any:
        openai, httpx = libraries()
        headers: dict[str, Any] = {"Content-Type": content_type}
        if self._api_key is None:
            headers["Authorization"] = openai.Omit()
        timeout = httpx.Timeout(limit, connect=min(limit, _CONNECT_SECONDS))
        return {"headers": headers, "timeout": timeout}

    async def aclose(self) -> None:
        """Close the client of the running loop."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.close()

    async def _once(
        self, request: ModelRequest, dialect: Dialect, budget: float
    ) -> ModelAnswer | Fault | ModelError:
        limit = min(budget, self._cap)
        if limit <= 0:
            return no_time("no time is left to ask the model")
        client = await self._client()
        openai, httpx = libraries()
        streamed = _streamed(request, dialect)
        body = write_request(request, dialect=dialect)
        options = self._options(limit, content_type="application/json")
        options["headers"]["Content-Length"] = str(len(body))
        try:
            async with asyncio.timeout(limit):
                response = await client.post(
                    "/chat/completions",
                    cast_to=httpx.Response,
                    stream=streamed,
                    content=body if len(body) < _LARGE else _in_pieces(body),
                    options=options,
                )
                if streamed:
                    return await _read_stream(response, request)
            return _told(read_answer(response.content), request)
        except (openai.OpenAIError, httpx.HTTPError, ModelError, OSError) as error:
            return self._read(error, budget=budget)

    def _read(self, error: Exception, *, budget: float) -> Fault | ModelError:
        """Say what ``error`` means, keeping nothing of it."""
        openai, httpx = libraries()
        if isinstance(error, ModelError):
            return error
        if isinstance(error, openai.APIStatusError):
            return Fault.read(
                error.status_code,
                error.body,
                headers=error.response.headers,
                now=self._clock.now(),
            )
        late = TimeoutError | openai.APITimeoutError | httpx.TimeoutException
        sent = not was_never_connected(error)
        if isinstance(error, late) and not was_dropped(error):
            return self._too_late(budget, sent=sent)
        # the name of a class says enough for the log; its text may hold the address
        return ModelUnavailable(
            f"the provider cannot be reached ({type(error.__cause__ or error).__name__})",
            kind="unavailable",
            retryable=True,
            maybe_done=sent,
        )

    def _too_late(self, budget: float, *, sent: bool) -> ModelError:
        if budget <= self._cap:
            return ModelDeadlineExceeded(
                f"no answer within the {budget:.1f} s that were left",
                kind="timeout",
                maybe_done=sent,
            )
        return ModelUnavailable(
            f"no answer within {self._cap:.1f} s", kind="timeout", retryable=True, maybe_done=sent
        )

    async def _client(self) -> "AsyncOpenAI":
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            openai, httpx = await asyncio.to_thread(libraries)
            # made by the first of several who waited for the import
            client = self._clients.get(loop)
        if client is None:
            client = self._clients[loop] = openai.AsyncOpenAI(
                api_key=self._api_key or _NO_KEY,
                base_url=self._base_url,
                max_retries=0,
                http_client=openai.DefaultAioHttpClient(
                    limits=httpx.Limits(max_connections=self._connections, keepalive_expiry=30.0),
                ),
            )
        return client


async def _in_pieces(body: bytes) -> AsyncIterator[bytes]:
    """Yield a body with pictures bit by bit: sent as one it would hold up every other turn."""
    for place in range(0, len(body), _PIECE):
        yield body[place : place + _PIECE]


def _streamed(request: ModelRequest, dialect: Dialect) -> bool:
    return request.begun is not None and dialect.stream


def _told(answer: ModelAnswer, request: ModelRequest) -> ModelAnswer:
    """Return ``answer``; one that came at once has begun now."""
    if request.begun is not None:
        request.begun()
    return answer


async def _read_stream(response: Any, request: ModelRequest) -> ModelAnswer:
    """Read a stream, or what a server sent that took no notice of the wish for one."""
    try:
        if "json" in response.headers.get("content-type", ""):
            return _told(read_answer(await response.aread()), request)
        return await read_stream(response.aiter_bytes(), begun=request.begun)
    finally:
        await response.aclose()


def no_time(what: str) -> ModelError:
    """Return the error of a call that was not sent, for its time is over."""
    return ModelDeadlineExceeded(what, kind="timeout", maybe_done=False)


def libraries() -> tuple[Any, Any]:
    """Return the modules openai and httpx, imported at the first call."""
    return importlib.import_module("openai"), importlib.import_module("httpx")


def _checked_key(key: str | None) -> str | None:
    """Return ``key`` without the line feed that files end with."""
    key = (key or "").strip()
    if key and not (key.isascii() and key.isprintable()):
        # the HTTP library would raise an error that shows the whole header
        raise ConfigError("the key holds characters that no key has", path="OPENAI_API_KEY")
    return key or None


def _checked_url(url: str | None) -> str | None:
    url = (url or "").strip()
    if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname):
        raise ConfigError(
            "not an http or https address",
            path="OPENAI_BASE_URL",
            hint="for example https://api.openai.com/v1",
        )
    return url or None
