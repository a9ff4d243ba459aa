"""Servers that refuse streams, or take no notice of them, are understood and asked plainly."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from chatcrew.clock import SystemClock
from chatcrew.errors import ModelError, ModelUnavailable
from chatcrew.llm import OpenAIModel
from chatcrew.messages import ModelRequest, Usage
from chatcrew.testing import FakeModelServer

PLAIN = {
    "choices": [{"message": {"content": "Olá!"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 9, "completion_tokens": 4},
}


class Caller:
    """Somebody who wants to be told when the answer begins."""

    def __init__(self) -> None:
        self.told = 0

    def begun(self) -> None:
        """Count it."""
        self.told += 1

    def request(self, **fields: Any) -> ModelRequest:
        """Return a request with one user message."""
        messages = [{"role": "user", "content": "olá"}]
        return ModelRequest("health/acme", "m", messages, budget=5.0, begun=self.begun, **fields)


@pytest.fixture
def caller() -> Caller:
    """Give a caller."""
    return Caller()


@pytest.fixture
async def server() -> AsyncIterator[FakeModelServer]:
    """Give a running model server."""
    async with FakeModelServer() as running:
        yield running


@pytest.fixture
async def model(server: FakeModelServer) -> AsyncIterator[OpenAIModel]:
    """Give a client of it, library loaded."""
    client = OpenAIModel(api_key="sk-test", base_url=server.base_url, clock=SystemClock())
    await client.warm()
    yield client
    await client.aclose()


async def test_a_refused_stream_has_its_kind_and_wait(
    server: FakeModelServer, model: OpenAIModel, caller: Caller
) -> None:
    """The body of a refusal is read although a stream was asked for; nothing has begun."""
    server.fail("rate_limit", retry_after="7")

    with pytest.raises(ModelUnavailable) as caught:
        await model.complete(caller.request())

    assert (caught.value.kind, caught.value.retry_after) == ("rate_limit", 7.0)
    assert caller.told == 0


async def test_a_server_that_takes_no_notice_of_the_wish_is_understood(
    server: FakeModelServer, model: OpenAIModel, caller: Caller
) -> None:
    """It answers at once; then the answer has begun."""
    server.answer(PLAIN)

    answer = await model.complete(caller.request())

    assert (answer.text, answer.usage, caller.told) == ("Olá!", Usage(9, 4), 1)


NO_OPTIONS = {"stream": True}
NO_STREAM: dict[str, Any] = {}


@pytest.mark.parametrize(
    ("refusals", "said"),
    [
        ([{"error": {"param": "stream_options", "message": "Unknown parameter."}}], NO_OPTIONS),
        ([{"error": {"message": "stream_options is not supported"}}], NO_OPTIONS),
        (
            [{"detail": [{"type": "extra_forbidden", "loc": ["body", "stream_options"]}]}],
            NO_OPTIONS,
        ),
        (
            [
                {"error": {"param": "stream_options", "code": "unknown_parameter"}},
                {"error": {"message": "Streaming is not available here"}},
            ],
            NO_STREAM,
        ),
        ([{"error": {"param": "stream", "code": "unsupported_value"}}], NO_STREAM),
        ([{"detail": "stream=True is not implemented"}], NO_STREAM),
        (["streaming not implemented"], NO_STREAM),
    ],
)
async def test_a_server_that_refuses_streams_is_asked_plainly_from_then_on(
    server: FakeModelServer,
    model: OpenAIModel,
    caller: Caller,
    refusals: list[Any],
    said: dict[str, Any],
) -> None:
    """Learnt from its own words; the next call asks right away as it wants to be asked."""
    for body in refusals:
        server.answer(json.dumps(body).encode(), status=400)
    server.answer(PLAIN).answer(PLAIN)

    for _ in range(2):
        assert (await model.complete(caller.request())).text == "Olá!"

    last = server.requests[-1].body
    assert {key: last[key] for key in last if key.startswith("stream")} == said
    assert len(server.requests) == len(refusals) + 2
    assert caller.told == 2


@pytest.mark.parametrize(
    ("message", "field", "said"),
    [
        (
            "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
            "max_completion_tokens",
            50,
        ),
        (
            "gpt-5 models don't support temperature=0.2. Only temperature=1 does.",
            "temperature",
            None,
        ),
    ],
)
async def test_a_parameter_that_is_named_in_words_only_is_learnt_too(
    server: FakeModelServer, model: OpenAIModel, caller: Caller, message: str, field: str, said: Any
) -> None:
    """LiteLLM's proxy drops ``param`` and ``code`` of the provider behind it."""
    body = {"error": {"message": message, "type": "None", "param": "None", "code": "400"}}
    server.answer(json.dumps(body).encode(), status=400).answer(PLAIN)

    await model.complete(caller.request(temperature=0.2, max_tokens=50))

    assert server.requests[-1].body.get(field) == said


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"code": "context_length_exceeded", "message": "too long to stream"}},
        {"error": {"param": "temperature", "message": "must be at most 2; the default is 1"}},
        {"error": {"message": "the conversation mentions a river, not a str eam"}},
    ],
)
async def test_other_refusals_teach_nothing(
    server: FakeModelServer, model: OpenAIModel, caller: Caller, body: Any
) -> None:
    """A request that was refused for what it says is not asked again in other words."""
    server.answer(json.dumps(body).encode(), status=400)

    with pytest.raises(ModelError):
        await model.complete(caller.request(temperature=3.0))

    assert len(server.requests) == 1
