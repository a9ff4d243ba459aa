"""The CrewAI engine: a turn runs in a crew process, every model and tool call is answered here."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

from chatcrew.crews import _wire
from chatcrew.crews._errand import Errand, Reach
from chatcrew.crews._frames import Frame, FrameError
from chatcrew.crews._member import Member, Turn
from chatcrew.crews._pool import CrewPool
from chatcrew.errors import CrewError
from chatcrew.messages import Answer, Ask
from chatcrew.tenancy.model import Crew


class CrewAIEngine:
    """Runs crews of any shape with CrewAI, in the processes of ``pool``."""

    def __init__(self, pool: CrewPool) -> None:
        self._pool = pool

    async def respond(self, crew: Crew, ask: Ask, reach: Reach) -> Answer:
        """Answer within ``ask.budget`` seconds.

        Raises:
            ModelDeadlineExceeded: the budget ended while a model was asked.
            CrewError: the crew failed, its process died, or the budget ended elsewhere.
        """
        errand = Errand(crew, ask, reach, "crewai")
        place = self._pool.turn(tenant=ask.tenant)
        async with errand.in_time(), place as (member, turn):
            return await _run(errand, member, turn)


async def _run(errand: Errand, member: Member, turn: Turn) -> Answer:
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
                    call(_ask_tool(errand, turn, _wire.read_tool_call(event)))
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


async def _ask_model(errand: Errand, turn: Turn, call: _wire.AskedModel) -> Frame:
    """Let the gateway answer one model call."""
    answer = await errand.ask_model(call.role, call.messages, tools=call.tools)
    return _wire.model_answer_frame(turn.number, call.call, answer)


async def _ask_tool(errand: Errand, turn: Turn, call: _wire.AskedTool) -> Frame:
    """Run one tool."""
    result = await errand.ask_tool(call.role, call.name, call.arguments)
    return _wire.tool_answer_frame(turn.number, call.call, result)
