"""Asks a crew: runs its turn in a crew process and answers every model and tool call from here."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from chatcrew.crews import _wire
from chatcrew.crews._frames import Frame, FrameError
from chatcrew.crews._member import Member, Turn
from chatcrew.crews._pool import CrewPool
from chatcrew.errors import CrewError, ModelDeadlineExceeded
from chatcrew.messages import (
    Answer,
    Ask,
    ModelAnswer,
    ModelRequest,
    ToolCall,
    ToolResult,
    ToolSpec,
)
from chatcrew.tenancy.model import Crew, RoleSpec

Complete = Callable[[ModelRequest], Awaitable[ModelAnswer]]
CallTool = Callable[[str, str], Awaitable[ToolResult]]


class CrewAIResponder:
    """Runs crews with CrewAI, in the processes of ``pool``."""

    def __init__(self, pool: CrewPool) -> None:
        self._pool = pool

    async def respond(
        self,
        crew: Crew,
        ask: Ask,
        *,
        complete: Complete,
        call_tool: CallTool,
        tools: Sequence[ToolSpec],
        default_model: str,
        config: str,
        side_effects: Collection[str] = (),
    ) -> Answer:
        """Answer within ``ask.budget`` seconds.

        Args:
            crew: the resolved crew.
            ask: what is asked.
            complete: the worker's gateway; whatever it raises is raised here.
            call_tool: runs a tool by name with its arguments as JSON text; likewise.
            tools: what roles may use of the catalogue; a role gets those of them that it names.
            default_model: model of roles that name none.
            config: version of the configuration.
            side_effects: tools after which no completion of this turn may be cached.

        Raises:
            ModelDeadlineExceeded: the budget ended while a model was asked.
            CrewError: the crew failed, its process died, or the budget ended elsewhere.
        """
        errand = _Errand(
            crew=crew,
            ask=ask,
            complete=complete,
            call_tool=call_tool,
            tools={spec.name: spec for spec in tools},
            default_model=default_model,
            config=config,
            side_effects=frozenset(side_effects),
            until=time.monotonic() + ask.budget,
        )
        try:
            async with asyncio.timeout(ask.budget), self._pool.turn() as (member, turn):
                return await _run(errand, member, turn)
        except TimeoutError:
            if errand.asking:
                message = "the crew's time ended while a model was asked"
                raise ModelDeadlineExceeded(message, kind="timeout") from None
            raise CrewError(crew.name, message="no answer within its time") from None


@dataclass(slots=True)
class _Errand:
    """One turn's facts and what came of it so far."""

    crew: Crew
    ask: Ask
    complete: Complete
    call_tool: CallTool
    tools: dict[str, ToolSpec]
    default_model: str
    config: str
    side_effects: frozenset[str]
    until: float
    cacheable: bool = True
    asking: int = 0
    model_calls: int = 0
    tool_results: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    model: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def role(self, name: str) -> RoleSpec:
        """Return the settings of a role; CrewAI's own manager has those of the first."""
        return next((role for role in self.crew.roles if role.name == name), self.crew.roles[0])

    def answer(self, text: str) -> Answer:
        """Return what came of it.

        Raises:
            CrewError: nothing did.
        """
        if not text.strip() and not self.tool_results:
            raise CrewError(self.crew.name, message="its last role answered nothing")
        return Answer(
            text=text,
            engine="crewai",
            passages=tuple(self.ask.passages),
            tool_results=tuple(self.tool_results),
            model_calls=self.model_calls,
            details={
                "roles": self.roles,
                "model": self.model,
                "prompt_tokens": self.prompt_tokens,
                "completion_tokens": self.completion_tokens,
            },
        )


async def _run(errand: _Errand, member: Member, turn: Turn) -> Answer:
    """Start the turn and serve it until it ended."""
    crew = errand.crew
    script = _wire.script(crew, errand.ask.inputs, offered=list(errand.tools))
    try:
        member.send(_wire.start_frame(turn.number, script))
    except FrameError as fault:
        member.forget(turn)
        raise CrewError(crew.name, message=str(fault)) from None
    async with _calls(turn) as call:
        while True:
            event = await turn.inbox.get()
            if event is None:
                raise CrewError(crew.name, message=f"its process is gone: {member.why_gone}")
            try:
                if isinstance(event, asyncio.Task):
                    member.send(event.result())
                elif event["kind"] == _wire.MODEL_CALL:
                    call(_ask_model(errand, turn, _wire.read_model_call(event)))
                elif event["kind"] == _wire.TOOL_CALL:
                    call(_ask_tool(errand, turn, *_wire.read_tool_call(event)))
                elif event["kind"] == _wire.DONE:
                    return errand.answer(str(event.get("text", "")))
                else:
                    raise CrewError(crew.name, message=str(event.get("why", "it failed")))
            except FrameError as fault:
                raise CrewError(crew.name, message=str(fault)) from None


@contextlib.asynccontextmanager
async def _calls(turn: Turn) -> AsyncIterator[Callable[[Coroutine[Any, Any, Frame]], None]]:
    """Yield a starter of calls; each ends in the turn's inbox, none outlives the block."""
    tasks: set[asyncio.Task[Frame]] = set()

    def start(call: Coroutine[Any, Any, Frame]) -> None:
        task = asyncio.create_task(call)
        tasks.add(task)
        task.add_done_callback(turn.inbox.put_nowait)

    try:
        yield start
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _ask_model(errand: _Errand, turn: Turn, call: _wire.ModelCall) -> Frame:
    """Let the gateway answer one model call."""
    role = errand.role(call.role)
    tools = (errand.tools.get(one) if isinstance(one, str) else one for one in call.tools)
    request = ModelRequest(
        tenant=errand.ask.tenant,
        model=role.model or errand.default_model,
        messages=call.messages,
        tools=tuple(spec for spec in tools if spec is not None),
        temperature=role.temperature,
        max_tokens=role.max_tokens,
        budget=max(0.0, errand.until - time.monotonic()),
        turn_id=errand.ask.turn_id,
        role=call.role,
        config=errand.config,
        cacheable=errand.cacheable,
    )
    errand.model_calls += 1
    if call.role not in errand.roles:
        errand.roles.append(call.role)
    errand.asking += 1
    answer = await errand.complete(request)
    errand.asking -= 1
    errand.model = answer.model or request.model
    errand.prompt_tokens += answer.usage.prompt_tokens
    errand.completion_tokens += answer.usage.completion_tokens
    return _wire.model_answer_frame(turn.number, call.call, answer)


async def _ask_tool(errand: _Errand, turn: Turn, number: int, call: ToolCall) -> Frame:
    """Run one tool; the crew process can name only those that were offered."""
    if call.name not in errand.tools:
        result = ToolResult(ok=False, text=f"There is no tool {call.name!r}.")
        return _wire.tool_answer_frame(turn.number, number, result)
    if call.name in errand.side_effects:
        # Before it runs: another branch may ask a model meanwhile.
        errand.cacheable = False
    result = await errand.call_tool(call.name, call.arguments)
    if result.ok:
        # What a tool complains of may quote the model, which is no source for what the model says.
        errand.tool_results.append(result.text)
    return _wire.tool_answer_frame(turn.number, number, result)
