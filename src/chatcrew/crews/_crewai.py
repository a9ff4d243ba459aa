# ruff: noqa: PLC0415 - CrewAI takes 5 s to import: only a process made for it does so, when it is asked
"""CrewAI itself: builds a fresh crew for one turn and lets it work; the only file that imports it.

Only template and crew processes call what is in here. It leans on names of CrewAI 1.15.30 that are
not public (``Crew._task_output_handler``, ``Agent._build_execution_prompt``, the attributes that an
executor has): the version is pinned, and ``tests/unit/test_crews_traps.py`` says which of them a
new release broke.
"""

import asyncio
import contextlib
import functools
import json
from typing import Any

from chatcrew.crews._beside import Beside
from chatcrew.crews._executor import CrewTool, PlainExecutor
from chatcrew.crews._fill import shield, unshield
from chatcrew.crews._loop import Bridge, Part
from chatcrew.crews._quiet import QUIET_AGENT, QUIET_CREW, NoStore
from chatcrew.crews._wire import RolePart, Script
from chatcrew.messages import ModelAnswer, ToolResult, ToolSpec

VERSION = "1.15.30"
"""The release everything here was measured and read with."""

_TEXTS = ("role", "goal", "backstory")
_KEPT_OPEN = contextlib.ExitStack()


@functools.cache
def prepare() -> None:
    """Import CrewAI and silence its event bus.

    Raises:
        RuntimeError: another release is installed.
    """
    import crewai
    from crewai.events.event_bus import crewai_event_bus

    if crewai.__version__ != VERSION:
        raise RuntimeError(f"CrewAI {crewai.__version__} is installed, {VERSION} is needed")
    # None of CrewAI's 183 listeners (console, tracing, telemetry) has work to do here; without them
    # the bus starts no threads, which a process that forks must not have. Never left again.
    _KEPT_OPEN.enter_context(crewai_event_bus.scoped_handlers())


@functools.cache
def _model_class() -> Any:
    from crewai.llms.base_llm import BaseLLM
    from pydantic import Field

    class PipeModel(BaseLLM):
        """A model that is asked by the worker; our executor goes straight to the bridge."""

        bridge: Any = Field(default=None, exclude=True)
        loop: Any = Field(default=None, exclude=True)
        role_name: str = ""
        worker_tools: tuple[str, ...] = ()

        def call(self, messages: Any, tools: Any = None, *_: Any, **__: Any) -> Any:
            """Answer CrewAI's own code, which asks from threads."""
            # Marks of CrewAI's that strict APIs refuse.
            marks = ("cache_breakpoint", "files")
            asked = [{k: v for k, v in one.items() if k not in marks} for one in messages]
            described = [one["function"] for one in tools or ()]
            offered = [
                one["name"]
                if one["name"] in self.worker_tools
                else ToolSpec(one["name"], one["description"], one["parameters"])
                for one in described
            ]
            coroutine = self.bridge.ask_model(self.role_name, asked, tools=offered)
            answer: ModelAnswer = asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()
            calls = [
                {"id": one.id, "function": {"name": one.name, "arguments": one.arguments}}
                for one in answer.tool_calls
            ]
            return calls or answer.text

        def supports_function_calling(self) -> bool:
            """Say yes: else CrewAI describes the tools in the prompt and parses the answer."""
            return True

        def supports_stop_words(self) -> bool:
            """Say no: "Observation:" is a word a customer may use."""
            return False

        def get_context_window_size(self) -> int:
            """Return a size at which CrewAI compacts nothing; the gateway knows the real one."""
            return 1_000_000

        def get_input_tokens_count(self, *_: Any, **__: Any) -> int:
            """Return nothing counted: CrewAI's guess writes a log line per call."""
            return 0

    return PipeModel


@functools.cache
def _tool_class() -> Any:
    from crewai.tools import BaseTool
    from pydantic import BaseModel, ConfigDict, Field

    class AnyArguments(BaseModel):
        """Arguments of a tool whose schema the worker holds, sends to the model and checks."""

        model_config = ConfigDict(extra="allow")

    class WorkerTool(BaseTool):
        """A tool that the worker runs; our executor goes straight to the bridge."""

        args_schema: type[BaseModel] = AnyArguments
        bridge: Any = Field(default=None, exclude=True)
        loop: Any = Field(default=None, exclude=True)
        role_name: str = ""

        def _run(self, **arguments: Any) -> str:
            """Answer CrewAI's own code, which calls from threads."""
            coroutine = self.bridge.ask_tool(self.role_name, self.name, json.dumps(arguments))
            result: ToolResult = asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()
            return result.text

    return WorkerTool


@functools.cache
def _agent_class() -> Any:
    from crewai import Agent
    from crewai.utilities.agent_utils import convert_tools_to_openai_schema
    from crewai.utilities.i18n import I18N_DEFAULT

    worker_tool = _tool_class()

    class LeanAgent(Agent):
        """An agent that works with our executor, each task on a copy of it.

        CrewAI keeps the executor on the agent: of two tasks at once, or two that were handed the
        same work, one would read the other's.
        """

        role_name: str = ""

        def execute_task(self, task: Any, context: Any = None, tools: Any = None) -> Any:
            """Do a task that was handed over; called in a thread."""
            return super(LeanAgent, self.model_copy()).execute_task(task, context, tools)

        async def aexecute_task(self, task: Any, context: Any = None, tools: Any = None) -> Any:
            """Do a task of the crew."""
            return await super(LeanAgent, self.model_copy()).aexecute_task(task, context, tools)

        def create_agent_executor(self, tools: Any = None, task: Any = None) -> None:
            """Make the executor for the next task of this agent."""
            given = [
                tool
                for tool in (tools if tools is not None else self.tools or [])
                # CrewAI gives a manager the tools of the task's agent, which it must hand work to.
                if not isinstance(tool, worker_tool) or tool.role_name == self.role_name
            ]
            own: dict[str, CrewTool] = {}
            for tool in given:
                if not isinstance(tool, worker_tool):
                    (described,), _, _ = convert_tools_to_openai_schema([tool])
                    crew_tool = CrewTool(tool, described["function"])
                    own[crew_tool.specification.name] = crew_tool
            prompt, _, _ = self._build_execution_prompt(given)
            model: Any = self.llm
            executor: Any = PlainExecutor(
                Part(
                    name=self.role_name,
                    closing=I18N_DEFAULT.errors("force_final_answer"),
                    max_rounds=self.max_iter,
                    tools=tuple(one.name for one in given if isinstance(one, worker_tool)),
                ),
                system=prompt["system"],
                user=prompt["user"],
                bridge=model.bridge,
                own_tools=own,
                loop=model.loop,
            )
            self.agent_executor = executor

    return LeanAgent


@functools.cache
def _crew_class() -> Any:
    from crewai import Crew
    from pydantic import PrivateAttr

    class LeanCrew(Crew):
        """A crew that writes no file."""

        _task_output_handler: Any = PrivateAttr(default_factory=NoStore)

    return LeanCrew


@functools.cache
def _task_class() -> Any:
    from crewai import Task
    from pydantic import PrivateAttr

    class BoundedTask(Task):
        """A task that waits for its place where several run at once."""

        _beside: Any = PrivateAttr(default=None)

        async def aexecute_sync(
            self, agent: Any = None, context: Any = None, tools: Any = None
        ) -> Any:
            """Do it."""
            if not self.async_execution:
                return await super().aexecute_sync(agent, context, tools)
            return await self._beside.run(lambda: Task.aexecute_sync(self, agent, context, tools))

    return BoundedTask


def build(
    script: Script, bridge: Bridge, *, agent: Any = None, beside: Beside | None = None
) -> Any:
    """Return a fresh CrewAI crew for one turn; must be called on the loop that will run it.

    Args:
        script: the crew with its texts filled in.
        bridge: the way back to the worker.
        agent: class of the roles; ours, unless a test compares with CrewAI's own.
        beside: bounds the tasks that run at once; whoever gives it ends it.
    """
    prepare()
    agent_class, tool_class, task_class = agent or _agent_class(), _tool_class(), _task_class()
    beside = beside or Beside(script.parallel)
    ways = {"bridge": bridge, "loop": asyncio.get_running_loop()}

    def model(role: str, tools: tuple[str, ...] = ()) -> Any:
        return _model_class()(model="worker", role_name=role, worker_tools=tools, **ways)

    def made(part: RolePart) -> Any:
        texts = {key: shield(getattr(part, key)) for key in _TEXTS}
        return agent_class(
            role_name=part.name,
            llm=model(part.name, part.tools),
            tools=[
                tool_class(name=name, description=name, role_name=part.name, **ways)
                for name in part.tools
            ],
            max_iter=part.max_rounds,
            allow_delegation=part.allow_delegation,
            **(texts if part.role else _manager_words()),
            **QUIET_AGENT,
        )

    roles = {part.name: made(part) for part in script.roles}
    tasks: dict[str, Any] = {}
    for step in script.tasks:
        tasks[step.name] = task_class(
            name=step.name,
            description=shield(step.description),
            expected_output=shield(step.expected_output),
            agent=roles.get(step.role),
            async_execution=step.async_execution,
            **({"context": [tasks[name] for name in step.context]} if step.context else {}),
        )
        tasks[step.name]._beside = beside
    return _crew_class()(
        agents=list(roles.values()),
        tasks=list(tasks.values()),
        process=script.process,
        manager_agent=None if script.manager is None else made(script.manager),
        **QUIET_CREW,
    )


def _manager_words() -> dict[str, str]:
    """Return what CrewAI says to a manager that nobody described."""
    from crewai.utilities.i18n import I18N_DEFAULT

    return {key: I18N_DEFAULT.retrieve("hierarchical_manager_agent", key) for key in _TEXTS}


async def run(script: Script, bridge: Bridge) -> str:
    """Let a fresh crew do its tasks and return the words of the last one.

    Nothing is given to ``akickoff``: with inputs CrewAI would interpolate texts that are finished.
    """
    beside = Beside(script.parallel)
    try:
        output = await build(script, bridge, beside=beside).akickoff()
    except asyncio.CancelledError:
        if beside.fault is not None:
            raise beside.fault from None
        raise
    finally:
        await beside.end()
    return unshield(output.raw)
