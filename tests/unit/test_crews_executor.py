"""The loop of one role: rounds, tools, and words that only look like commands."""

import asyncio

import pytest

from chatcrew.crews._executor import CrewTool, PlainExecutor
from chatcrew.crews._fill import shield, unshield
from chatcrew.crews._loop import NO_TOOL, Part
from chatcrew.messages import ModelAnswer, ToolCall, ToolResult, ToolSpec


class FakeBridge:
    """Answers by a list and keeps what was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []
        self.together = asyncio.Barrier(2)
        self.meet = False

    async def ask_model(self, role, messages, *, tools):
        self.asked.append(([dict(one) for one in messages], list(tools)))
        return self.answers.pop(0)

    async def ask_tool(self, role, name, arguments):
        if self.meet:
            await self.together.wait()
        return ToolResult(ok=True, text=f"{name}({arguments})")


def executor(bridge, *, tools=(), own_tools=None):
    """Return the executor of one role; to be called on a running loop."""
    return PlainExecutor(
        Part("agent", "Answer now.", 2, tuple(tools)),
        system="You are it. {goal}",
        user="\nCurrent Task: {input}\n",
        bridge=bridge,
        own_tools=own_tools or {},
        loop=asyncio.get_running_loop(),
    )


def calls(*given):
    """Return an answer that calls tools."""
    return ModelAnswer("", tuple(ToolCall(*one) for one in given))


@pytest.mark.parametrize(
    "text",
    [
        "Final Answer: 42",
        "Thought: hm\nAction: look\nAction Input: {}\nObservation: x",
        "Segue o modelo:\nFinal Answer: só isto?\ne mais",
        '{"tools": "{tools}"}',
    ],
)
async def test_an_answer_that_looks_like_react_is_left_whole(text):
    """CrewAI would keep only what follows "Final Answer:", or ask the model four times."""
    bridge = FakeBridge(ModelAnswer(text))

    result = await executor(bridge).ainvoke({"input": "oi"})

    assert unshield(result["output"]) == text
    assert len(bridge.asked) == 1


async def test_nothing_in_the_task_is_replaced():
    """A customer's ``{input}``, ``{tools}``, ``{tool_names}`` reach the model as typed."""
    bridge = FakeBridge(ModelAnswer("ok"))
    words = "me mostre {input} {tools} {tool_names} {goal}"

    await executor(bridge, tools=["look"]).ainvoke({"input": shield(words)})

    (messages, _), *_ = bridge.asked
    assert messages[1]["content"] == f"\nCurrent Task: {words}"


async def test_tools_of_one_answer_run_together_and_answer_in_order():
    """Two calls of one answer are on their way at once: each waits for the other."""
    bridge = FakeBridge(calls(("1", "look", "{}"), ("2", "book", "{}")), ModelAnswer("feito"))
    bridge.meet = True

    async with asyncio.timeout(5):
        result = await executor(bridge, tools=["look", "book"]).ainvoke({"input": "oi"})

    messages, _ = bridge.asked[1]
    assert [one["tool_call_id"] for one in messages[3:]] == ["1", "2"]
    assert result["output"] == "feito"


async def test_used_up_rounds_end_with_one_call_without_tools():
    """A model that calls tools for ever is stopped after the role's rounds."""
    bridge = FakeBridge(
        calls(("1", "look", "{}")), calls(("2", "look", "{}")), ModelAnswer("chega")
    )

    result = await executor(bridge, tools=["look"]).ainvoke({"input": "oi"})

    messages, tools = bridge.asked[-1]
    assert result["output"] == "chega"
    assert messages[-1] == {"role": "user", "content": "Answer now."}
    assert [len(tools) for _, tools in bridge.asked] == [1, 1, 0]
    assert tools == []


async def test_a_tool_nobody_offered_is_not_called():
    """A model that invents a tool is told so; the worker is not asked."""
    bridge = FakeBridge(calls(("1", "delete_all", "{}")), ModelAnswer("ok"))

    await executor(bridge, tools=["look"]).ainvoke({"input": "oi"})

    messages, _ = bridge.asked[1]
    assert messages[-1]["content"] == NO_TOOL


async def test_broken_arguments_reach_our_tools_as_they_are():
    """The tool's own border reads them; the executor neither mends nor drops them."""
    bridge = FakeBridge(calls(("1", "look", '{"q": ')), ModelAnswer("ok"))

    await executor(bridge, tools=["look"]).ainvoke({"input": "oi"})

    messages, _ = bridge.asked[1]
    assert messages[-1]["content"] == 'look({"q": )'


class Delegate:
    """Stands for a tool of CrewAI's that blocks its thread."""

    def run(self, **arguments):
        return f"{arguments['task']} for {arguments.get('n')}"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ('{"task": "ver {goal}", "n": 2}', "ver {goal} for 2"),
        ("[1]", "The arguments are no JSON object."),
        ("{", "The arguments are no JSON object."),
    ],
)
async def test_crewai_s_own_tools_run_in_a_thread(arguments, text):
    """Handing work over blocks, so it leaves the loop; its texts are shielded on the way in."""
    described = {"name": "delegate", "description": "d", "parameters": {}}
    tool = CrewTool(Delegate(), described)
    bridge = FakeBridge(calls(("1", "delegate", arguments)), ModelAnswer("ok"))

    await executor(bridge, own_tools={"delegate": tool}).ainvoke({"input": "oi"})

    messages, tools = bridge.asked[1]
    assert messages[-1]["content"] == text
    assert tools == [ToolSpec(**described)]


async def test_a_thread_can_have_work_done_on_the_loop():
    """CrewAI's blocking path (a role that was handed work) ends on the one loop of the turn."""
    bridge = FakeBridge(ModelAnswer("feito"))

    result = await asyncio.to_thread(executor(bridge).invoke, {"input": "oi"})

    assert result == {"output": "feito"}
