"""FakeModelServer keeps OpenAI's shapes when it streams, and its pace is the one asked for."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import openai
import pytest

from chatcrew.testing import FakeModelServer, ModelPace, ModelTally

SEARCH = {"type": "function", "function": {"name": "search_knowledge", "parameters": {}}}
WORDS = "Oi,  Ana!\nAtendemos aos sábados. "


@pytest.fixture
async def server() -> AsyncIterator[FakeModelServer]:
    """Give a running server."""
    async with FakeModelServer(seed=7) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Give an HTTP client."""
    async with aiohttp.ClientSession() as client:
        yield client


def asked(model: str = "main", **fields: Any) -> dict[str, Any]:
    """Return the body of a request."""
    return {"model": model, "messages": [{"role": "user", "content": "Tem vaga?"}], **fields}


async def streamed(
    session: aiohttp.ClientSession, server: FakeModelServer, body: dict[str, Any]
) -> list[Any]:
    """Return the data of each event, ``[DONE]`` as it is."""
    url = f"{server.base_url}/chat/completions"
    async with session.post(url, json={**body, "stream": True}) as answer:
        assert answer.content_type == "text/event-stream"
        said = (await answer.text()).split("\n\n")
    assert said.pop() == ""
    data = [line.removeprefix("data: ") for line in said]
    return [one if one == "[DONE]" else json.loads(one) for one in data]


async def test_a_stream_has_openais_pieces(
    server: FakeModelServer, session: aiohttp.ClientSession
) -> None:
    """Role first, words, an empty delta with the reason, then the end; no usage unasked."""
    server.say(WORDS)

    *chunks, end = await streamed(session, server, asked())

    assert end == "[DONE]"
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    choices = [chunk["choices"][0] for chunk in chunks]
    assert choices[0]["delta"] == {"role": "assistant", "content": ""}
    assert (choices[-1]["delta"], choices[-1]["finish_reason"]) == ({}, "stop")
    assert {choice["finish_reason"] for choice in choices[:-1]} == {None}
    assert "".join(choice["delta"].get("content", "") for choice in choices) == WORDS
    assert not any("usage" in chunk for chunk in chunks)


async def test_usage_comes_last_and_alone_where_it_is_wanted(
    server: FakeModelServer, session: aiohttp.ClientSession
) -> None:
    """``stream_options.include_usage``: null in each piece, then one piece without choices."""
    server.say("Sim.", usage={"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5})

    body = asked(stream_options={"include_usage": True})
    *chunks, last, _ = await streamed(session, server, body)

    assert last["choices"] == []
    assert last["usage"] == {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
    assert [chunk["usage"] for chunk in chunks] == [None] * len(chunks)


async def test_openais_own_library_reads_the_stream(server: FakeModelServer) -> None:
    """A tool call in fragments comes together again, with the usage behind it."""
    arguments = json.dumps({"query": "horário de sábado"})
    server.call_tool("search_knowledge", arguments)

    async with openai.AsyncOpenAI(api_key="k", base_url=server.base_url) as client:
        pieces = await client.chat.completions.create(
            **asked(), stream=True, stream_options={"include_usage": True}
        )
        seen = [piece async for piece in pieces]

    deltas = [piece.choices[0].delta for piece in seen if piece.choices]
    calls = [call for delta in deltas for call in delta.tool_calls or ()]
    assert [call.function.name for call in calls if call.function.name] == ["search_knowledge"]
    assert [call.id for call in calls if call.id] == ["call_fake"]
    assert len(calls) > 3
    assert "".join(call.function.arguments or "" for call in calls) == arguments
    assert seen[-1].usage.total_tokens == 15


async def test_a_stream_can_end_in_the_middle(
    server: FakeModelServer, session: aiohttp.ClientSession
) -> None:
    """The connection is cut after some pieces, so that a client has half an answer."""
    server.drop(text="um dois três quatro", after=3)

    with pytest.raises(aiohttp.ClientPayloadError):
        await streamed(session, server, asked())

    assert server.tally["main"] == ModelTally(failed=1)


async def test_an_error_is_answered_whole_to_who_wants_a_stream(
    server: FakeModelServer, session: aiohttp.ClientSession
) -> None:
    """A provider refuses before it streams, so the status says so."""
    server.fail("rate_limit", retry_after="2")
    url = f"{server.base_url}/chat/completions"

    async with session.post(url, json=asked(stream=True)) as answer:
        body = await answer.json()

    assert (answer.status, answer.headers["Retry-After"]) == (429, "2")
    assert body["error"]["code"] == "rate_limit_exceeded"


async def test_the_first_word_comes_before_the_last(
    server: FakeModelServer, session: aiohttp.ClientSession
) -> None:
    """The first piece arrives after its share of the time; the client sees it before the end."""
    server.default = "um dois três quatro"
    server.pace("main", ModelPace(p50=0.3, p99=0.3, first_word=0.2))
    loop = asyncio.get_running_loop()
    begun = loop.time()

    url = f"{server.base_url}/chat/completions"
    async with session.post(url, json=asked(stream=True)) as answer:
        await answer.content.readline()
        first = loop.time() - begun
        await answer.read()
        whole = loop.time() - begun

    assert 0.06 <= first < whole
    assert whole >= 0.3


async def test_a_paced_model_searches_once_where_it_may(
    server: FakeModelServer, session: aiohttp.ClientSession
) -> None:
    """A tool is called when it is offered and has not answered yet, for the customer's words."""
    server.pace("main", ModelPace(tools=1.0))
    result = {"role": "tool", "tool_call_id": "call_fake", "content": "Sim."}
    later = asked(tools=[SEARCH])
    later["messages"].append(result)

    reasons = []
    for body in (asked(), asked(tools=[SEARCH]), later):
        async with session.post(f"{server.base_url}/chat/completions", json=body) as answer:
            choice = (await answer.json())["choices"][0]
            reasons.append(choice["finish_reason"])
            if choice["finish_reason"] == "tool_calls":
                (call,) = choice["message"]["tool_calls"]
                assert json.loads(call["function"]["arguments"]) == {"query": "Tem vaga?"}

    assert reasons == ["stop", "tool_calls", "stop"]


async def test_every_request_is_counted_by_its_end(
    server: FakeModelServer, session: aiohttp.ClientSession
) -> None:
    """Answered, failed, hung, and left by a client that goes: what a lost race costs is seen."""
    url = f"{server.base_url}/chat/completions"
    server.pace("broken", ModelPace(errors=1.0)).pace("stuck", ModelPace(hangs=1.0))
    server.pace("*", ModelPace(p50=60.0, p99=60.0)).pace("main", ModelPace())

    for model in ("main", "broken"):
        async with session.post(url, json=asked(model)) as answer:
            await answer.read()
    for model in ("stuck", "slow"):
        for wants_stream in (False, True):
            body = asked(model, stream=wants_stream)
            leaving = asyncio.create_task(session.post(url, json=body).__aenter__())
            await server.busy.wait()
            leaving.cancel()
            await server.idle.wait()

    async with session.get(server.base_url.removesuffix("/v1") + "/tally") as answer:
        tally = {model: ModelTally(**row) for model, row in (await answer.json()).items()}
    assert tally == {
        "main": ModelTally(answered=1),
        "broken": ModelTally(failed=1),
        "stuck": ModelTally(hung=2, left=2),
        "slow": ModelTally(left=2),
    }
    assert tally == server.tally


async def test_a_pace_is_changed_from_another_process(
    server: FakeModelServer, session: aiohttp.ClientSession
) -> None:
    """A benchmark lets one model refuse for some seconds while the server goes on."""
    root = server.base_url.removesuffix("/v1")
    async with session.put(f"{root}/pace/fast", json={"errors": 1.0}) as changed:
        assert changed.status == 204

    async with session.post(f"{root}/v1/chat/completions", json=asked("fast")) as answer:
        assert answer.status == 500


async def test_a_server_comes_back_on_its_port(session: aiohttp.ClientSession) -> None:
    """A provider that was down is found again at the same address."""
    async with FakeModelServer(default="antes") as first:
        port = int(first.base_url.split(":")[2].split("/")[0])
    async with (
        FakeModelServer(default="depois", port=port) as second,
        session.post(f"{first.base_url}/chat/completions", json=asked()) as answer,
    ):
        said = (await answer.json())["choices"][0]["message"]["content"]

    assert (second.base_url, said) == (first.base_url, "depois")


async def test_the_default_may_depend_on_the_request(
    server: FakeModelServer, session: aiohttp.ClientSession
) -> None:
    """An answer can name what it answers, so that a mix-up of two customers is seen."""
    server.default = lambda body: body["messages"][-1]["content"].upper()

    async with session.post(f"{server.base_url}/chat/completions", json=asked()) as answer:
        assert (await answer.json())["choices"][0]["message"]["content"] == "TEM VAGA?"
