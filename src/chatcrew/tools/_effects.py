"""What stands between a tool with side effects and the act itself: once, and only if allowed."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from chatcrew.ids import ConversationId
from chatcrew.messages import ToolResult

Act = Callable[[], Awaitable[ToolResult]]


@dataclass(frozen=True, slots=True)
class EffectCall:
    """One call of a tool that acts outside of Chatwoot.

    Attributes:
        tenant: tenant key.
        conversation: which conversation.
        turn_id: which turn; the same after a crash.
        attempt: grows with each attempt of the turn (the claim's fence).
        tool: name.
        arguments: as they were checked.
        approval: whether an operator has to agree first.
        timeout: seconds the act may take.
        patience: seconds an operator has to agree.
    """

    tenant: str
    conversation: ConversationId
    turn_id: str
    attempt: int
    tool: str
    arguments: Mapping[str, Any]
    approval: bool = False
    timeout: float = 15.0
    patience: float = 1800.0


class Effects(Protocol):
    """Performs acts, each at most once."""

    async def perform(self, call: EffectCall, act: Act) -> ToolResult:
        """Do ``act`` unless it was done already or nobody has approved it yet; say which."""
        ...


class DirectEffects:
    """Does what it is told, for turns that nothing outlives (tests, rehearsals)."""

    async def perform(self, call: EffectCall, act: Act) -> ToolResult:
        """Do it, unless somebody would have to agree: here nobody can."""
        if call.approval:
            return ToolResult(
                ok=False,
                text="Esta ação precisa da aprovação de uma pessoa da equipe. "
                "(This act needs the approval of a person.)",
            )
        return await act()


class DraftEffects:
    """Does nothing, for answers that a person may never send."""

    async def perform(self, call: EffectCall, act: Act) -> ToolResult:
        """Say that it was not done, and who may do it."""
        return ToolResult(
            ok=False,
            text="Nada foi feito: isto é só um rascunho para a equipe, que decide e faz. "
            "Não diga que foi feito. (Only a draft: nothing was done.)",
        )
