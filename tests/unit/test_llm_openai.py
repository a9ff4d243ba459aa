"""The gateway's client against a server that answers, fails, hangs and drops."""

import asyncio
import subprocess
import sys
import traceback
from collections.abc import AsyncIterator

import pytest

from chatcrew.clock import SystemClock
from chatcrew.errors import (
    ConfigError,
    ModelDeadlineExceeded,
    ModelError,
    ModelRefused,
    ModelUnavailable,
)
from chatcrew.llm import OpenAIModel
from chatcrew.messages import ModelRequest, ToolCall, ToolSpec, Usage
from chatcrew.testing import FakeModelServer

KEY = "sk-proj-Zx81kQ0secretsecret99"


def request(text: str = "olá", *, budget: float = 5.0, **fields: object) -> ModelRequest:
    """Return a request with one user message."""
    messages = [{"role": "user", "content": text}]
    return ModelRequest("health/acme", "fake", messages, budget=budget, **fields)  # type: ignore[arg-type]  # test values


@pytest.fixture
async def server() -> AsyncIterator[FakeModelServer]:
    """Give a running model server."""
    async with FakeModelServer() as running:
        yield running


@pytest.fixture
async def model(server: FakeModelServer) -> AsyncIterator[OpenAIModel]:
    """Give a client of it, library loaded."""
    client = OpenAIModel(api_key=KEY, base_url=server.base_url, clock=SystemClock())
    await client.warm()
    yield client
    await client.aclose()


async def failure(model: OpenAIModel, asked: ModelRequest) -> ModelError:
    """Return the error that ``asked`` ends in."""
    with pytest.raises(ModelError) as caught:
        await model.complete(asked)
    return caught.value


async def test_text_and_usage_come_back(server: FakeModelServer, model: OpenAIModel) -> None:
    """An answer carries its words, tokens with cached ones, model and reason."""
    server.say("Olá! Como posso ajudar?")

    answer = await model.complete(request())

    assert answer.text == "Olá! Como posso ajudar?"
    assert answer.usage == Usage(prompt_tokens=10, completion_tokens=5, cached_tokens=4)
    assert (answer.model, answer.finish_reason, answer.cached) == ("fake", "stop", False)


async def test_the_request_is_sent_as_openai_wants_it(
    server: FakeModelServer, model: OpenAIModel
) -> None:
    """Model, messages, tools, parameters and key reach the server; nothing else does."""
    schema = {"type": "object", "properties": {"q": {"type": "string"}}}
    tool = ToolSpec("search_knowledge", "Search.", schema)
    await model.complete(
        request(
            tools=(tool,),
            temperature=0.2,
            max_tokens=300,
            response_format={"type": "json_object"},
        )
    )

    (sent,) = server.requests

    assert sent.body == {
        "model": "fake",
        "messages": [{"role": "user", "content": "olá"}],
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": "search_knowledge",
                    "description": "Search.",
                    "parameters": schema,
                },
            }
        ],
        "temperature": 0.2,
        "max_tokens": 300,
        "response_format": {"type": "json_object"},
    }
    assert sent.headers["authorization"] == f"Bearer {KEY}"


async def test_a_tool_call_comes_back(server: FakeModelServer, model: OpenAIModel) -> None:
    """The model's wish to call a tool is passed on as it wrote it."""
    server.call_tool("search_knowledge", {"q": "varizes"})

    answer = await model.complete(request())

    assert answer.tool_calls == (ToolCall("call_fake", "search_knowledge", '{"q": "varizes"}'),)
    assert (answer.text, answer.finish_reason) == ("", "tool_calls")


@pytest.mark.parametrize(
    ("what", "kind", "error", "retryable"),
    [
        ("rate_limit", "rate_limit", ModelUnavailable, True),
        ("insufficient_quota", "insufficient_quota", ModelRefused, False),
        ("invalid_api_key", "invalid_api_key", ModelRefused, False),
        ("context_length", "context_length", ModelRefused, False),
        ("context_length_vllm", "context_length", ModelRefused, False),
        ("content_filter", "content_filter", ModelRefused, False),
        ("server_error", "unavailable", ModelUnavailable, True),
        ("overloaded", "unavailable", ModelUnavailable, True),
        ("model_not_found", "other", ModelRefused, False),
    ],
)
async def test_every_refusal_has_its_kind(
    server: FakeModelServer,
    model: OpenAIModel,
    what: str,
    kind: str,
    error: type[ModelError],
    retryable: bool,
) -> None:
    """Each provider error is one kind of the taxonomy, asked once, retryable where that helps."""
    server.fail(what)

    caught = await failure(model, request())

    assert type(caught) is error
    assert (caught.kind, caught.retryable) == (kind, retryable)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After-Ms": "1500", "Retry-After": "9"}, 1.5),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "nan"}, None),
        ({}, None),
    ],
)
async def test_retry_after_is_read_in_all_its_forms(
    server: FakeModelServer,
    model: OpenAIModel,
    headers: dict[str, str],
    seconds: float | None,
) -> None:
    """Seconds, milliseconds, a date, and nonsense (RFC 9110 §10.2.3)."""
    server.fail("rate_limit", headers=headers)

    assert (await failure(model, request())).retry_after == seconds


async def test_the_key_is_nowhere_in_an_error(server: FakeModelServer, model: OpenAIModel) -> None:
    """The provider quotes the key; neither message, repr, context nor traceback has it."""
    server.required_key = "another"

    caught = await failure(model, request("my secret wish"))
    text = "".join(traceback.TracebackException.from_exception(caught).format())
    everything = f"{caught} {caught!r} {caught.args} {caught.__dict__} {text} {model!r}"

    assert caught.kind == "invalid_api_key"
    assert KEY not in everything
    assert "secret wish" not in everything
    assert caught.__context__ is None
    assert caught.__cause__ is None


async def test_locals_of_the_traceback_do_not_show_the_key(
    server: FakeModelServer, model: OpenAIModel
) -> None:
    """A log that prints local variables does not print the key either."""
    server.fail("server_error")

    caught = await failure(model, request())
    shown = traceback.TracebackException.from_exception(caught, capture_locals=True)

    assert KEY not in "".join(shown.format())


async def test_the_budget_ends_a_hanging_call(server: FakeModelServer, model: OpenAIModel) -> None:
    """A server that never answers costs the budget and not more; nothing to retry."""
    server.hang()
    loop = asyncio.get_running_loop()
    began = loop.time()

    caught = await failure(model, request(budget=0.2))

    assert isinstance(caught, ModelDeadlineExceeded)
    assert (caught.kind, caught.retryable, caught.maybe_done) == ("timeout", False, True)
    assert loop.time() - began < 1.5


async def test_the_cap_ends_a_call_that_has_more_budget(server: FakeModelServer) -> None:
    """With time left after the cap the call may be tried again."""
    server.hang()
    model = OpenAIModel(api_key=KEY, base_url=server.base_url, clock=SystemClock(), cap=0.2)

    caught = await failure(model, request(budget=30))
    await model.aclose()

    assert isinstance(caught, ModelUnavailable)
    assert (caught.kind, caught.retryable) == ("timeout", True)


async def test_no_budget_asks_nobody(server: FakeModelServer, model: OpenAIModel) -> None:
    """A turn without time left does not reach the provider."""
    caught = await failure(model, request(budget=0))

    assert isinstance(caught, ModelDeadlineExceeded)
    assert not caught.maybe_done
    assert server.requests == []


async def test_a_cut_connection_is_unavailable(server: FakeModelServer, model: OpenAIModel) -> None:
    """A dropped connection is told from a slow one, may be retried, and may be billed (S3-89)."""
    server.drop()

    caught = await failure(model, request())

    assert (caught.kind, caught.retryable, caught.maybe_done) == ("unavailable", True, True)


async def test_a_closed_port_is_unavailable(unused_tcp_port: int) -> None:
    """Nobody listens: unavailable, at once, and nothing was sent that could be billed."""
    url = f"http://127.0.0.1:{unused_tcp_port}/v1"
    model = OpenAIModel(api_key=None, base_url=url, clock=SystemClock())

    caught = await failure(model, request())
    await model.aclose()

    assert (caught.kind, caught.retryable, caught.maybe_done) == ("unavailable", True, False)
    assert str(unused_tcp_port) not in str(caught)


async def test_no_key_sends_no_key(
    server: FakeModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A local server without authentication gets no header, not even one of the environment's."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    model = OpenAIModel(api_key=None, base_url=server.base_url, clock=SystemClock())

    await model.complete(request())
    await model.aclose()

    assert "authorization" not in server.requests[0].headers


@pytest.mark.parametrize("tail", ["", "/"])
async def test_a_trailing_slash_does_not_matter(server: FakeModelServer, tail: str) -> None:
    """The base URL may end with a slash or not; a key file may end with a line feed."""
    model = OpenAIModel(api_key=f"{KEY}\n", base_url=server.base_url + tail, clock=SystemClock())

    answer = await model.complete(request())
    await model.aclose()

    assert answer.text == "ok"
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("key", "url"),
    [("sk-ç", None), ("sk\n-1", None), (KEY, "localhost:11434/v1"), (KEY, "ftp://127.0.0.1/v1")],
)
def test_what_cannot_work_is_refused_at_start(key: str, url: str | None) -> None:
    """A key or address that could never be sent is the admin's fault, told without the key."""
    with pytest.raises(ConfigError) as caught:
        OpenAIModel(api_key=key, base_url=url, clock=SystemClock())

    assert key not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [b"<html>gateway</html>", b"", b"[]", b"null", b'{"choices": []}', b'{"choices": [null]}'],
)
async def test_an_answer_that_is_none_may_be_retried(
    server: FakeModelServer, model: OpenAIModel, body: bytes
) -> None:
    """A proxy's page under status 200 is not passed on as the model's words."""
    server.answer(body)

    caught = await failure(model, request())

    assert (caught.kind, caught.retryable, caught.maybe_done) == ("unavailable", True, True)


async def test_a_model_that_wants_other_words_gets_them(
    server: FakeModelServer, model: OpenAIModel
) -> None:
    """A model that refuses max_tokens and temperature is asked without them, from then on."""
    server.fail("unsupported_max_tokens").fail("unsupported_temperature").say("one").say("two")

    first = await model.complete(request(temperature=0.2, max_tokens=50))
    second = await model.complete(request(temperature=0.2, max_tokens=50))

    assert (first.text, second.text) == ("one", "two")
    assert len(server.requests) == 4
    assert server.requests[3].body["max_completion_tokens"] == 50
    assert "temperature" not in server.requests[3].body
    assert "max_tokens" not in server.requests[3].body


async def test_a_refusal_that_repeats_ends(server: FakeModelServer, model: OpenAIModel) -> None:
    """A server that keeps refusing the same parameter is not asked for ever."""
    for _ in range(3):
        server.fail("unsupported_max_tokens")

    caught = await failure(model, request(max_tokens=50))

    assert caught.kind == "other"
    assert len(server.requests) == 2


async def test_lone_surrogates_are_sent_as_something_readable(
    server: FakeModelServer, model: OpenAIModel
) -> None:
    """Text with half a surrogate pair, which UTF-8 cannot hold, does not stop the call."""
    await model.complete(request("olá \ud83d"))

    assert server.requests[0].body["messages"][0]["content"] == "olá \ufffd"


async def test_cancelling_a_call_ends_it_at_the_server_too(
    server: FakeModelServer, model: OpenAIModel
) -> None:
    """The loser of a hedge stops costing: its connection is closed."""
    server.hang()
    call = asyncio.create_task(model.complete(request()))
    await server.busy.wait()

    call.cancel()

    with pytest.raises(asyncio.CancelledError):
        await call
    async with asyncio.timeout(2):
        await server.idle.wait()


async def test_many_first_calls_at_once_share_one_client(server: FakeModelServer) -> None:
    """Twenty calls that race for the first use all get their answer."""
    model = OpenAIModel(api_key=KEY, base_url=server.base_url, clock=SystemClock())

    answers = await asyncio.gather(*(model.complete(request()) for _ in range(20)))
    await model.aclose()

    assert [answer.text for answer in answers] == ["ok"] * 20


def test_one_model_works_in_several_loops_one_after_the_other() -> None:
    """Each event loop has its own client, closed in it."""
    model = OpenAIModel(api_key=KEY, base_url="http://127.0.0.1:9/v1", clock=SystemClock())

    async def once() -> str:
        caught = await failure(model, request())
        await model.aclose()
        return caught.kind

    assert [asyncio.run(once()), asyncio.run(once())] == ["unavailable", "unavailable"]


def test_importing_the_gateway_does_not_import_openai() -> None:
    """The package is light: openai takes over a second to import and belongs to workers."""
    code = (
        "import sys, chatcrew.llm, chatcrew.cache;"
        "print([m for m in ('openai', 'httpx', 'redis', 'crewai') if m in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "[]"
