"""What the frames mean: one function or value per kind, so that both ends read the same."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from chatcrew.crews._fill import clean, fill, nothing_in, without
from chatcrew.crews._frames import Frame, FrameError
from chatcrew.crews._voice import backstory
from chatcrew.messages import ModelAnswer, ToolCall, ToolResult, ToolSpec
from chatcrew.tenancy.model import Crew, RoleSpec

# worker → crew process
START, MODEL_ANSWER, TOOL_ANSWER, CANCEL = "start", "model_answer", "tool_answer", "cancel"
# crew process → worker
READY, MODEL_CALL, TOOL_CALL, DONE, FAILED = "ready", "model_call", "tool_call", "done", "failed"


@dataclass(frozen=True, slots=True)
class RolePart:
    """A role with its texts filled in.

    Attributes:
        name: key in ``agents.yaml``.
        role: who it is.
        goal: what it wants.
        backstory: how it behaves.
        max_rounds: most rounds of tool calls.
        tools: names of the tools the worker offers it.
        allow_delegation: may hand work to other roles.
    """

    name: str
    role: str
    goal: str
    backstory: str
    max_rounds: int
    tools: tuple[str, ...] = ()
    allow_delegation: bool = False


@dataclass(frozen=True, slots=True)
class TaskPart:
    """A task with its texts filled in; ``role`` and ``context`` are names.

    Without a role the manager finds one.
    """

    name: str
    description: str
    expected_output: str
    role: str
    context: tuple[str, ...] = ()
    async_execution: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """What a crew process needs to know about one turn: finished texts, no key, no model name.

    Attributes:
        process: ``sequential`` or ``hierarchical``.
        roles: all but the manager.
        tasks: in their order.
        manager: of a hierarchical crew; empty texts stand for CrewAI's own.
        parallel: most tasks with ``async_execution`` at once.
    """

    process: str
    roles: tuple[RolePart, ...]
    tasks: tuple[TaskPart, ...]
    manager: RolePart | None = None
    parallel: int = 1


def script(crew: Crew, inputs: Mapping[str, str], *, offered: Sequence[str]) -> Script:
    """Return ``crew`` with its placeholders filled and its tools cut down to those offered."""
    values = {name: clean(value) for name, value in inputs.items()}
    empty = nothing_in(inputs)

    def filled(text: str) -> str:
        return fill(without(text, empty), values)

    def part(role: RoleSpec) -> RolePart:
        tools = tuple(name for name in role.tools if name in offered)
        return RolePart(
            name=role.name,
            role=filled(role.role),
            goal=filled(role.goal),
            backstory=filled(backstory(role, with_tools=bool(tools))),
            max_rounds=role.max_rounds,
            tools=tools,
            allow_delegation=role.allow_delegation,
        )

    tasks = tuple(
        TaskPart(
            name=task.name,
            description=filled(task.description),
            expected_output=filled(task.expected_output),
            role=task.role,
            context=task.context,
            async_execution=task.async_execution,
        )
        for task in crew.tasks
    )
    return Script(
        crew.process,
        tuple(part(role) for role in crew.roles),
        tasks,
        manager=None if crew.manager is None else part(crew.manager),
        parallel=crew.parallel,
    )


def start_frame(turn: int, script: Script) -> Frame:
    """Return the frame that starts a turn."""
    return {"kind": START, "turn": turn, "script": asdict(script)}


def read_script(frame: Mapping[str, Any]) -> Script:
    """Return the script of a ``start`` frame.

    Raises:
        FrameError: it lacks a part or has one too many.
    """
    try:
        raw = frame["script"]
        roles = tuple(_read_role(one) for one in raw["roles"])
        tasks = tuple(TaskPart(**{**one, "context": tuple(one["context"])}) for one in raw["tasks"])
        manager = None if raw["manager"] is None else _read_role(raw["manager"])
        return Script(raw["process"], roles, tasks, manager, number(raw, "parallel"))
    except (KeyError, TypeError) as fault:
        raise FrameError(f"a start frame is incomplete: {fault}") from None


def _read_role(raw: Mapping[str, Any]) -> RolePart:
    return RolePart(**{**raw, "tools": tuple(raw["tools"])})


def model_answer_frame(turn: int, call: int, answer: ModelAnswer) -> Frame:
    """Return the frame that carries a model's answer to the crew process."""
    return {
        "kind": MODEL_ANSWER,
        "turn": turn,
        "call": call,
        "text": clean(answer.text),
        "tool_calls": [
            {"id": clean(one.id), "name": clean(one.name), "arguments": clean(one.arguments)}
            for one in answer.tool_calls
        ],
    }


def read_model_answer(frame: Mapping[str, Any]) -> ModelAnswer:
    """Return the answer of a ``model_answer`` frame.

    Raises:
        FrameError: it lacks a part.
    """
    try:
        calls = tuple(
            ToolCall(one["id"], one["name"], one["arguments"]) for one in frame["tool_calls"]
        )
        return ModelAnswer(frame["text"], calls)
    except (KeyError, TypeError) as fault:
        raise FrameError(f"a model answer is incomplete: {fault}") from None


def tool_answer_frame(turn: int, call: int, result: ToolResult) -> Frame:
    """Return the frame that carries a tool's result to the crew process."""
    return {
        "kind": TOOL_ANSWER,
        "turn": turn,
        "call": call,
        "ok": result.ok,
        "text": clean(result.text),
    }


def read_tool_answer(frame: Mapping[str, Any]) -> ToolResult:
    """Return the result of a ``tool_answer`` frame.

    Raises:
        FrameError: it lacks a part.
    """
    try:
        return ToolResult(bool(frame["ok"]), frame["text"])
    except KeyError as fault:
        raise FrameError(f"a tool answer is incomplete: {fault}") from None


@dataclass(frozen=True, slots=True)
class AskedModel:
    """A crew process wants a model asked; tools are ours by name, or CrewAI's with their schema."""

    call: int
    role: str
    messages: tuple[Mapping[str, Any], ...]
    tools: tuple[str | ToolSpec, ...]


def read_model_call(frame: Mapping[str, Any]) -> AskedModel:
    """Return the call of a ``model_call`` frame.

    Raises:
        FrameError: it lacks a part.
    """
    try:
        tools = tuple(one if isinstance(one, str) else ToolSpec(**one) for one in frame["tools"])
        messages = tuple(frame["messages"])
        return AskedModel(number(frame, "call"), str(frame["role"]), messages, tools)
    except (KeyError, TypeError) as fault:
        raise FrameError(f"a model call is incomplete: {fault}") from None


@dataclass(frozen=True, slots=True)
class AskedTool:
    """A crew process wants one of the worker's tools run; ``arguments`` is JSON text."""

    call: int
    role: str
    name: str
    arguments: str


def read_tool_call(frame: Mapping[str, Any]) -> AskedTool:
    """Return the call of a ``tool_call`` frame.

    Raises:
        FrameError: it lacks a part.
    """
    try:
        role, name, arguments = (str(frame[key]) for key in ("role", "name", "arguments"))
        return AskedTool(number(frame, "call"), role, name, arguments)
    except KeyError as fault:
        raise FrameError(f"a tool call is incomplete: {fault}") from None


def number(frame: Mapping[str, Any], key: str) -> int:
    """Return the whole number under ``key``.

    Raises:
        FrameError: it is missing or no whole number.
    """
    value = frame.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise FrameError(f"a {frame.get('kind')!r} frame has no {key!r}")
    return value
