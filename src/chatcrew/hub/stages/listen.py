"""Listen: what a turn shows of a dissatisfied customer is kept, labelled and noted (S3-100)."""

from dataclasses import dataclass

from chatcrew.clock import Clock
from chatcrew.errors import StoreError
from chatcrew.hub import complaints
from chatcrew.hub.context import TurnContext
from chatcrew.hub.feedback_port import Feedback, Signal
from chatcrew.messages import ActKind, PlannedPart
from chatcrew.privacy import veil
from chatcrew.telemetry import get_logger

LONGEST = 200
"""Characters kept of what the customer said."""

_WORDS = {
    "complaint": "o cliente está insatisfeito (dissatisfied)",
    "asked": "pediu uma pessoa (asked for a person)",
    "generic": "achou a resposta genérica ou repetida (generic answer)",
    "unable": "o bot não conseguiu atender (the bot could not help)",
}

_log = get_logger("hub")


@dataclass(frozen=True, slots=True)
class Listen:
    """The last look before the decision: nothing of it changes what the customer reads."""

    feedback: Feedback
    clock: Clock
    name: str = "listen"

    async def __call__(self, ctx: TurnContext) -> None:
        """Keep the turn's signals; a turn that is decided once more keeps each once."""
        reply, policy = ctx.reply, ctx.our_tenant().people.feedback
        if reply is None or not ctx.text or ctx.draft is not None:
            return
        kinds = [one for one in complaints.signals(ctx, reply) if one in policy.signals]
        if not kinds:
            return
        ctx.signals = tuple(kinds)
        theirs = not complaints.BY_CUSTOMER.isdisjoint(kinds)
        label = policy.label
        if theirs and label and label not in ctx.claim.state.snapshot.labels:
            ctx.acts = (*ctx.acts, PlannedPart(ActKind.LABELS, {"add": [label]}))
        if theirs and policy.note:
            said = "; ".join(_WORDS[kind] for kind in kinds)
            ctx.note = "\n\n".join(filter(None, [ctx.note, f"👎 Sinal de insatisfação: {said}."]))
        if ctx.claim.key.conversation.simulated:
            return
        try:
            await self.feedback.note([self._signal(ctx, kind) for kind in kinds])
        except StoreError as error:
            # No customer waits for this, and no turn fails by it
            _log.warning("feedback.not_kept", error=type(error).__name__)

    def _signal(self, ctx: TurnContext, kind: str) -> Signal:
        reply = ctx.reply
        return Signal(
            kind=kind,
            tenant=ctx.our_tenant().key,
            conversation=ctx.claim.key.conversation,
            turn_id=ctx.claim.key.turn_id,
            at=self.clock.now(),
            reason=reply.reason if reply else "",
            about=ctx.intent or "",
            function=ctx.crew.function if ctx.crew else "",
            mood=ctx.mood or 0.0,
            said=" ".join(veil(ctx.text).split())[:LONGEST],
        )
