"""The kit's model doubles keep to their script, and fail a test that leaves it."""

import asyncio

import pytest

from chatcrew.errors import ModelUnavailable
from chatcrew.messages import ModelAnswer, ModelRequest, ToolCall
from chatcrew.testing import ScriptedModel


def request(*texts: str) -> ModelRequest:
    """Return a request with these user messages."""
    return ModelRequest("t", "m", [{"role": "user", "content": text} for text in texts])


async def test_rules_come_before_the_sequence_and_the_default_last() -> None:
    """A rule answers as often as it fits, the sequence once each, then the default."""
    model = ScriptedModel("um", "dois", default="sempre").when("preço", "R$ 10")

    said = [
        (await model.complete(request(text))).text
        for text in ("a", "qual o preço?", "b", "o preço?", "c", "d")
    ]

    assert said == ["um", "R$ 10", "dois", "R$ 10", "sempre", "sempre"]


async def test_a_text_rule_looks_at_the_last_user_message_only() -> None:
    """What the customer said earlier does not trigger the rule again."""
    model = ScriptedModel(default="outro").when("preço", "R$ 10")

    assert (await model.complete(request("preço?", "obrigado"))).text == "outro"


async def test_every_kind_of_answer() -> None:
    """Text, answers, tool calls, errors and functions may be scripted."""
    call = ToolCall("1", "search", "{}")
    model = ScriptedModel(
        ModelAnswer("inteira"),
        call,
        [call, call],
        ModelUnavailable("busy", kind="rate_limit"),
        lambda asked: f"eco: {asked.messages[0]['content']}",
    )

    assert (await model.complete(request("a"))).text == "inteira"
    assert (await model.complete(request("a"))).tool_calls == (call,)
    assert (await model.complete(request("a"))).tool_calls == (call, call)
    with pytest.raises(ModelUnavailable):
        await model.complete(request("a"))
    assert (await model.complete(request("olá"))).text == "eco: olá"


async def test_a_request_outside_of_the_script_fails_the_test() -> None:
    """A model call that nobody expected is a finding, not an empty answer."""
    with pytest.raises(AssertionError, match="no answer to request 1: 'surpresa'"):
        await ScriptedModel().complete(request("surpresa"))


async def test_held_calls_wait_and_are_counted() -> None:
    """Calls can be kept in flight, to see how many there are at once."""
    model = ScriptedModel(default="ok")
    model.hold()
    calls = [asyncio.create_task(model.complete(request("a"))) for _ in range(3)]
    await model.asked(3)
    assert not any(call.done() for call in calls)

    model.release()
    await asyncio.gather(*calls)

    assert (model.running, model.most_at_once, len(model.requests)) == (0, 3, 3)
