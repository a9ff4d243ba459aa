"""Retrieve: what the business knows about the question, each piece with its file and line."""

from dataclasses import dataclass

from chatcrew.hub.context import TurnContext
from chatcrew.hub.ports import Knowledge

LIMIT = 5


@dataclass(frozen=True, slots=True)
class Retrieve:
    """Search the tenant's own knowledge."""

    knowledge: Knowledge
    name: str = "retrieve"

    async def __call__(self, ctx: TurnContext) -> None:
        """Set the passages."""
        found = await self.knowledge.search(ctx.our_tenant().key, ctx.text, limit=LIMIT)
        ctx.passages = tuple(found)
