"""Gives answers again, and keeps those that may be: the hub's side of the kept answers (N7)."""

from dataclasses import dataclass, replace

from chatcrew.clock import Clock
from chatcrew.hub import safe
from chatcrew.hub.answers_port import KeptAnswers
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.messages import Kept, Rung, Wanted

VAIN = "vain"
"""How the rung ends where a question was asked in vain before, so that no model is asked again."""

_NOTHING_KNOWN = frozenset({"declined", "empty"})
_ASKED = frozenset({"crew", "fast", "repair"})
_TRIED = frozenset({*_NOTHING_KNOWN, "cancelled"})


@dataclass(frozen=True, slots=True)
class Again:
    """What was answered before, or asked in vain."""

    kept: KeptAnswers
    clock: Clock

    async def find(self, ctx: TurnContext, question: Wanted | None) -> Kept | None:
        """Return what is kept of a question; a text of "" says that it was asked in vain."""
        if question is None:
            return None
        # Of what the knowledge is not certain of only tools' answers are kept, and ignorance
        if question.sure:
            return await self.kept.find(question)
        read = any(one.cache for one in ctx.our_tenant().tools)
        found = await self.kept.find(question) if read else None
        return found or await self.kept.vain(question)

    def missed(self, ctx: TurnContext, begun: float, *, end: str = "miss") -> None:
        """Write down that no kept answer was given."""
        ctx.rungs.append(Rung("cache", end, round((self.clock.monotonic() - begun) * 1000, 1)))

    async def keep(self, ctx: TurnContext, question: Wanted | None, reply: Reply) -> None:
        """Keep what may be given again: a checked answer of the crew, or that it knew none."""
        # what somebody tries out is no customer's answer
        if question is None or ctx.draft is not None or ctx.claim.key.conversation.simulated:
            return
        turn, life = ctx.claim.key.turn_id, 60.0 * ctx.our_tenant().answers.keep_minutes
        if not question.sure and _in_vain(ctx, reply):
            await self.kept.keep_vain(question, turn=turn, seconds=life)
            return
        if not any(one.name == "crew" and one.end == "answered" for one in ctx.rungs):
            return
        used = safe.tools_used(ctx, reply)
        if used is None or not (question.sure or used[0]) or not safe.repeatable(ctx, reply):
            return
        tools, seconds = used
        await self.kept.keep(
            question,
            text=reply.text,
            turn=turn,
            tools=tools,
            seconds=min(seconds, life),
        )


def given(found: Kept, reply: Reply) -> Reply:
    """Return the reply with what it was spared, for the record and the books (N6).

    ``saved_usd`` is None where the price of the model is not known, which is not nothing.
    """
    kept: dict[str, object] = {
        "from": found.turn,
        "saved_prompt": found.prompt_tokens,
        "saved_completion": found.completion_tokens,
        "saved_usd": found.cost,
    }
    kept |= {"answer": found.id} if found.id else {}
    kept |= {"near": True} if found.near else {}
    kept |= {} if found.text else {VAIN: True}
    return replace(reply, details={**reply.details, "kept": kept})


def _in_vain(ctx: TurnContext, reply: Reply) -> bool:
    """Return whether a model was asked, and the business's facts hold no answer.

    A model that was away or late says nothing of what is known.
    """
    if reply.handoff is None or reply.handoff.reason != "no_answer":
        return False
    ends = {one.end for one in ctx.rungs if one.name in _ASKED}
    crew = any(one.name == "crew" and one.end == "answered" for one in ctx.rungs)
    return crew or (ends <= _TRIED and not ends.isdisjoint(_NOTHING_KNOWN))
