"""Decide: write every part of the reply and the turn's record in one transaction."""

from dataclasses import dataclass

from chatcrew.clock import Clock
from chatcrew.hub import citing, collecting, consenting, drafting, idle, parts
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.draft_port import Drafts
from chatcrew.hub.duties import duties
from chatcrew.hub.measure import record
from chatcrew.hub.ports import Rulings, Turns
from chatcrew.messages import ActKind, Outcome

SOURCES = 5
TOOLS = 8
"""Most sources of an answer that its message names; the turn's record has them all."""


@dataclass(frozen=True, slots=True)
class Decide:
    """From here on a crash no longer changes what the customer reads, only when."""

    turns: Turns
    clock: Clock
    rulings: Rulings
    drafts: Drafts
    name: str = "decide"

    async def __call__(self, ctx: TurnContext) -> None:
        """Store the decision."""
        reply = ctx.reply
        if reply is None:
            raise RuntimeError("decide runs after something set the reply")
        if ctx.draft is not None:
            await self._draft(ctx, reply)
            return
        reply = ctx.reply = consenting.asked_now(ctx, reply)
        collecting.collect(ctx, clock=self.clock)
        citing.note(ctx, reply)
        outcome = Outcome.REPLIED if reply.handoff is None else Outcome.HANDED_OFF
        trace = self._trace(ctx, reply)
        owed = await duties(ctx, self.rulings)
        owed += idle.planned(ctx, reply, duties=owed, now=self.clock.now())
        planned = parts.plan(ctx, reply, trace=trace, duties=owed)
        ctx.pauses = parts.pauses(planned)
        ctx.said = sum(part.kind is ActKind.MESSAGE for part in planned)
        ctx.decided = await self.turns.decide(
            ctx.claim, planned, record=record(ctx, outcome=outcome, reason=reply.reason)
        )

    async def _draft(self, ctx: TurnContext, reply: Reply) -> None:
        """Store the reply as what it is to the team; what nobody has said changes no topic."""
        ctx.topic = None
        citing.note(ctx, reply)
        suggestion = drafting.suggested(ctx, reply)
        if suggestion is not None:
            await self.drafts.keep(suggestion)
        owed = await duties(ctx, self.rulings, said=False)
        trace = {**self._trace(ctx, reply), "draft": str(ctx.draft)}
        planned = drafting.plan(ctx, reply, suggestion, trace=trace, duties=owed)
        ctx.decided = await self.turns.decide(ctx.claim, planned, record=drafting.recorded(ctx))

    def _trace(self, ctx: TurnContext, reply: Reply) -> dict[str, object]:
        return {
            "turn": ctx.claim.key.turn_id,
            "engine": reply.engine,
            "reason": reply.reason,
            "config": ctx.configuration.version,
            "rungs": [[rung.name, rung.end, round(rung.ms)] for rung in ctx.rungs],
            "sources": [one.source for one in reply.passages[:SOURCES]],
            **_asked(reply),
            "ms": round((self.clock.now() - ctx.claim.last_word_at).total_seconds() * 1000),
        }


def _asked(reply: Reply) -> dict[str, object]:
    """Return which tools roles asked for this reply, where there were any."""
    asked = reply.details.get("tools")
    return {"tools": asked[:TOOLS]} if isinstance(asked, list) else {}
