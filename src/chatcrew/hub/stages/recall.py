"""Recall: what was said before in this episode."""

from dataclasses import dataclass

from chatcrew.hub.context import TurnContext
from chatcrew.hub.ports import History


@dataclass(frozen=True, slots=True)
class Recall:
    """Read the newest public lines of the episode, without those of the burst itself."""

    history: History
    name: str = "recall"

    async def __call__(self, ctx: TurnContext) -> None:
        """Set the history."""
        now = {item.line.message_id for item in ctx.claim.burst if item.line is not None}
        limit = ctx.our_crew().history
        lines = await self.history.window(ctx.claim, limit=limit + len(now))
        ctx.history = [line for line in lines if line.message_id not in now][-limit:]
