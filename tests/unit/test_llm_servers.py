"""Servers that only resemble OpenAI are read all the same, such as Ollama, vLLM and LiteLLM."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from chatcrew import errors
from chatcrew.clock import SystemClock
from chatcrew.errors import ModelError
from chatcrew.llm import OpenAIModel
from chatcrew.messages import ModelAnswer, ModelRequest, ToolCall, Usage
from chatcrew.testing import stop_serving

SAMPLES = Path(__file__).parents[1] / "samples" / "llm"
SHAPES = {path.stem: json.loads(path.read_text("utf-8")) for path in SAMPLES.glob("*.json")}
KEY = "sk-canary-0123456789abcdef"


class ShapedServer:
    """A server that answers every request with one shape."""

    def __init__(self) -> None:
        self.shape: dict[str, Any] = {}
        self.base_url = ""

    async def chat(self, asked: web.Request) -> web.Response:
        """Answer with the shape."""
        await asked.read()
        key = asked.headers["Authorization"].removeprefix("Bearer ")
        kind, raw = "application/json", json.dumps(self.shape.get("body"))
        if "stream" in self.shape:
            events = [
                one if isinstance(one, str) else json.dumps(one) for one in self.shape["stream"]
            ]
            kind, raw = "text/event-stream", "".join(f"data: {one}\n\n" for one in events)
        elif "raw" in self.shape:
            kind, raw = "text/event-stream", self.shape["raw"]
        return web.Response(
            status=self.shape.get("status", 200), text=raw.replace("{key}", key), content_type=kind
        )


@pytest.fixture
async def server() -> AsyncIterator[ShapedServer]:
    """Give a running server."""
    made = ShapedServer()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", made.chat)
    runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    yield made
    await stop_serving(runner)


async def ask(server: ShapedServer, name: str) -> ModelAnswer | ModelError:
    """Return what is made of a shape; it is streamed where the shape is."""
    server.shape = SHAPES[name]
    model = OpenAIModel(api_key=KEY, base_url=server.base_url, clock=SystemClock())
    streamed = "stream" in server.shape or "raw" in server.shape
    request = ModelRequest(
        "health/acme",
        "m",
        [{"role": "user", "content": "olá"}],
        budget=5.0,
        begun=(lambda: None) if streamed else None,
    )
    try:
        return await model.complete(request)
    except ModelError as error:
        return error
    finally:
        await model.aclose()


def test_the_servers_the_documentation_names_are_there() -> None:
    """Each shape says what is special about it and where that is written."""
    servers = {shape["server"].split()[0].strip(",") for shape in SHAPES.values()}

    assert {"Ollama", "vLLM", "LiteLLM", "llama.cpp"} <= servers
    assert all(shape["differs"] and shape["source"] for shape in SHAPES.values())


@pytest.mark.parametrize("name", sorted(name for name in SHAPES if "answer" in SHAPES[name]))
async def test_an_odd_answer_is_an_answer(server: ShapedServer, name: str) -> None:
    """Words, calls, tokens and reason come out as OpenAI would have said them (S0-15)."""
    expected = SHAPES[name]["answer"]

    answer = await ask(server, name)

    assert isinstance(answer, ModelAnswer)
    assert answer.text == expected.get("text", "")
    assert answer.tool_calls == tuple(ToolCall(*call) for call in expected.get("tool_calls", ()))
    assert answer.usage == Usage(*expected["usage"])
    assert answer.finish_reason == expected.get("finish_reason", "stop")


@pytest.mark.parametrize("name", sorted(name for name in SHAPES if "error" in SHAPES[name]))
async def test_an_odd_fault_has_its_kind(server: ShapedServer, name: str) -> None:
    """So that what helps is done: ask again, ask another, or neither (S3-64)."""
    expected = SHAPES[name]["error"]

    error = await ask(server, name)

    assert type(error) is getattr(errors, expected["type"])
    assert (error.kind, error.retryable) == (expected["kind"], expected["retryable"])
    assert KEY not in f"{error!r} {error.__dict__}"
