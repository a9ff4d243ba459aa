"""What a tool is, and what it may see and ask for while it runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from chatcrew.clock import Clock
from chatcrew.ids import ConversationId
from chatcrew.knowledge import Knowledge
from chatcrew.messages import (
    ConversationState,
    Handoff,
    Passage,
    PlannedPart,
    ToolResult,
    ToolSpec,
)
from chatcrew.tenancy.model import Tenant


@dataclass(slots=True)
class ToolContext:
    """One turn as its tools see it; they leave here what the turn has to know.

    Attributes:
        tenant: whose turn.
        conversation: which conversation.
        knowledge: where to search; only ever as ``tenant`` and in its version.
        clock: time.
        budget: seconds left for the whole turn when the context was made.
        contact_name: the customer's name, or "".
        passages: knowledge that tools found, which figures and links in the reply may stand in.
        handoff: set by a tool that gives the conversation to people; the last one counts.
        acts: what tools want done to conversation and contact; done after the reply, in order.
        state: the conversation as the turn knows it; None outside of turns.
    """

    tenant: Tenant
    conversation: ConversationId
    knowledge: Knowledge
    clock: Clock
    budget: float
    contact_name: str = ""
    passages: list[Passage] = field(default_factory=list)
    handoff: Handoff | None = None
    acts: list[PlannedPart] = field(default_factory=list)
    state: ConversationState | None = None
    _deadline: float = field(init=False)

    def __post_init__(self) -> None:
        self._deadline = self.clock.monotonic() + self.budget

    def left(self) -> float:
        """Return the seconds left for the turn, never below zero."""
        return max(0.0, self._deadline - self.clock.monotonic())

    def note(self, passages: list[Passage]) -> None:
        """Keep passages for the turn, each source once."""
        known = {passage.source for passage in self.passages}
        self.passages.extend(passage for passage in passages if passage.source not in known)


class Tool(Protocol):
    """Something a role may do beside writing."""

    @property
    def spec(self) -> ToolSpec:
        """Name, purpose and arguments as the model reads them."""
        ...

    @property
    def side_effects(self) -> bool:
        """Whether calling it changes anything; afterwards no completion of the turn is cached."""
        ...

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Do it; ``arguments`` fit ``spec.parameters``. A refusal is a result with ``ok=False``."""
        ...
