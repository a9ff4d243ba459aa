"""An OpenAI-compatible server on loopback that answers, fails and hangs as the test wants."""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from chatcrew.testing._model import last_user_text
from chatcrew.testing._serving import stop_serving

# Error answers in the providers' own shapes: status, type, code, param, message.
# platform.openai.com/docs/guides/error-codes; the last two are vLLM's and Azure's.
FAILURES: Mapping[str, tuple[int, str | None, str | None, str | None, str]] = {
    "rate_limit": (429, "requests", "rate_limit_exceeded", None, "Rate limit reached"),
    "insufficient_quota": (
        429,
        "insufficient_quota",
        "insufficient_quota",
        None,
        "You exceeded your current quota, please check your plan and billing details.",
    ),
    "invalid_api_key": (
        401,
        "invalid_request_error",
        "invalid_api_key",
        None,
        "Incorrect API key provided: {key}. You can find your API key at the dashboard.",
    ),
    "context_length": (
        400,
        "invalid_request_error",
        "context_length_exceeded",
        "messages",
        "This model's maximum context length is 128000 tokens.",
    ),
    "server_error": (500, "server_error", None, None, "The server had an error"),
    "overloaded": (503, "server_error", None, None, "The engine is overloaded"),
    "model_not_found": (
        404,
        "invalid_request_error",
        "model_not_found",
        None,
        "The model does not exist",
    ),
    "unsupported_max_tokens": (
        400,
        "invalid_request_error",
        "unsupported_parameter",
        "max_tokens",
        "Use 'max_completion_tokens' instead.",
    ),
    "unsupported_temperature": (
        400,
        "invalid_request_error",
        "unsupported_value",
        "temperature",
        "Only the default (1) value is supported.",
    ),
    "context_length_vllm": (
        400,
        "BadRequestError",
        None,
        None,
        "This model's maximum context length is 4096 tokens. However, you requested 5000.",
    ),
    "content_filter": (
        400,
        None,
        "content_filter",
        "prompt",
        "The response was filtered due to the prompt triggering content management policy.",
    ),
}


@dataclass(frozen=True, slots=True)
class ModelHttpRequest:
    """What the server received: decoded body and headers (names in lower case)."""

    body: dict[str, Any]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: bool = False
    drop: bool = False


class FakeModelServer:
    """``POST /v1/chat/completions`` and ``GET /v1/models``; an async context manager.

    The first rule that fits answers; then the sequence, each once; then ``default``.

    Attributes:
        requests: what came in, in order.
        latency: seconds before each answer.
        default: text of the answer when nothing else is scripted.
        required_key: answers 401 to any other bearer token; None asks for none.
        running: requests being answered now.
        most_at_once: the highest ``running`` so far.
        busy: set while a request is being answered; a client that leaves ends its request.
        idle: set while none is.
    """

    def __init__(self, *, default: str = "ok", latency: float = 0.0) -> None:
        self.default = default
        self.latency = latency
        self.required_key: str | None = None
        self.requests: list[ModelHttpRequest] = []
        self.running = 0
        self.most_at_once = 0
        self._rules: list[tuple[Callable[[dict[str, Any]], bool], _Reply]] = []
        self._sequence: deque[_Reply] = deque()
        self._closing = asyncio.Event()
        self.busy = asyncio.Event()
        self.idle = asyncio.Event()
        self.idle.set()
        self._runner: web.AppRunner | None = None
        self.base_url = ""

    async def __aenter__(self) -> Self:
        """Listen on a free port of loopback."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_get("/v1/models", self._models)
        self._runner = web.AppRunner(
            app, handle_signals=False, shutdown_timeout=0.1, handler_cancellation=True
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let hanging requests go and stop listening."""
        self._closing.set()
        if self._runner is not None:
            await stop_serving(self._runner)

    def say(self, text: str, *, usage: Mapping[str, Any] | None = None, **choice: Any) -> Self:
        """Answer the next request with ``text``; ``choice`` overrides fields of the choice."""
        self._sequence.append(_completion({"content": text}, usage=usage, **choice))
        return self

    def call_tool(self, name: str, arguments: Mapping[str, Any] | str) -> Self:
        """Answer the next request with one tool call."""
        self._sequence.append(_tool_call(name, arguments))
        return self

    def when(
        self,
        condition: str | Callable[[dict[str, Any]], bool],
        text: str = "",
        *,
        tool: tuple[str, Mapping[str, Any]] | None = None,
    ) -> Self:
        """Answer so whenever ``condition`` holds; a text has to be in the last user message."""
        if isinstance(condition, str):
            wanted = condition

            def contains(body: dict[str, Any]) -> bool:
                return wanted in last_user_text(body.get("messages", []))

            condition = contains
        reply = _tool_call(*tool) if tool is not None else _completion({"content": text})
        self._rules.append((condition, reply))
        return self

    def fail(
        self, what: str, *, retry_after: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Self:
        """Answer the next request with one of ``FAILURES``."""
        extra = dict(headers or {})
        if retry_after is not None:
            extra["Retry-After"] = retry_after
        self._sequence.append(_failure(what, extra))
        return self

    def answer(self, body: bytes | Mapping[str, Any], *, status: int = 200) -> Self:
        """Answer the next request with exactly this."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._sequence.append(_Reply(status, raw))
        return self

    def hang(self) -> Self:
        """Leave the next request without an answer."""
        self._sequence.append(_Reply(hang=True))
        return self

    def drop(self) -> Self:
        """Cut the next request's connection."""
        self._sequence.append(_Reply(drop=True))
        return self

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append(ModelHttpRequest(body, headers))
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        self.busy.set()
        self.idle.clear()
        try:
            return await self._answer(request, body)
        finally:
            self.running -= 1
            if not self.running:
                self.idle.set()
                self.busy.clear()

    async def _answer(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
        wrong_key = self.required_key is not None and sent != self.required_key
        reply = _failure("invalid_api_key", {}) if wrong_key else self._reply(body)
        if self.latency:
            await asyncio.sleep(self.latency)
        if reply.hang:
            await self._closing.wait()
        if (reply.drop or reply.hang) and request.transport is not None:
            request.transport.abort()
        # providers quote the key they refuse
        raw = reply.body.replace(b"{key}", sent.encode())
        return web.Response(
            status=reply.status,
            body=raw,
            headers={"Content-Type": "application/json", **reply.headers},
        )

    def _reply(self, body: dict[str, Any]) -> _Reply:
        for condition, reply in self._rules:
            if condition(body):
                return reply
        if self._sequence:
            return self._sequence.popleft()
        return _completion({"content": self.default})

    async def _models(self, _: web.Request) -> web.Response:
        return web.json_response(
            {"object": "list", "data": [{"id": "fake", "object": "model", "owned_by": "tests"}]}
        )


def _failure(what: str, headers: Mapping[str, str]) -> _Reply:
    status, kind, code, param, message = FAILURES[what]
    body = {"error": {"message": message, "type": kind, "param": param, "code": code}}
    return _Reply(status, json.dumps(body).encode(), headers)


def _completion(
    message: Mapping[str, Any], *, usage: Mapping[str, Any] | None = None, **choice: Any
) -> _Reply:
    body = {
        "id": "chatcmpl-fake",
        "object": "chat.completion",
        "created": 1_770_000_000,
        "model": "fake",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", **message},
                "finish_reason": "stop",
                **choice,
            }
        ],
        "usage": usage
        or {
            "prompt_tokens": 10,
            "completion_tokens": 5,
            "total_tokens": 15,
            "prompt_tokens_details": {"cached_tokens": 4},
        },
    }
    return _Reply(body=json.dumps(body).encode())


def _tool_call(name: str, arguments: Mapping[str, Any] | str) -> _Reply:
    written = arguments if isinstance(arguments, str) else json.dumps(dict(arguments))
    call = {
        "id": "call_fake",
        "type": "function",
        "function": {"name": name, "arguments": written},
    }
    return _completion({"content": None, "tool_calls": [call]}, finish_reason="tool_calls")
