"""A crew for tests that calls tools: what it does before it answers is a function of the ask."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from chatcrew.app.foundation import Foundation
from chatcrew.app.rulings import ToolRulings
from chatcrew.clock import Clock, SystemClock
from chatcrew.database import Database
from chatcrew.errors import ModelUnavailable
from chatcrew.ids import ConversationId
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.messages import Answer, Ask, ConversationState, ToolResult
from chatcrew.tenancy.model import Crew, Tenant
from chatcrew.testing._timers_sql import make_due, make_old
from chatcrew.tools import (
    Archive,
    Catalogue,
    Effects,
    LoggedEffects,
    PostgresToolCalls,
    Tool,
    ToolContext,
    builtin_catalogue,
)

__all__ = ["ActingResponder", "Call", "Work", "make_due", "make_old"]

Call = Callable[[str, str], Awaitable[ToolResult]]
"""Calls a tool by name with its arguments as JSON text."""

Work = Callable[[Ask, Call], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class _Turn:
    tenant: Tenant
    conversation: ConversationId
    state: ConversationState | None
    turn_id: str = ""
    fence: int = 0


class ActingResponder:
    """A responder that calls tools of the real catalogue, through the real record of calls.

    Args:
        work: says what the crew does and answers.
        database: where calls are recorded.
        tools: beside the built-in ones.
        clock: time.

    Attributes:
        asked: what the crew was asked.
        archive: what its tools may read beyond the conversation.
    """

    available = True

    def __init__(
        self,
        work: Work,
        *,
        database: Database,
        tools: Sequence[Tool] = (),
        clock: Clock | None = None,
    ) -> None:
        self._work = work
        self._clock = clock or SystemClock()
        self._catalogue: Catalogue = builtin_catalogue()
        for tool in tools:
            self._catalogue.register(tool)
        self.calls = PostgresToolCalls(database, self._clock)
        self.asked: list[Ask] = []
        self.archive: Archive | None = None

    def rulings(self, base: Foundation) -> ToolRulings:
        """Return what operators rule on, for ``running_bot``."""
        return ToolRulings(self.calls, configurations=base.directory, carry_out=self.carry_out)

    async def respond(self, crew: Crew, tenant: Tenant, ask: Ask, *, config: str) -> Answer:
        """Let the crew work; what its tools plan goes with the answer."""
        self.asked.append(ask)
        turn = _Turn(tenant, ask.conversation, ask.state, ask.turn_id, ask.fence)
        context = self._context(turn, LoggedEffects(self.calls, clock=self._clock))
        results: list[str] = []

        async def call(name: str, arguments: str) -> ToolResult:
            if name in self._catalogue.side_effects and ask.committed is not None:
                ask.committed()
            result = await self._catalogue.call(name, arguments, context)
            results.append(result.text)
            return result

        text = await self._work(ask, call)
        return Answer(
            text,
            engine="scripted",
            handoff=context.handoff,
            tool_results=tuple(results),
            acts=tuple(context.acts),
        )

    async def carry_out(
        self, tenant: Tenant, state: ConversationState, *, tool: str, arguments: str, by: Effects
    ) -> ToolResult:
        """Call what an operator has approved."""
        context = self._context(_Turn(tenant, state.id, state), by)
        return await self._catalogue.call(tool, arguments, context)

    async def respond_fast(self, crew: Crew, tenant: Tenant, ask: Ask, *, config: str) -> Answer:
        """Decline."""
        raise ModelUnavailable("no fast model in this test", kind="no_model")

    async def repair(
        self,
        crew: Crew,
        tenant: Tenant,
        ask: Ask,
        *,
        draft: Answer,
        claims: Sequence[str],
        config: str,
    ) -> Answer:
        """Decline."""
        raise ModelUnavailable("nobody mends a draft in this test", kind="no_model")

    def _context(self, turn: _Turn, effects: Effects) -> ToolContext:
        return ToolContext(
            tenant=turn.tenant,
            conversation=turn.conversation,
            knowledge=MemoryKnowledge(),
            clock=self._clock,
            budget=10.0,
            state=turn.state,
            turn_id=turn.turn_id,
            attempt=turn.fence,
            effects=effects,
            archive=self.archive,
        )
