"""Check: nothing leaves that is invented, too long for the channel, or a secret."""

from collections.abc import Callable
from dataclasses import dataclass

from chatcrew.clock import Clock
from chatcrew.hub import grounding, leaks, texts
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.messages import Handoff, Rung


@dataclass(frozen=True, slots=True)
class Check:
    """The last look at the words; what fails goes to people instead."""

    clock: Clock
    confidential: Callable[[str], bool]
    name: str = "check"

    async def __call__(self, ctx: TurnContext) -> None:
        """Leave the reply as it is, or replace it by an honest handoff."""
        reply = ctx.reply
        if reply is None:
            raise RuntimeError("check runs after something set the reply")
        if grounding.has_secret(reply.text) or self.confidential(reply.text):
            ctx.rungs.append(Rung("check", "secret"))
            ctx.reply = _instead(ctx)
            return
        if reply.trusted:
            return
        if (kind := leaks.leak(ctx, reply.text)) is not None:
            ctx.rungs.append(Rung("check", f"leak_{kind}"))
            ctx.reply = _instead(ctx)
            return
        day = grounding.today(ctx, self.clock.now())
        sources = grounding.of_turn(ctx, day=day, passages=reply.passages, found=reply.sources)
        if found := sources.unfounded(reply.text):
            ctx.rungs.append(Rung("check", f"unfounded_{found[0].kind}"))
            ctx.reply = _instead(ctx)


def _instead(ctx: TurnContext) -> Reply:
    words = texts.text(ctx.tenant, "handoff_no_answer", language=ctx.language)
    return Reply(words, engine="template", reason="check", handoff=Handoff("check"), trusted=True)
