"""An OpenAI-compatible server on loopback that answers, streams, fails and hangs as wanted."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from aiohttp import web

from chatcrew.testing._models import stream
from chatcrew.testing._models.ears import Ears
from chatcrew.testing._models.pace import Fate, Fates, ModelPace, ModelTally
from chatcrew.testing._models.replies import Reply, completion, failure, search_call, tool_call
from chatcrew.testing._models.scripted import last_user_text
from chatcrew.testing._models.vectors import FakeVectors, models
from chatcrew.testing._serving import stop_serving

_FIRST_WORD = ModelPace().first_word


@dataclass(frozen=True, slots=True)
class ModelHttpRequest:
    """What the server received: decoded body and headers (names in lower case)."""

    body: dict[str, Any]
    headers: Mapping[str, str]


class FakeModelServer:
    """``POST /v1/chat/completions``, ``/v1/audio/transcriptions``, ``GET /v1/models``; a context.

    The first rule that fits answers; then the sequence, each once; then ``default``, as its
    model's pace has it. A request with ``stream: true`` gets its answer in OpenAI's pieces.

    Where it runs in a process of its own, ``GET /tally`` says what became of the requests and
    ``PUT /pace/{model}`` changes a pace.

    Args:
        default: text of the answer when nothing else is scripted, or what makes it of a request (a
            text, or a ``Reply`` such as a tool call).
        latency: seconds before each answer; streamed, the first word comes after its usual share.
        seed: of what paces draw.
        port: where to listen on loopback; 0 takes a free one.

    Attributes:
        requests: what came in, in order.
        ears: the speech side: what it was sent, and what it says of it.
        tally: what became of them, by model.
        latency: may be changed at any time, as ``default``.
        required_key: answers 401 to any other bearer token; None asks for none.
        running: requests being answered now.
        most_at_once: the highest ``running`` so far.
        busy: set while a request is being answered; a client that leaves ends its request.
        idle: set while none is.
    """

    def __init__(
        self,
        *,
        default: str | Callable[[dict[str, Any]], str | Reply] = "ok",
        latency: float = 0.0,
        seed: int = 0,
        port: int = 0,
    ) -> None:
        self.default = default
        self.latency = latency
        self.required_key: str | None = None
        self.requests: list[ModelHttpRequest] = []
        self.ears = Ears()
        self.tally: defaultdict[str, ModelTally] = defaultdict(ModelTally)
        self.vectors = FakeVectors()
        self.running = 0
        self.most_at_once = 0
        self._seed = seed
        self._port = port
        self._fates: dict[str, Fates] = {}
        self._rules: list[tuple[Callable[[dict[str, Any]], bool], Reply]] = []
        self._sequence: deque[Reply] = deque()
        self._closing = asyncio.Event()
        self.busy = asyncio.Event()
        self.idle = asyncio.Event()
        self.idle.set()
        self._runner: web.AppRunner | None = None
        self.base_url = ""

    async def __aenter__(self) -> Self:
        """Listen on loopback."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_post("/v1/audio/transcriptions", self.ears.answer)
        app.router.add_get("/v1/models", models)
        app.router.add_post("/v1/embeddings", self.vectors.answer)
        app.router.add_get("/tally", self._tell)
        app.router.add_put("/pace/{model}", self._change)
        self._runner = web.AppRunner(
            app,
            handle_signals=False,
            access_log=None,
            shutdown_timeout=0.1,
            handler_cancellation=True,
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let hanging requests go and stop listening."""
        self._closing.set()
        if self._runner is not None:
            await stop_serving(self._runner)

    def pace(self, model: str, pace: ModelPace) -> Self:
        """Let ``model`` take its time from now on; what it drew before is not drawn again.

        ``*`` stands for every model without a pace of its own.
        """
        if model in self._fates:
            self._fates[model].pace = pace
        else:
            self._fates[model] = Fates(pace, seed=f"{self._seed}:{model}")
        return self

    def say(self, text: str, *, usage: Mapping[str, Any] | None = None, **choice: Any) -> Self:
        """Answer the next request with ``text``; ``choice`` overrides fields of the choice."""
        self._sequence.append(completion({"content": text}, usage=usage, **choice))
        return self

    def call_tool(self, name: str, arguments: Mapping[str, Any] | str) -> Self:
        """Answer the next request with one tool call."""
        self._sequence.append(tool_call(name, arguments))
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
        reply = tool_call(*tool) if tool is not None else completion({"content": text})
        self._rules.append((condition, reply))
        return self

    def fail(
        self, what: str, *, retry_after: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Self:
        """Answer the next request with one of ``FAILURES``."""
        extra = dict(headers or {})
        if retry_after is not None:
            extra["Retry-After"] = retry_after
        self._sequence.append(failure(what, extra))
        return self

    def answer(self, body: bytes | Mapping[str, Any], *, status: int = 200) -> Self:
        """Answer the next request with exactly this, also one that asks for a stream."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._sequence.append(Reply(status, raw, whole=True))
        return self

    def hang(self, *, text: str = "", after: int = 0) -> Self:
        """Leave the next request without an answer, or a stream of ``text`` after some pieces."""
        self._sequence.append(completion({"content": text}, hang=True, after=after))
        return self

    def drop(self, *, text: str = "", after: int = 0) -> Self:
        """Cut the next request's connection, or that of a stream of ``text`` after some pieces."""
        self._sequence.append(completion({"content": text}, drop=True, after=after))
        return self

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append(ModelHttpRequest(body, headers))
        tally = self.tally[str(body.get("model"))]
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        self.busy.set()
        self.idle.clear()
        try:
            return await self._answer(request, body, tally)
        except (asyncio.CancelledError, ConnectionError):
            tally.left += 1
            raise
        finally:
            self.running -= 1
            if not self.running:
                self.idle.set()
                self.busy.clear()

    async def _answer(
        self, request: web.Request, body: dict[str, Any], tally: ModelTally
    ) -> web.StreamResponse:
        sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
        wrong_key = self.required_key is not None and sent != self.required_key
        fate = Fate("answer", self.latency, self.latency * _FIRST_WORD)
        reply = failure("invalid_api_key", {}) if wrong_key else self._scripted(body)
        if reply is None:
            reply, fate = self._unscripted(body, fate)
        if stream.wanted(body) and reply.streams:
            return await self._stream(request, body, reply, fate, tally)
        await asyncio.sleep(fate.seconds)
        if reply.hang or reply.drop:
            return await self._break_off(request, web.Response(), reply, tally)
        # providers quote the key they refuse
        raw = reply.body.replace(b"{key}", sent.encode())
        if reply.status < 400:
            tally.answered += 1
        else:
            tally.failed += 1
        return web.Response(
            status=reply.status,
            body=raw,
            headers={"Content-Type": "application/json", **reply.headers},
        )

    async def _stream(
        self,
        request: web.Request,
        body: dict[str, Any],
        reply: Reply,
        fate: Fate,
        tally: ModelTally,
    ) -> web.StreamResponse:
        """Send the pieces, the first when the first word is due, the others evenly after it."""
        usage = (body.get("stream_options") or {}).get("include_usage") is True
        pieces = stream.pieces(json.loads(reply.body), usage=usage)
        if reply.hang or reply.drop:
            pieces = pieces[: reply.after]
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
        loop = asyncio.get_running_loop()
        begun = loop.time()
        step = (fate.seconds - fate.first_word) / max(1, len(pieces) - 1)
        for number, piece in enumerate(pieces):
            await asyncio.sleep(begun + fate.first_word + number * step - loop.time())
            if not number:
                await answer.prepare(request)
            await answer.write(piece)
        if reply.hang or reply.drop:
            return await self._break_off(request, answer, reply, tally)
        await answer.write(stream.END)
        await answer.write_eof()
        tally.answered += 1
        return answer

    async def _break_off(
        self,
        request: web.Request,
        answer: web.StreamResponse,
        reply: Reply,
        tally: ModelTally,
    ) -> web.StreamResponse:
        """Send nothing more: wait until the client leaves or the server ends, or cut at once."""
        if reply.hang:
            tally.hung += 1
            await self._closing.wait()
        else:
            tally.failed += 1
        if request.transport is not None:
            request.transport.abort()
        return answer

    def _scripted(self, body: dict[str, Any]) -> Reply | None:
        for condition, reply in self._rules:
            if condition(body):
                return reply
        return self._sequence.popleft() if self._sequence else None

    def _unscripted(self, body: dict[str, Any], fate: Fate) -> tuple[Reply, Fate]:
        """Return the default answer, or what the model's pace makes of it, and when it comes."""
        fates = self._fates.get(str(body.get("model"))) or self._fates.get("*")
        if fates is not None:
            fate = fates.draw()
        if fate.end == "error":
            return failure("server_error", {}), fate
        if fate.end == "hang":
            return completion({"content": ""}, hang=True), fate
        if fate.tool and (search := search_call(body)) is not None:
            return search, fate
        said = self.default if isinstance(self.default, str) else self.default(body)
        return said if isinstance(said, Reply) else completion({"content": said}), fate

    async def _tell(self, _: web.Request) -> web.Response:
        return web.json_response({model: asdict(tally) for model, tally in self.tally.items()})

    async def _change(self, request: web.Request) -> web.Response:
        self.pace(request.match_info["model"], ModelPace(**await request.json()))
        return web.Response(status=204)
