"""What a tool is, and what it may see and ask for while it runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from chatcrew.clock import Clock
from chatcrew.ids import ConversationId
from chatcrew.knowledge import Knowledge
from chatcrew.messages import (
    Contact,
    ConversationState,
    Handoff,
    Passage,
    PlannedPart,
    ToolResult,
    ToolSpec,
)
from chatcrew.tenancy.model import Tenant
from chatcrew.tools._archive import Archive
from chatcrew.tools._bounds import Calls
from chatcrew.tools._effects import DirectEffects, Effects


@dataclass(frozen=True, slots=True)
class ToolSettings:
    """How the catalogue calls a tool; a tool without ``settings`` of its own has these.

    Attributes:
        planned: it acts on nothing itself: it leaves acts or a handoff in the context, which the
            turn's decision writes with everything else. So ``Effects`` is not asked.
        approval: an operator has to agree before it acts.
        patience: seconds that he has for it.
        timeout: seconds one call may take.
        limit: calls in one turn.
        parallel: calls at the same time, over all turns of the process.
    """

    planned: bool = False
    approval: bool = False
    patience: float = 1800.0
    timeout: float = 15.0
    limit: int = 6
    parallel: int = 16


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
        turn_id: which turn, the same after a crash; "" outside of one.
        attempt: grows with each attempt of the turn.
        effects: through which tools act outside of Chatwoot.
        archive: what may be read beyond the conversation; None: nothing.
        calls: what this turn has called so far.
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
    turn_id: str = ""
    attempt: int = 0
    effects: Effects = field(default_factory=DirectEffects)
    archive: Archive | None = None
    calls: Calls = field(default_factory=Calls)
    _deadline: float = field(init=False)

    def __post_init__(self) -> None:
        self._deadline = self.clock.monotonic() + self.budget

    @property
    def contact(self) -> Contact:
        """The customer, as Chatwoot knows him or her."""
        return Contact() if self.state is None else self.state.snapshot.contact

    @property
    def proven(self) -> str | None:
        """Which of the customer's ``phone`` and ``email`` the channel vouches for."""
        return None if self.state is None else self.state.snapshot.proven

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


def settings_of(tool: Tool) -> ToolSettings:
    """Return how a tool wants to be called; third parties may leave ``settings`` out."""
    found = getattr(tool, "settings", None)
    return found if isinstance(found, ToolSettings) else ToolSettings()
