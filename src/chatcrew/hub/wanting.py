"""Notices what a customer asked and the business's knowledge could not answer."""

from dataclasses import dataclass

from chatcrew.errors import StoreError
from chatcrew.hub.context import TurnContext
from chatcrew.hub.ports import Gaps
from chatcrew.telemetry import get_logger

_log = get_logger("hub")

_REASONS = frozenset({"no_answer", "check"})
"""Why people got a conversation: nothing was known, or what was said stands in no source."""


class Unnoticed:
    """Satisfies ``Gaps`` where nobody wants to know."""

    async def note(self, tenant: str, question: str) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class Wanting:
    """Counts the question of a turn that ended without an answer, once it was sent."""

    gaps: Gaps

    async def __call__(self, ctx: TurnContext) -> None:
        """Count it, or leave it: no customer waits for this, and no turn fails by it."""
        handoff = ctx.reply.handoff if ctx.reply else None
        if handoff is None or handoff.reason not in _REASONS or not ctx.text:
            return
        if ctx.claim.key.conversation.simulated:
            return
        try:
            await self.gaps.note(ctx.our_tenant().key, ctx.text)
        except StoreError as error:
            _log.warning("knowledge.gap_not_noted", error=type(error).__name__)
