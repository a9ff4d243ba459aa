"""The loop of one role, the same for both engines: ask the model, run its tools, ask again.

It stands where CrewAI has ``agents.agent_executor.AgentExecutor``, a Flow that takes ten times the
CPU, asks the model from a thread, and reads an answer of a role without tools as ReAct text ("Final
Answer:", "Action:"), so that words of a customer could be taken for a command. The messages are the
same, which ``tests/contract/test_crews_conformance.py`` holds against CrewAI's own.
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from chatcrew.crews._fill import plain
from chatcrew.messages import ModelAnswer, ToolCall, ToolResult, ToolSpec

Message = dict[str, Any]

NO_TOOL = "Tool not found"
"""CrewAI's words to a model that calls a tool nobody offered (``agents/agent_executor.py``)."""


class TurnAborted(Exception):
    """The worker wants no more of this turn; nobody will answer what it asks."""


class Bridge(Protocol):
    """Where a role's models and tools are, for one turn."""

    async def ask_model(
        self, role: str, messages: Sequence[Message], *, tools: Sequence[str | ToolSpec]
    ) -> ModelAnswer:
        """Return the model's answer; a tool is a name the worker knows, or a specification.

        ``messages`` goes on growing afterwards.
        """
        ...

    async def ask_tool(self, role: str, name: str, arguments: str) -> ToolResult:
        """Return what one of the worker's tools answered."""
        ...


class OwnTool(Protocol):
    """A tool that is not the worker's."""

    @property
    def specification(self) -> ToolSpec:
        """What the model is told of it."""
        ...

    async def run(self, arguments: str) -> str:
        """Return its result."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """What the loop needs to know of a role.

    Attributes:
        name: the role's name, for the worker.
        closing: what is said to the model when its rounds are used up.
        max_rounds: most model calls with tools (CrewAI ``max_iter``).
        tools: names of the worker's tools it may use.
    """

    name: str
    closing: str
    max_rounds: int
    tools: tuple[str, ...] = ()


async def work(
    part: Part,
    messages: list[Message],
    *,
    bridge: Bridge,
    own_tools: Mapping[str, OwnTool] | None = None,
) -> str:
    """Return the role's last words; what is said and done on the way is added to ``messages``."""
    own = own_tools or {}
    offered: list[str | ToolSpec] = [*part.tools, *(tool.specification for tool in own.values())]

    async def run(call: ToolCall) -> Message:
        if call.name in own:
            text = await own[call.name].run(_arguments(call))
        elif call.name in part.tools:
            text = (await bridge.ask_tool(part.name, call.name, _arguments(call))).text
        else:
            text = NO_TOOL
        content = {"name": plain(call.name), "content": plain(text)}
        return {"role": "tool", "tool_call_id": plain(call.id), **content}

    for _ in range(part.max_rounds):
        answer = await bridge.ask_model(part.name, messages, tools=offered)
        if not answer.tool_calls:
            return plain(answer.text)
        messages.append(_as_message(answer.tool_calls))
        messages += await _together([run(call) for call in answer.tool_calls])
    messages.append({"role": "user", "content": part.closing})
    return plain((await bridge.ask_model(part.name, messages, tools=())).text)


async def _together(runs: Sequence[Coroutine[Any, Any, Message]]) -> list[Message]:
    """Return what all of them return; when one fails, none of the others outlives it."""
    if len(runs) == 1:
        return [await runs[0]]
    tasks = [asyncio.create_task(run) for run in runs]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _as_message(calls: Sequence[ToolCall]) -> Message:
    """Return the assistant message that precedes the results of ``calls``."""
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {
                "id": plain(call.id),
                "type": "function",
                "function": {"name": plain(call.name), "arguments": _arguments(call)},
            }
            for call in calls
        ],
    }


def _arguments(call: ToolCall) -> str:
    """Return the arguments as the model wrote them; none at all are an empty object.

    Some models send an empty text, which strict APIs refuse to read back.
    """
    return plain(call.arguments) or "{}"
