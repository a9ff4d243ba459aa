"""Look: still ours, right before a model is asked? What came since admit costs nobody a call."""

from dataclasses import dataclass

from chatcrew.hub.context import TurnContext
from chatcrew.hub.drafting import shut_for
from chatcrew.hub.ports import Turns
from chatcrew.hub.signals import DropTurn


@dataclass(frozen=True, slots=True)
class Look:
    """Look at the row once more: files were opened and knowledge searched meanwhile."""

    turns: Turns
    name: str = "look"

    async def __call__(self, ctx: TurnContext) -> None:
        """Let the turn through; what was said more is recheck's matter.

        Raises:
            DropTurn: people took over meanwhile.
        """
        fresh = await self.turns.recheck(ctx.claim, take=False)
        reason = shut_for(ctx, fresh.state)
        if reason is not None:
            raise DropTurn(reason)
