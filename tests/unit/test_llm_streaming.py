"""Streamed answers over the wire: when they begin, how they end, who is told (S4-33, N5)."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from chatcrew.clock import SystemClock
from chatcrew.errors import ModelDeadlineExceeded, ModelError, ModelUnavailable
from chatcrew.llm import OpenAIModel, Retrying
from chatcrew.messages import ModelAnswer, ModelRequest, ToolCall, Usage
from chatcrew.testing import stop_serving

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
PLAIN = {"choices": [{"message": {"content": "Olá!"}, "finish_reason": "stop"}]}
USAGE = {"prompt_tokens": 9, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 3}}


class StreamServer:
    """A model server whose next answers are functions of the request.

    Attributes:
        bodies: what came in.
        left: set when a client went away before its answer had ended.
        connections: over which requests came.
    """

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.connections: set[object] = set()
        self.left = asyncio.Event()
        self.answers: deque[Handler] = deque()
        self.base_url = ""

    async def chat(self, request: web.Request) -> web.StreamResponse:
        """Answer with the next function."""
        self.bodies.append(await request.json())
        self.connections.add(request.transport)
        try:
            return await self.answers.popleft()(request)
        except (asyncio.CancelledError, ConnectionResetError):
            self.left.set()
            raise


@pytest.fixture
async def server() -> AsyncIterator[StreamServer]:
    """Give a running server."""
    made = StreamServer()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", made.chat)
    runner = web.AppRunner(
        app, handle_signals=False, shutdown_timeout=0.1, handler_cancellation=True
    )
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    yield made
    await stop_serving(runner)


@pytest.fixture
async def model(server: StreamServer) -> AsyncIterator[OpenAIModel]:
    """Give a client of it, library loaded."""
    client = OpenAIModel(api_key="sk-test", base_url=server.base_url, clock=SystemClock())
    await client.warm()
    yield client
    await client.aclose()


def request(begun: Callable[[], None] | None, *, budget: float = 5.0) -> ModelRequest:
    """Return a request with one user message."""
    messages = [{"role": "user", "content": "olá"}]
    return ModelRequest("health/acme", "fake", messages, budget=budget, begun=begun)


def ignore() -> None:
    """Do nothing when an answer begins."""


def piece(delta: dict[str, Any], reason: str | None = None) -> bytes:
    """Return one chunk as an event."""
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return event({"model": "fake-1", "choices": [choice], "usage": None})


def event(data: Any) -> bytes:
    """Return one event."""
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def sends(
    *chunks: bytes | asyncio.Event, drop: bool = False, kind: str = "text/event-stream"
) -> Handler:
    """Return who sends ``chunks``, waiting where an event stands among them."""

    async def handler(asked: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": kind})
        await response.prepare(asked)
        for chunk in chunks:
            if isinstance(chunk, bytes):
                await response.write(chunk)
            else:
                await chunk.wait()
        if drop and asked.transport is not None:
            asked.transport.abort()
        return response

    return handler


HELLO = (piece({"role": "assistant", "content": ""}), piece({"content": "Olá"}))
END = (piece({}, "stop"), event({"choices": [], "usage": USAGE}), b"data: [DONE]\n\n")


async def test_the_caller_is_told_at_the_first_word(
    server: StreamServer, model: OpenAIModel
) -> None:
    """The server goes on only after ``begun`` was called: later would be never."""
    go_on = asyncio.Event()
    server.answers.append(sends(*HELLO, go_on, piece({"content": "!"}), *END))

    answer = await model.complete(request(go_on.set))

    assert answer == ModelAnswer("Olá!", usage=Usage(9, 4, 3), model="fake-1")
    assert server.bodies[0]["stream"] is True
    assert server.bodies[0]["stream_options"] == {"include_usage": True}


async def test_the_caller_is_told_at_the_first_tool_call(
    server: StreamServer, model: OpenAIModel
) -> None:
    """A role that looks something up has begun too; fragments of arguments are put together."""
    go_on = asyncio.Event()
    head = {"index": 0, "id": "c1", "function": {"name": "search", "arguments": ""}}
    other = {"index": 1, "id": "c2", "function": {"name": "slots", "arguments": "{}"}}
    server.answers.append(
        sends(
            piece({"role": "assistant", "content": None, "tool_calls": [head]}),
            go_on,
            piece({"tool_calls": [{"index": 0, "function": {"arguments": '{"q": "va'}}]}),
            piece({"tool_calls": [{"index": 0, "function": {"arguments": 'rizes"}'}}, other]}),
            piece({}, "tool_calls"),
            b"data: [DONE]\n\n",
        )
    )

    answer = await model.complete(request(go_on.set))

    assert answer.tool_calls == (
        ToolCall("c1", "search", '{"q": "varizes"}'),
        ToolCall("c2", "slots", "{}"),
    )
    assert (answer.text, answer.finish_reason) == ("", "tool_calls")


async def test_who_does_not_ask_to_be_told_is_answered_at_once(
    server: StreamServer, model: OpenAIModel
) -> None:
    """A stream costs a parse per word; nobody pays who does not need it."""
    server.answers.append(sends(json.dumps(PLAIN).encode(), kind="application/json"))

    await model.complete(request(None))

    assert "stream" not in server.bodies[0]
    assert "stream_options" not in server.bodies[0]


async def test_streams_share_a_connection(server: StreamServer, model: OpenAIModel) -> None:
    """A stream is read to its end, so that the next call needs no new connection."""
    for _ in range(3):
        server.answers.append(sends(*HELLO, *END))
        await model.complete(request(ignore))

    assert len(server.connections) == 1


async def test_cancelling_a_stream_ends_it_at_the_server(
    server: StreamServer, model: OpenAIModel
) -> None:
    """The loser of a hedge stops costing in the middle of a word (N5)."""
    begun, never = asyncio.Event(), asyncio.Event()
    server.answers.append(sends(*HELLO, never))
    call = asyncio.create_task(model.complete(request(begun.set)))
    await begun.wait()

    call.cancel()

    with pytest.raises(asyncio.CancelledError):
        await call
    async with asyncio.timeout(2):
        await server.left.wait()


async def test_the_budget_ends_a_stream_that_hangs(
    server: StreamServer, model: OpenAIModel
) -> None:
    """Also after the first word, and the connection is closed."""
    server.answers.append(sends(*HELLO, asyncio.Event()))

    with pytest.raises(ModelDeadlineExceeded):
        await model.complete(request(ignore, budget=0.3))

    async with asyncio.timeout(2):
        await server.left.wait()


@pytest.mark.parametrize(
    "handler",
    [
        sends(*HELLO),
        sends(*HELLO, drop=True),
        sends(*HELLO, b'data: {"choices": [{"del'),
        sends(b""),
        sends(b"data: [DONE]\n\n"),
        sends(b"<html>gateway</html>", kind="text/html"),
    ],
    ids=["ends", "dropped", "in a chunk", "empty", "no choice", "html"],
)
async def test_half_an_answer_is_none(
    server: StreamServer, model: OpenAIModel, handler: Handler
) -> None:
    """What breaks off is not passed on as the model's words; it may be tried again."""
    server.answers.append(handler)

    with pytest.raises(ModelUnavailable) as caught:
        await model.complete(request(ignore))

    assert (caught.value.kind, caught.value.retryable) == ("unavailable", True)
    assert caught.value.__context__ is None


async def test_a_stream_without_its_last_word_is_whole_where_the_model_had_finished(
    server: StreamServer, model: OpenAIModel
) -> None:
    """Some servers never send ``[DONE]``; the finish reason says as much."""
    server.answers.append(sends(*HELLO, piece({}, "stop")))

    assert (await model.complete(request(ignore))).text == "Olá"


@pytest.mark.parametrize(
    ("fault", "kind", "retryable"),
    [
        ({"type": "server_error", "message": "olá sk-test"}, "unavailable", True),
        ({"code": 429, "message": "olá sk-test"}, "rate_limit", True),
        ({"code": "content_filter", "message": "olá sk-test"}, "content_filter", False),
        ("olá sk-test", "other", False),
    ],
)
async def test_a_fault_in_the_middle_of_a_stream_has_its_kind(
    server: StreamServer, model: OpenAIModel, fault: Any, kind: str, retryable: bool
) -> None:
    """Under status 200 too, and nothing the provider wrote is repeated."""
    server.answers.append(sends(*HELLO, event({"error": fault})))

    with pytest.raises(ModelError) as caught:
        await model.complete(request(ignore))

    assert (caught.value.kind, caught.value.retryable) == (kind, retryable)
    assert "sk-test" not in f"{caught.value!r} {caught.value.__dict__}"
    assert "olá" not in f"{caught.value!r}"


async def test_a_stream_that_breaks_is_tried_again_and_begins_once(
    server: StreamServer, model: OpenAIModel
) -> None:
    """The caller is told once, however often the provider begins."""
    told: list[int] = []
    server.answers.extend([sends(*HELLO, drop=True), sends(*HELLO, *END)])
    retrying = Retrying(model, clock=SystemClock(), first_wait=0.001)

    answer = await retrying.complete(request(lambda: told.append(1)))

    assert (answer.text, told) == ("Olá", [1])
    assert len(server.bodies) == 2
