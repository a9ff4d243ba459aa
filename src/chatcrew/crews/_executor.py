"""The loop of one role: ask the model, run the tools it asks for, ask again.

It stands where CrewAI has ``agents.agent_executor.AgentExecutor``, a Flow that takes ten times the
CPU, asks the model from a thread, and reads an answer of a role without tools as ReAct text ("Final
Answer:", "Action:"), so that words of a customer could be taken for a command. The messages are the
same, which ``tests/contract/test_crews_conformance.py`` holds against CrewAI's own.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from chatcrew.crews._fill import shield, unshield
from chatcrew.messages import ModelAnswer, ToolCall, ToolResult

Message = dict[str, Any]


class TurnAborted(Exception):
    """The worker wants no more of this turn; nobody will answer what it asks."""


class Bridge(Protocol):
    """The way back to the worker, for one turn."""

    async def ask_model(
        self, role: str, messages: Sequence[Message], *, tools: Sequence[str | Message]
    ) -> ModelAnswer:
        """Return the model's answer; a tool is a name the worker knows, or a specification."""
        ...

    async def ask_tool(self, role: str, name: str, arguments: str) -> ToolResult:
        """Return what one of the worker's tools answered."""
        ...


class CrewTool:
    """One of CrewAI's own tools, such as handing work to another role; it blocks while it works.

    Args:
        tool: CrewAI's tool.
        described: its name, description and parameters as CrewAI would send them.
    """

    def __init__(self, tool: Any, described: Mapping[str, Any]) -> None:
        self._tool = tool
        self.name: str = described["name"]
        self.specification = {
            "name": self.name,
            "description": unshield(described["description"]),
            "parameters": described["parameters"],
        }

    def run(self, arguments: str) -> str:
        """Return its result, or what is wrong with the arguments."""
        try:
            values = json.loads(arguments)
        except json.JSONDecodeError:
            values = None
        if not isinstance(values, dict):
            return "The arguments are no JSON object."
        texts = {key: shield(one) if isinstance(one, str) else one for key, one in values.items()}
        return str(self._tool.run(**texts))


@dataclass(frozen=True, slots=True)
class Part:
    """What one role says in every task of a turn.

    Attributes:
        name: the role's name, for the worker.
        system: the system prompt, finished.
        user: the user prompt with ``{input}`` where the task goes.
        closing: what is said to the model when its rounds are used up.
        max_rounds: most model calls with tools (CrewAI ``max_iter``).
    """

    name: str
    system: str
    user: str
    closing: str
    max_rounds: int


class PlainExecutor:
    """Runs the tasks of one role within one turn; has the attributes that CrewAI's agent reads.

    Args:
        part: the role.
        bridge: the way back to the worker.
        tools: names of the worker's tools.
        own_tools: CrewAI's tools by name.
        loop: the loop that runs the turn; ``invoke`` is called from other threads.
    """

    _resuming = False
    tools_names = tools_description = ""

    def __init__(
        self,
        part: Part,
        bridge: Bridge,
        *,
        tools: Sequence[str],
        own_tools: Mapping[str, CrewTool],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._part = part
        self._bridge = bridge
        self._tools = tuple(tools)
        self._own_tools = own_tools
        self._loop = loop
        self.messages: list[Message] = []

    def invoke(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Do a task for CrewAI's blocking paths, from a thread: a role that was handed work."""
        return asyncio.run_coroutine_threadsafe(self.ainvoke(inputs), self._loop).result()

    async def ainvoke(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Do the task in ``inputs["input"]`` and return the role's words under ``output``.

        Raises:
            TurnAborted: the worker ended the turn.
        """
        # One replacement, the last one: nothing the task holds is looked at again.
        task = self._part.user.replace("{input}", inputs["input"])
        self.messages = [
            {"role": "system", "content": unshield(self._part.system).rstrip()},
            {"role": "user", "content": unshield(task).rstrip()},
        ]
        own = [tool.specification for tool in self._own_tools.values()]
        offered: list[str | Message] = [*self._tools, *own]
        for _ in range(self._part.max_rounds):
            answer = await self._bridge.ask_model(self._part.name, self.messages, tools=offered)
            if not answer.tool_calls:
                return {"output": shield(answer.text)}
            self.messages.append(_as_message(answer.tool_calls))
            self.messages += await asyncio.gather(*(self._run(one) for one in answer.tool_calls))
        self.messages.append({"role": "user", "content": self._part.closing})
        answer = await self._bridge.ask_model(self._part.name, self.messages, tools=())
        return {"output": shield(answer.text)}

    async def _run(self, call: ToolCall) -> Message:
        """Return the message with what a tool answered."""
        if call.name in self._own_tools:
            tool = self._own_tools[call.name]
            text = unshield(await asyncio.to_thread(tool.run, call.arguments))
        elif call.name in self._tools:
            text = (await self._bridge.ask_tool(self._part.name, call.name, call.arguments)).text
        else:
            text = f"There is no tool {call.name!r}."
        return {"role": "tool", "tool_call_id": call.id, "name": call.name, "content": text}


def _as_message(calls: Sequence[ToolCall]) -> Message:
    """Return the assistant message that precedes the results of ``calls``."""
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for call in calls
        ],
    }
