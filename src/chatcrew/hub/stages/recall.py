"""Recall: what was said before in this episode."""

from dataclasses import dataclass

from chatcrew.hub.context import TurnContext
from chatcrew.hub.ports import History
from chatcrew.messages import AuthorKind, Line


@dataclass(frozen=True, slots=True)
class Recall:
    """Read the newest public lines of the episode, without those of the burst itself."""

    history: History
    name: str = "recall"

    async def __call__(self, ctx: TurnContext) -> None:
        """Set the history."""
        # By author too: a choice has the id of the very message of ours that it answers
        now = {_place(item.line) for item in ctx.claim.burst if item.line is not None}
        limit = ctx.our_crew().history
        lines = await self.history.window(ctx.claim, limit=limit + len(now))
        ctx.history = [line for line in lines if _place(line) not in now][-limit:]


def _place(line: Line) -> tuple[int, AuthorKind]:
    return line.message_id, line.author.kind
