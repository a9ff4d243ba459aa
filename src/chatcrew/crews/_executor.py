"""Our loop in the shape of CrewAI's executor: what a role of the CrewAI engine works with."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from chatcrew.crews._fill import shield, unshield
from chatcrew.crews._loop import Bridge, Message, Part, work
from chatcrew.messages import ToolSpec


class AnsweredNothing(Exception):
    """A role had no words at its end; CrewAI fails the whole crew then, and so do we."""


class CrewTool:
    """One of CrewAI's own tools, such as handing work to another role; it blocks while it works.

    Args:
        tool: CrewAI's tool.
        described: its name, description and parameters as CrewAI would send them.
    """

    def __init__(self, tool: Any, described: Mapping[str, Any]) -> None:
        self._tool = tool
        self.specification = ToolSpec(
            name=described["name"],
            description=unshield(described["description"]),
            parameters=described["parameters"],
        )

    async def run(self, arguments: str) -> str:
        """Return its result, or what is wrong with the arguments."""
        try:
            values = json.loads(arguments)
        except json.JSONDecodeError:
            values = None
        if not isinstance(values, dict):
            return "The arguments are no JSON object."
        texts = {key: shield(one) if isinstance(one, str) else one for key, one in values.items()}
        return unshield(str(await asyncio.to_thread(self._tool.run, **texts)))


class PlainExecutor:
    """Runs the tasks of one role within one turn; has the attributes that CrewAI's agent reads.

    Args:
        part: the role.
        system: the system prompt, finished.
        user: the user prompt with ``{input}`` where the task goes.
        bridge: the way back to the worker.
        own_tools: CrewAI's tools by name.
        loop: the loop that runs the turn; ``invoke`` is called from other threads.
    """

    _resuming = False
    tools_names = tools_description = ""

    def __init__(
        self,
        part: Part,
        *,
        system: str,
        user: str,
        bridge: Bridge,
        own_tools: Mapping[str, CrewTool],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._part = part
        self._system = system
        self._user = user
        self._bridge = bridge
        self._own_tools = own_tools
        self._loop = loop
        self.messages: list[Message] = []

    def invoke(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Do a task for CrewAI's blocking paths, from a thread: a role that was handed work."""
        return asyncio.run_coroutine_threadsafe(self.ainvoke(inputs), self._loop).result()

    async def ainvoke(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Do the task in ``inputs["input"]`` and return the role's words under ``output``.

        Raises:
            AnsweredNothing: they are empty.
            TurnAborted: the worker ended the turn.
        """
        # One replacement, the last one: nothing the task holds is looked at again.
        task = self._user.replace("{input}", inputs["input"])
        self.messages = [
            {"role": "system", "content": unshield(self._system).rstrip()},
            {"role": "user", "content": unshield(task).rstrip()},
        ]
        words = await work(
            self._part, self.messages, bridge=self._bridge, own_tools=self._own_tools
        )
        if not words:
            raise AnsweredNothing
        return {"output": shield(words)}
